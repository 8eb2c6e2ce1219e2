import { z } from "zod";
import { type ActivityTarget, command, query } from "../contract/index.ts";
import { fluxWorkloadIdSchema } from "./ids.ts";
import { imageNameSchema } from "./image-reference.ts";
import { onDaemonPath } from "./inputs.ts";
import { policyChangesSchema } from "./policies.ts";
import { causeShape, formatRelease, formatWorkloads, releaseSchema } from "./release.ts";
import { onDaemonSchema, workloadResultSchema } from "./schema.ts";

const releaseInput = onDaemonSchema.extend({ release: releaseSchema, ...causeShape });

const policyInput = onDaemonSchema.extend({
  workloads: z.array(fluxWorkloadIdSchema).min(1, "choose at least one workload").max(500),
  changes: policyChangesSchema,
  ...causeShape,
});

/** What a release would do (flux-rpc §3.9, `plan`). */
export const releasePreviewSchema = z.object({
  daemonId: z.string(),
  jobId: z.string(),
  results: z.array(workloadResultSchema).describe("Sorted by id."),
  changes: z.number().int().describe("Workloads that would change."),
  diff: z.string().describe("The changed lines, as a unified diff."),
  warnings: z.array(z.string()),
  locks: z
    .record(z.string(), z.string())
    .describe("Locked workloads among the results: by whom and why, where that is known."),
});
export type ReleasePreview = z.infer<typeof releasePreviewSchema>;

export const policyPreviewSchema = z.object({
  workloads: z.array(
    z.object({
      id: z.string(),
      effect: z.enum(["changed", "same", "refused"]),
      refusal: z.string().optional(),
      before: z.record(z.string(), z.string()),
      after: z.record(z.string(), z.string()),
    }),
  ),
  warnings: z.array(z.string()),
});
export type PolicyPreview = z.infer<typeof policyPreviewSchema>;

/** `sync_only` ignores nothing: only garbage collection leaves the workload alone (flux-rpc §3.1.6). */
const ignoreMessages = {
  true: "ignore",
  sync_only: "turn off garbage collection of",
  off: "stop ignoring",
};

/** What a policy change does, in a few words. */
export function formatPolicies(changes: z.infer<typeof policyChangesSchema>): string {
  const parts: string[] = [];
  if (changes.automated !== undefined) parts.push(changes.automated ? "automate" : "deautomate");
  if (changes.locked !== undefined) parts.push(changes.locked ? "lock" : "unlock");
  if (changes.ignore) parts.push(ignoreMessages[changes.ignore]);
  if (changes.tagAll || Object.keys(changes.tags ?? {}).length > 0) parts.push("filter tags of");
  return parts.join(", ");
}

function onWorkloads(input: { daemonId: string }, label: string): ActivityTarget {
  return { kind: "workload", id: label, label: `${label} at ${input.daemonId}`, hostId: input.daemonId };
}

function onDaemon(input: { daemonId: string }): ActivityTarget {
  return { kind: "daemon", id: input.daemonId, label: input.daemonId };
}

/** Operations that change something in git, or make the daemon act. */
export const fluxChangeOperations = {
  "flux.release.preview": query({
    method: "POST",
    path: `${onDaemonPath}/release/preview`,
    summary: "Lets the daemon work out a release without committing anything; this may take a minute.",
    refresh: "once",
    input: releaseInput,
    output: releasePreviewSchema,
  }),
  "flux.release": command({
    method: "POST",
    path: `${onDaemonPath}/release`,
    summary: "Releases images by a commit that the daemon then applies.",
    hazard: "change",
    input: releaseInput,
    title: (input) => `Release ${formatRelease(input.release)}`,
    target: (input) => onWorkloads(input, releasedWorkloads(input.release)),
  }),
  "flux.policy.preview": query({
    method: "POST",
    path: `${onDaemonPath}/policy/preview`,
    summary: "Shows the policies of workloads before and after a change.",
    refresh: "once",
    input: policyInput,
    output: policyPreviewSchema,
  }),
  "flux.policy.update": command({
    method: "POST",
    path: `${onDaemonPath}/policy`,
    summary: "Automates, locks, ignores or filters tags of workloads by a commit.",
    hazard: "change",
    input: policyInput,
    title: (input) => `${sentence(formatPolicies(input.changes))} ${formatWorkloads(input.workloads)}`,
    target: (input) => onWorkloads(input, formatWorkloads(input.workloads)),
  }),
  "flux.sync.start": command({
    method: "POST",
    path: `${onDaemonPath}/sync`,
    summary: "Makes the daemon fetch its repository and apply it now.",
    hazard: "change",
    input: onDaemonSchema.extend(causeShape),
    title: () => "Sync now",
    target: onDaemon,
  }),
  "flux.notify": command({
    method: "POST",
    path: `${onDaemonPath}/notify`,
    summary: "Tells the daemon that a repository or an image has changed, so that it looks now.",
    hazard: "change",
    input: onDaemonSchema.extend({
      change: z.discriminatedUnion("kind", [
        z.object({
          kind: z.literal("git"),
          url: z
            .string()
            .trim()
            .max(1_000)
            .refine(
              (url) => !/:\/\/[^/@]*:[^/@]*@/.test(url),
              "leave the password out: it would be written down",
            )
            .default("")
            .describe("Without it, the daemon's own."),
          branch: z.string().trim().max(250).default("").describe("Without it, the daemon's own."),
        }),
        z.object({ kind: z.literal("image"), image: imageNameSchema }),
      ]),
    }),
    title: (input) =>
      input.change.kind === "git" ? "Tell of a git change" : `Tell of a new ${input.change.image}`,
    target: onDaemon,
  }),
  "flux.repo.rotate-key": command({
    method: "POST",
    path: `${onDaemonPath}/repo/rotate-key`,
    summary: "Makes a new SSH key at once; the daemon reaches git again when the new key is installed there.",
    hazard: "destructive",
    input: onDaemonSchema,
    title: () => "Make a new SSH key",
    target: (input) => ({ kind: "repository", id: input.daemonId, label: `repository of ${input.daemonId}` }),
  }),
};

function releasedWorkloads(release: z.infer<typeof releaseSchema>): string {
  return formatWorkloads(release.kind === "image" ? release.workloads : Object.keys(release.updates));
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
