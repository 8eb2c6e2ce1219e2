import { z } from "zod";
import { command, local, query } from "../contract/index.ts";
import { flowfabricPath, keyIdSchema, onServerSchema, partitionSchema, secretHexSchema } from "./inputs.ts";
import {
  partitionKeysSchema,
  rotationPreviewSchema,
  rotationRowSchema,
  rotationWaySchema,
} from "./rotation-schema.ts";

const rotations = `${flowfabricPath}/rotations` as const;

const onRotationSchema = onServerSchema.extend({
  rotationId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "the id of a rotation"),
});

const startSchema = onServerSchema.extend({
  way: rotationWaySchema.describe("Through the server (http), or partition by partition at Valkey (direct)."),
  keyId: keyIdSchema,
  secretHex: secretHexSchema.optional(),
  partitions: z
    .number()
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe("How many to expect where nobody can be asked: 256 on Valkey, 1 on Postgres and SQLite."),
});

/** Operations on the keys that sign waitpoint tokens (flowfabric-admin §3). */
export const rotationOperations = {
  "flowfabric.rotations.list": query({
    method: "GET",
    path: rotations,
    summary: "Lists the rotations made from here, newest first.",
    refresh: "live",
    input: onServerSchema,
    output: z.array(rotationRowSchema),
  }),
  "flowfabric.rotations.get": query({
    method: "GET",
    path: `${rotations}/{rotationId}`,
    summary: "Shows one rotation with each of its partitions.",
    refresh: "live",
    input: onRotationSchema,
    output: rotationRowSchema,
  }),
  "flowfabric.rotations.preview": query({
    method: "GET",
    path: `${flowfabricPath}/rotation-preview`,
    summary: "Says what is known before a rotation: partitions, key ids in use, what stands in the way.",
    refresh: "once",
    input: onServerSchema,
    output: rotationPreviewSchema,
  }),
  "flowfabric.rotations.export": query({
    method: "GET",
    path: `${rotations}/{rotationId}/export`,
    summary: "Exports the evidence of one rotation as CSV or JSON, without the secret.",
    refresh: "once",
    input: onRotationSchema.extend({ format: z.enum(["csv", "json"]).default("csv") }),
    output: z.object({ fileName: z.string(), mediaType: z.string(), text: z.string() }),
    download: true,
  }),
  "flowfabric.rotations.start": command({
    method: "POST",
    path: rotations,
    summary: "Installs a new signing key on every partition and keeps its secret until all of them have it.",
    hazard: "change",
    input: startSchema,
    title: (input) => `Rotate the waitpoint secret to ${input.keyId}`,
    target: (input) => ({ kind: "rotation", id: input.keyId, label: `Key ${input.keyId}` }),
    redact: ({ secretHex: _secret, ...input }) => input,
  }),
  "flowfabric.rotations.retry": command({
    method: "POST",
    path: `${rotations}/{rotationId}/retry`,
    summary: "Sends the same key and secret again to the partitions that do not have them yet.",
    hazard: "change",
    input: onRotationSchema,
    title: () => "Retry the rotation with the same key",
    target: ({ rotationId }) => ({ kind: "rotation", id: rotationId, label: "Unfinished rotation" }),
  }),
  "flowfabric.rotations.stop": local({
    method: "POST",
    path: `${rotations}/{rotationId}/stop`,
    summary: "Sends to no further partition; the rotation stays unfinished and can be retried.",
    input: onRotationSchema,
    output: rotationRowSchema,
  }),
  "flowfabric.rotations.abandon": command({
    method: "POST",
    path: `${rotations}/{rotationId}/abandon`,
    summary:
      "Gives up an unfinished rotation and destroys its secret, so that a fresh key can be rotated in.",
    hazard: "destructive",
    input: onRotationSchema,
    title: () => "Abandon the unfinished rotation",
    target: ({ rotationId }) => ({ kind: "rotation", id: rotationId, label: "Unfinished rotation" }),
  }),
  "flowfabric.partitions.list": query({
    method: "GET",
    path: `${flowfabricPath}/partitions`,
    summary: "Reads the key ids of each partition from Valkey.",
    refresh: { everyMs: 15_000, requests: (keys) => (keys?.length ?? 256) + 1 },
    input: onServerSchema.extend({ from: partitionSchema.optional(), to: partitionSchema.optional() }),
    output: z.array(partitionKeysSchema),
  }),
};
