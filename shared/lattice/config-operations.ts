import { z } from "zod";
import { command, failureSchema, query } from "../contract/index.ts";
import { configNameSchema, latticePath, recordedValues } from "./inputs.ts";
import { latticeScopeSchema, linkRowSchema, stringMapSchema } from "./schema.ts";

const onConfig = `${latticePath}/configs/{name}` as const;
const onConfigSchema = latticeScopeSchema.extend({ name: configNameSchema });
const putConfigSchema = onConfigSchema.extend({
  values: stringMapSchema.describe("The whole config: it replaces what is stored."),
});

/** The names of a lattice's configs, as far as they can be known. */
const configListSchema = z.object({
  configs: z.array(z.object({ name: z.string(), secret: z.boolean() })),
  complete: z
    .boolean()
    .describe("All there are; otherwise only those that links, our own commands or events name."),
  source: z.enum(["bucket", "known"]),
  problem: failureSchema.optional().describe("Why the bucket could not be read."),
  readAt: z.iso.datetime(),
});

const configSchema = z.object({
  name: z.string(),
  secret: z.boolean().describe("A secret reference: its values are not shown."),
  values: stringMapSchema,
  readAt: z.iso.datetime(),
});

const possibleSchema = z
  .boolean()
  .optional()
  .describe("It may use it: the outcome of the command that named it is open.");

/** Who uses a config, as far as links and our own commands tell. */
export const configUsageSchema = z.object({
  name: z.string(),
  links: z.array(
    z.object({ link: linkRowSchema, side: z.enum(["source", "target"]), possible: possibleSchema }),
  ),
  workloads: z.array(
    z.object({
      kind: z.enum(["component", "provider"]),
      id: z.string(),
      hostId: z.string(),
      hostName: z.string(),
      running: z.boolean(),
      possible: possibleSchema,
    }),
  ),
  note: z.string().describe("What cannot be known."),
});
export type ConfigUsage = z.infer<typeof configUsageSchema>;

/** What a put would change. */
export const configPreviewSchema = z.object({
  name: z.string(),
  exists: z.boolean(),
  secret: z.boolean(),
  entries: z.array(
    z.object({
      key: z.string(),
      now: z.string().optional(),
      after: z.string().optional(),
      effect: z.enum(["added", "changed", "removed", "same"]),
    }),
  ),
  usage: configUsageSchema,
  warnings: z.array(z.string()),
  basis: z.string().describe("Changes whenever what is stored does; hand it to the put."),
});
export type ConfigPreview = z.infer<typeof configPreviewSchema>;

/** Operations on the named configs of a lattice. */
export const configOperations = {
  "lattice.configs.list": query({
    method: "GET",
    path: `${latticePath}/configs`,
    summary: "Lists the names of configs: from the JetStream bucket where the account may read it.",
    refresh: "by hand",
    input: latticeScopeSchema,
    output: configListSchema,
  }),
  "lattice.configs.get": query({
    method: "GET",
    path: onConfig,
    summary: "Reads a config; the values of secret references are not shown.",
    refresh: "by hand",
    input: onConfigSchema,
    output: configSchema,
  }),
  "lattice.configs.usage": query({
    method: "GET",
    path: `${onConfig}/usage`,
    summary: "Tells who uses a config, from links and from commands of this console.",
    refresh: { everyMs: 3_000, requests: 0 },
    input: onConfigSchema,
    output: configUsageSchema,
  }),
  "lattice.configs.preview-put": query({
    method: "POST",
    path: `${onConfig}/preview-put`,
    summary: "Shows key by key what a put would change.",
    refresh: { everyMs: 3_000 },
    input: putConfigSchema,
    output: configPreviewSchema,
  }),
  "lattice.configs.put": command({
    method: "PUT",
    path: onConfig,
    summary: "Stores a config as a whole; who uses it gets the new values at once.",
    hazard: "change",
    input: putConfigSchema.extend({
      basis: z
        .string()
        .optional()
        .describe("Of the preview; refused as a conflict when the config was changed since."),
    }),
    title: (input) => `Put config ${input.name} (${keyCount(input.values)})`,
    redact: (input) => ({ ...input, values: recordedValues(input.name, input.values) }),
  }),
  "lattice.configs.delete": command({
    method: "DELETE",
    path: onConfig,
    summary: "Deletes a config; who uses it sees an empty one.",
    hazard: "destructive",
    input: onConfigSchema,
    title: (input) => `Delete config ${input.name}`,
  }),
};

function keyCount(values: Record<string, string>): string {
  const count = Object.keys(values).length;
  return count === 1 ? "1 key" : `${count} keys`;
}
