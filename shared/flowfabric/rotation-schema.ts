import { z } from "zod";
import { connectionIdSchema } from "../connections/schema.ts";
import { keyIdSchema } from "./inputs.ts";

/** How a rotation reaches the partitions: through the server's one route, or by a call to each partition's Valkey. */
export const rotationWaySchema = z.enum(["http", "direct"]);
export type RotationWay = z.infer<typeof rotationWaySchema>;

/** Grace of a direct rotation, in milliseconds: pinned by the embedded client (flowfabric-admin §3.5). */
export const directGraceMs = 86_400_000;

/**
 * What is known of one partition: `done` is HTTP's "rotated or already there", which it does not tell apart;
 * `overtaken` means that it now signs with a key of somebody else.
 */
export const partitionStates = [
  "waiting",
  "sending",
  "rotated",
  "already",
  "done",
  "failed",
  "unknown",
  "overtaken",
] as const;
export type PartitionState = (typeof partitionStates)[number];

/** Why a partition failed, by what has to be done about it. */
const partitionFailureSchema = z.object({
  class: z.enum(["conflict", "unreachable", "timeout", "library", "refused", "storage", "untold"]),
  code: z.string().describe("The script's code or the server's error word."),
  message: z.string(),
  retry: z.boolean().describe("Sending the same pair again may succeed."),
});
export type PartitionFailure = z.infer<typeof partitionFailureSchema>;

const rotationPartitionSchema = z.object({
  partition: z.number().int(),
  state: z.enum(partitionStates),
  attempts: z.number().int(),
  failure: partitionFailureSchema.optional(),
  previousKeyId: z.string().optional(),
  collected: z.number().int().optional().describe("Expired keys that were deleted on the way."),
  currentKeyId: z.string().optional().describe("As read back afterwards."),
  graceEndsAt: z.iso.datetime().optional().describe("Until when the previous key still verifies."),
});
export type RotationPartition = z.infer<typeof rotationPartitionSchema>;

const rotationAttemptSchema = z.object({
  number: z.number().int(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  outcome: z.string(),
  status: z.number().int().optional().describe("HTTP status, where HTTP was used."),
});

const rotationStateSchema = z.enum(["running", "unfinished", "converged", "abandoned"]);

/** One rotation with each of its partitions; a row of the topic `flowfabric.rotations`. */
export const rotationRowSchema = z.object({
  id: z.string(),
  connectionId: connectionIdSchema,
  way: rotationWaySchema,
  keyId: keyIdSchema,
  state: rotationStateSchema,
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  partitions: z.array(rotationPartitionSchema),
  partitionsFrom: z.enum(["valkey", "operator", "assumed", "reply"]).describe("Who says how many there are."),
  attempts: z.array(rotationAttemptSchema),
  grace: z.object({
    milliseconds: z.number().int(),
    known: z.boolean().describe("False: the server's default is assumed, because HTTP does not tell."),
    endsAt: z.iso.datetime().optional().describe("When the last partition stops taking the previous key."),
  }),
  previousKeyIds: z.array(z.string()),
  unreadBefore: z
    .array(z.number().int())
    .optional()
    .describe("Partitions whose key could not be read when the rotation began."),
  secret: z.object({
    origin: z.enum(["generated", "given"]),
    held: z.boolean().describe("Still kept, so that a retry sends the same pair."),
  }),
  readBack: z
    .object({
      at: z.iso.datetime(),
      matching: z.number().int(),
      others: z.array(z.object({ keyId: z.string(), partitions: z.array(z.number().int()) })),
      unreadable: z.array(z.number().int()),
    })
    .optional()
    .describe("What the partitions themselves say, where they can be read."),
  notices: z.array(z.string()),
});
export type RotationRow = z.infer<typeof rotationRowSchema>;

/** How many partitions are in each state. */
export function countPartitions(row: Pick<RotationRow, "partitions">): Record<PartitionState, number> {
  const counts = Object.fromEntries(partitionStates.map((state) => [state, 0])) as Record<
    PartitionState,
    number
  >;
  for (const { state } of row.partitions) counts[state] += 1;
  return counts;
}

/** Whether a partition needs nothing more. */
export function isConverged(state: PartitionState): boolean {
  return state === "rotated" || state === "already" || state === "done";
}

/** The key ids of one partition, as its listing function tells them (flowfabric-admin §3.4). */
export const partitionKeysSchema = z.object({
  partition: z.number().int(),
  currentKeyId: z.string().describe("Empty: no key was ever installed."),
  verifying: z.array(z.object({ keyId: z.string(), expiresAt: z.iso.datetime() })),
  problem: partitionFailureSchema.optional(),
});
export type PartitionKeys = z.infer<typeof partitionKeysSchema>;

/** What is known before a rotation. */
export const rotationPreviewSchema = z.object({
  ways: z.array(rotationWaySchema).describe("What the connection allows."),
  suggestedKeyId: keyIdSchema,
  partitions: z.number().int(),
  partitionsFrom: z.enum(["valkey", "reply", "assumed"]),
  libraryVersion: z.string().optional().describe("Of the function library, where Valkey can be asked."),
  current: z
    .array(z.object({ keyId: z.string(), partitions: z.number().int() }))
    .optional()
    .describe("Key ids in use now, most used first; only where Valkey can be asked."),
  unreadable: z.number().int(),
  unfinished: z.string().optional().describe("Id of the rotation that has to end first."),
  secretStorage: z.enum(["keychain", "file", "memory"]),
  warnings: z.array(z.string()),
});
export type RotationPreview = z.infer<typeof rotationPreviewSchema>;
