import { z } from "zod";

/** Where an execution stands; new words may appear and are shown as they are (flowfabric-admin §1.6). */
const stateVectorSchema = z.object({
  lifecyclePhase: z.string(),
  ownershipState: z.string(),
  eligibilityState: z.string(),
  blockingReason: z.string(),
  terminalOutcome: z.string(),
  attemptState: z.string(),
  publicState: z.string(),
});
export type StateVector = z.infer<typeof stateVectorSchema>;

/** What the state means for an operator, and which actions make sense (flowfabric-admin §4.3). */
const diagnosisSchema = z.object({
  level: z.enum(["fine", "waiting", "stuck", "over"]),
  summary: z.string(),
  advice: z.string(),
  actions: z.array(z.enum(["reclaim", "revoke-lease", "cancel", "replay", "priority", "signal"])),
});
export type ExecutionDiagnosis = z.infer<typeof diagnosisSchema>;

export const executionRowSchema = z.object({
  id: z.string(),
  partition: z.number().int(),
  namespace: z.string(),
  lane: z.string(),
  kind: z.string(),
  priority: z.number(),
  state: stateVectorSchema,
  blockingDetail: z.string(),
  createdAt: z.iso.datetime().optional().describe("Absent on damaged records."),
  startedAt: z.iso.datetime().optional(),
  completedAt: z.iso.datetime().optional(),
  attempt: z.number().int(),
  flowId: z.string().optional(),
  diagnosis: diagnosisSchema,
});
export type ExecutionRow = z.infer<typeof executionRowSchema>;

/** An open waitpoint, without its token. */
export const waitpointRowSchema = z.object({
  id: z.string(),
  executionId: z.string(),
  key: z.string(),
  state: z.string(),
  signals: z.array(z.string()).describe("Names that it waits for; none: any signal matches."),
  createdAt: z.iso.datetime(),
  activatedAt: z.iso.datetime().optional(),
  expiresAt: z.iso.datetime().optional(),
  keyId: z.string().describe("Key that signed its token; empty when the stored token is malformed."),
  fingerprint: z.string(),
});
export type WaitpointRow = z.infer<typeof waitpointRowSchema>;

/** Something that could not be read on the way through the partitions. */
const scanProblemSchema = z.object({ where: z.string(), message: z.string() });

const requestsSchema = z.number().int().describe("Requests that this answer took of the server.");

/** Where a scan goes on. */
export const scanPlaceSchema = z.object({ partition: z.number().int(), cursor: z.string() });
export type ScanPlace = z.infer<typeof scanPlaceSchema>;

/** Who says how many partitions there are: Valkey, the server's reply to a rotation, or nobody. */
const partitionsFromSchema = z.enum(["valkey", "reply", "assumed"]);
export type PartitionsFrom = z.infer<typeof partitionsFromSchema>;

export const executionPageSchema = z.object({
  rows: z.array(executionRowSchema),
  next: scanPlaceSchema.optional().describe("Absent: all partitions were read."),
  scanned: z.number().int().describe("Executions looked at."),
  partitions: z.number().int(),
  partitionsFrom: partitionsFromSchema,
  problems: z.array(scanProblemSchema),
  requests: requestsSchema,
});

/** A lease that ran out, as Valkey indexes it: nobody works on the execution (flowfabric-admin Appendix D). */
const expiredLeaseSchema = z.object({
  executionId: z.string(),
  partition: z.number().int(),
  expiredAt: z.iso.datetime(),
});
export type ExpiredLease = z.infer<typeof expiredLeaseSchema>;

export const expiredLeasesSchema = z.object({
  rows: z.array(expiredLeaseSchema).describe("Those that wait longest come first."),
  cut: z.boolean().describe("A partition has more than were read."),
  partitions: z.number().int(),
  partitionsFrom: z.enum(["valkey", "assumed"]),
  problems: z.array(scanProblemSchema),
});

export const waitpointScanSchema = z.object({
  rows: z.array(waitpointRowSchema),
  byKey: z.array(z.object({ keyId: z.string(), open: z.number().int() })),
  next: scanPlaceSchema.optional(),
  scanned: z.number().int(),
  partitions: z.number().int(),
  partitionsFrom: partitionsFromSchema,
  hiddenPossible: z.number().int().describe("Executions whose list is full, so that more may be open."),
  problems: z.array(scanProblemSchema),
  requests: requestsSchema,
});

export const streamSchema = z.object({
  frames: z.array(z.object({ id: z.string(), fields: z.record(z.string(), z.string()) })),
  closedAt: z.iso.datetime().optional(),
  closedReason: z.string().optional(),
});
