import { z } from "zod";
import { command, query } from "../contract/index.ts";
import { latticePath, onHostSchema } from "./inputs.ts";
import {
  componentRowSchema,
  hostRowSchema,
  latticeScopeSchema,
  linkRowSchema,
  providerRowSchema,
} from "./schema.ts";

const onHost = `${latticePath}/hosts/{hostId}` as const;

const elsewhereSchema = z.array(
  z.object({ hostId: z.string(), hostName: z.string(), maxInstances: z.number().optional() }),
);

/** What a host's end would take with it. */
export const stopPreviewSchema = z.object({
  host: hostRowSchema,
  components: z.array(componentRowSchema.extend({ elsewhere: elsewhereSchema })),
  providers: z.array(providerRowSchema.extend({ elsewhere: elsewhereSchema })),
  lost: z
    .object({ components: z.array(z.string()), providers: z.array(z.string()) })
    .describe("Ids that run nowhere else, as far as is known."),
  links: z.array(linkRowSchema).describe("Links that would lose an end."),
  warnings: z.array(z.string()),
  readAt: z.iso.datetime(),
});
export type StopPreview = z.infer<typeof stopPreviewSchema>;

const labelKeySchema = z
  .string()
  .max(256)
  .refine((text) => text.trim() !== "", "a label needs a key");
const onLabelSchema = onHostSchema.extend({ key: labelKeySchema });
const labelValueSchema = z.string().max(4_096);

/** What a change of a label would do. */
export const labelPreviewSchema = z.object({
  hostId: z.string(),
  hostName: z.string(),
  key: z.string(),
  now: z.string().optional().describe("Absent: not set."),
  after: z.string().optional().describe("Absent: not set any more."),
  effect: z.enum(["added", "changed", "removed", "same"]),
  refused: z.string().optional().describe("Why the host would refuse it."),
  warnings: z.array(z.string()),
});
export type LabelPreview = z.infer<typeof labelPreviewSchema>;

/** Operations on the hosts of a lattice and their labels. */
export const hostOperations = {
  "lattice.hosts.list": query({
    method: "GET",
    path: `${latticePath}/hosts`,
    summary: "Lists the hosts of a lattice as last known.",
    refresh: "live",
    input: latticeScopeSchema,
    output: z.array(hostRowSchema),
  }),
  "lattice.hosts.get": query({
    method: "GET",
    path: onHost,
    summary: "Reads one host's inventory from the host itself.",
    refresh: "once",
    input: onHostSchema,
    output: z.object({
      host: hostRowSchema,
      components: z.array(componentRowSchema),
      providers: z.array(providerRowSchema),
      raw: z.unknown().describe("The inventory as the host sent it."),
      readAt: z.iso.datetime(),
    }),
  }),
  "lattice.hosts.preview-stop": query({
    method: "GET",
    path: `${onHost}/preview-stop`,
    summary: "Shows what runs on a host and what would be lost with it.",
    refresh: "once",
    input: onHostSchema,
    output: stopPreviewSchema,
  }),
  "lattice.hosts.stop": command({
    method: "POST",
    path: `${onHost}/stop`,
    summary: "Shuts a host down with everything that runs on it.",
    hazard: "destructive",
    input: onHostSchema.extend({
      timeoutMs: z
        .number()
        .int("a whole number")
        .min(1, "0 is a deadline in the past")
        .max(600_000, "at most 10 minutes")
        .optional()
        .describe("Milliseconds for the shutdown work; the host's own default is 10 s."),
    }),
    title: (input) => `Stop host ${input.hostId.slice(0, 8)}`,
  }),
  "lattice.labels.preview": query({
    method: "POST",
    path: `${onHost}/labels/{key}/preview`,
    summary: "Shows what putting a label (or, without a value, deleting it) would do.",
    refresh: "once",
    input: onLabelSchema.extend({ value: labelValueSchema.optional() }),
    output: labelPreviewSchema,
  }),
  "lattice.labels.put": command({
    method: "PUT",
    path: `${onHost}/labels/{key}`,
    summary: "Sets a label of a host until the host restarts.",
    hazard: "change",
    input: onLabelSchema.extend({ value: labelValueSchema }),
    title: (input) => `Set label ${input.key}=${input.value}`,
  }),
  "lattice.labels.delete": command({
    method: "DELETE",
    path: `${onHost}/labels/{key}`,
    summary: "Removes a label of a host.",
    hazard: "change",
    input: onLabelSchema,
    title: (input) => `Delete label ${input.key}`,
  }),
};
