import { z } from "zod";
import { allLatestImages, allWorkloads, fluxWorkloadIdSchema } from "./ids.ts";
import { releasableImageSchema } from "./image-reference.ts";

const workloadsSchema = z.union([
  z.literal(allWorkloads),
  z.array(fluxWorkloadIdSchema).min(1, "choose at least one workload").max(1_000),
]);

/** What to release (flux-rpc §3.1.7): one image or the newest ones to workloads, or exact images to chosen containers. */
export const releaseSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("image"),
    workloads: workloadsSchema,
    image: releasableImageSchema,
    excludes: z.array(fluxWorkloadIdSchema).max(1_000).default([]),
    force: z.boolean().default(false).describe("Also where it is locked; only with named workloads."),
  }),
  z.object({
    kind: z.literal("containers"),
    updates: z
      .record(
        fluxWorkloadIdSchema,
        z
          .array(
            z.object({
              container: z.string().min(1),
              current: z.string().min(1).optional().describe("Only if it still runs this."),
              target: releasableImageSchema,
            }),
          )
          .min(1),
      )
      .refine((updates) => Object.keys(updates).length > 0, "choose at least one container"),
    skipMismatches: z.boolean().default(false),
    force: z.boolean().default(false),
  }),
]);
export type Release = z.infer<typeof releaseSchema>;

/** What is wrong with an author; git takes any text without an address as a search among the authors so far (flux-rpc §3.1.7). */
export function authorProblem(user: string): string | undefined {
  const text = user.trim();
  // In two steps: one expression for both would try every letter as the one that is needed.
  const [, name = ""] = /^([^<>\r\n]*) <[^<>\s]+>$/.exec(text) ?? [];
  if (text === "" || /[\p{L}\p{N}]/u.test(name)) return undefined;
  return "write Name <email>: anything else would commit in another author's name";
}

/** Who asks, and the commit's message (flux-rpc §3.1.7). */
export const causeShape = {
  user: z
    .string()
    .trim()
    .max(200)
    .superRefine((user, context) => {
      const problem = authorProblem(user);
      if (problem) context.addIssue(problem);
    })
    .default("")
    .describe("Name <email>, the author of the commit; empty: the daemon's own."),
  message: z.string().trim().max(2_000).default("").describe("Message of the commit."),
};

/** A release in a few words. */
export function formatRelease(release: Release): string {
  if (release.kind === "containers") {
    const ids = Object.keys(release.updates);
    return ids.length === 1
      ? `chosen containers of ${ids[0]}`
      : `chosen containers of ${ids.length} workloads`;
  }
  const image = release.image === allLatestImages ? "the newest images" : release.image;
  return `${image} to ${formatWorkloads(release.workloads)}`;
}

/** One workload by name, more by number. */
export function formatWorkloads(workloads: string | readonly string[]): string {
  if (typeof workloads === "string") return "all workloads";
  return workloads.length === 1 ? (workloads[0] as string) : `${workloads.length} workloads`;
}
