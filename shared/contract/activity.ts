import { z } from "zod";

/**
 * The life of one command:
 *
 *   recorded -> sent -> acknowledged -> confirmed -> verified
 *                 |          |             '-> failed (only by the far side's own word)
 *                 |          |-> failed
 *                 |          '-> unknown  -> confirmed | verified | failed (late evidence, reconcile)
 *                 |-> refused
 *                 |-> failed   (nobody was there to receive it)
 *                 '-> unknown  (no reply: it may have been received)
 */
export const activityStates = [
  "recorded",
  "sent",
  "acknowledged",
  "confirmed",
  "verified",
  "failed",
  "refused",
  "unknown",
] as const;

export const activityStateSchema = z.enum(activityStates);
export type ActivityState = z.infer<typeof activityStateSchema>;

const moves: Record<ActivityState, readonly ActivityState[]> = {
  recorded: ["sent", "failed", "unknown"],
  sent: ["acknowledged", "refused", "failed", "unknown"],
  acknowledged: ["confirmed", "verified", "failed", "unknown"],
  confirmed: ["verified"],
  unknown: ["confirmed", "verified", "failed"],
  verified: [],
  failed: [],
  refused: [],
};

/**
 * Whether an activity may go from one state to another. What evidence has confirmed is not revoked by a reading that merely
 * contradicts it; `proof` stands for the far side's own word that it failed after all.
 */
export function mayMove(from: ActivityState, to: ActivityState, { proof = false } = {}): boolean {
  return moves[from].includes(to) || (proof && from === "confirmed" && to === "failed");
}

/** Whether nothing can move it any more. */
export function isSettled(state: ActivityState): boolean {
  return moves[state].length === 0;
}

/** Whether work is still expected without anybody doing something. */
export function isInFlight(state: ActivityState): boolean {
  return state === "recorded" || state === "sent" || state === "acknowledged";
}

export const evidenceSchema = z.object({
  at: z.iso.datetime(),
  kind: z.enum(["reply", "event", "inventory", "note"]),
  summary: z.string(),
  data: z.unknown().optional(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** What a command can act on: things of lattices, FlowFabric, forge-jobs and Flux. */
const activityTargetKinds = [
  ...(["host", "component", "provider", "link", "config", "label", "registry", "lattice"] as const),
  ...(["rotation", "partition", "execution", "waitpoint", "budget"] as const),
  ...(["queue", "job", "schedule", "worker"] as const),
  ...(["daemon", "workload", "image", "repository"] as const),
  "connection",
  "other",
] as const;

export const activityTargetSchema = z.object({
  kind: z.enum(activityTargetKinds),
  id: z.string(),
  label: z.string().describe("Short name for a person."),
  lattice: z.string().optional(),
  hostId: z.string().optional(),
  hostName: z.string().optional(),
});
export type ActivityTarget = z.infer<typeof activityTargetSchema>;

export const wireRequestSchema = z.object({
  protocol: z.enum(["nats", "http", "redis", "websocket"]),
  address: z.string().describe("NATS subject, URL or key."),
  method: z.string().optional(),
  payload: z.unknown().optional().describe("Exact body, secrets replaced."),
});
export type WireRequest = z.infer<typeof wireRequestSchema>;

export const activitySchema = z.object({
  id: z.string(),
  operation: z.string(),
  title: z.string(),
  state: activityStateSchema,
  message: z.string().describe("What is known, in one sentence."),
  connectionId: z.string(),
  destination: z
    .string()
    .optional()
    .describe("SHA-256, hex, of where the connection led: what it leads to later proves nothing of this."),
  target: activityTargetSchema.optional(),
  actor: z.string(),
  transport: z.enum(["ipc", "http"]),
  reason: z.string().optional(),
  batch: z.string().optional(),
  input: z.record(z.string(), z.unknown()),
  request: wireRequestSchema.optional(),
  reply: z.unknown().optional(),
  evidence: z.array(evidenceSchema),
  steps: z.array(z.object({ state: activityStateSchema, at: z.iso.datetime() })),
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  acknowledgedAfterMs: z.number().optional(),
  confirmedAfterMs: z.number().optional(),
});
export type Activity = z.infer<typeof activitySchema>;

/** Stands before the records of a log whose oldest ones were removed. */
export const activityCheckpointSchema = z.object({
  sequence: z.number().int().describe("The last record that was removed."),
  hash: z.string().describe("Its hash, which the first record that is left continues."),
  at: z.iso.datetime().describe("When it was removed."),
  mac: z
    .string()
    .optional()
    .describe("HMAC-SHA-256, hex, by the console's key: the records were removed by the console itself."),
});
export type ActivityCheckpoint = z.infer<typeof activityCheckpointSchema>;

/** A line of the append-only log: one step of one activity, chained by hash to the line before it. */
export const activityRecordSchema = z.object({
  sequence: z.number().int(),
  activity: activitySchema,
  previousHash: z.string(),
  hash: z.string().describe("SHA-256, hex, of previousHash + newline + canonical JSON of the activity."),
  seal: z
    .object({ at: z.iso.datetime(), mac: z.string() })
    .optional()
    .describe(
      "Only on the last record of an export: when it was made, and an HMAC-SHA-256, hex, by the console's key.",
    ),
});
export type ActivityRecord = z.infer<typeof activityRecordSchema>;
