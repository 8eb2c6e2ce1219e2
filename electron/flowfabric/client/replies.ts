import { z } from "zod";

const mostPartitions = 65_536;

/** Replies of the server (flowfabric-admin §5.7); unknown fields are ignored, unknown words are kept. */
export const rotateReplySchema = z
  .object({
    rotated: z.int().min(0).max(mostPartitions),
    failed: z.array(z.int().min(0)).max(mostPartitions),
    new_kid: z.string(),
  })
  .refine(({ rotated, failed }) => {
    const told = rotated + failed.length;
    const isList = new Set(failed).size === failed.length && failed.every((partition) => partition < told);
    return told > 0 && told <= mostPartitions && isList;
  }, "its partitions do not add up");
export type RotateReply = z.infer<typeof rotateReplySchema>;

export const claimReplySchema = z.object({
  execution_id: z.string(),
  partition_key: z.string(),
  grant_key: z.string(),
  expires_at_ms: z.number(),
});
export type ClaimReply = z.infer<typeof claimReplySchema>;

export const reclaimReplySchema = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("granted"),
    execution_id: z.string(),
    partition_key: z.string(),
    grant_key: z.string(),
    expires_at_ms: z.number(),
    lane_id: z.string(),
  }),
  z.object({ status: z.literal("not_reclaimable"), execution_id: z.string(), detail: z.string() }),
  z.object({
    status: z.literal("reclaim_cap_exceeded"),
    execution_id: z.string(),
    reclaim_count: z.number(),
  }),
]);
export type ReclaimReply = z.infer<typeof reclaimReplySchema>;

export const tokenReplySchema = z.object({ token: z.string() });

/** The cursor is the last id of the page (flowfabric-admin §1.7.1), so that one behind an empty page leads nowhere. */
export const listReplySchema = z
  .object({ executions: z.array(z.string()), next_cursor: z.string().nullable() })
  .refine(
    ({ executions, next_cursor: cursor }) => cursor === null || executions.length > 0,
    "its page is empty and goes on",
  );
export type ListReply = z.infer<typeof listReplySchema>;

export const executionReplySchema = z.object({
  execution_id: z.string().regex(/^\{fp:\d{1,5}\}/, "it names no partition"),
  namespace: z.string(),
  lane_id: z.string(),
  priority: z.int(),
  execution_kind: z.string(),
  state_vector: z.object({
    lifecycle_phase: z.string(),
    ownership_state: z.string(),
    eligibility_state: z.string(),
    blocking_reason: z.string(),
    terminal_outcome: z.string(),
    attempt_state: z.string(),
    public_state: z.string(),
  }),
  public_state: z.string(),
  created_at: z.string(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  current_attempt_index: z.int().nonnegative(),
  flow_id: z.string().nullable(),
  blocking_detail: z.string(),
});
export type ExecutionReply = z.infer<typeof executionReplySchema>;

export const waitpointsReplySchema = z.array(
  z.object({
    waitpoint_id: z.string(),
    waitpoint_key: z.string(),
    state: z.string(),
    required_signal_names: z.array(z.string()),
    created_at: z.number(),
    activated_at: z.number().optional(),
    expires_at: z.number().optional(),
    execution_id: z.string(),
    token_kid: z.string(),
    token_fingerprint: z.string(),
  }),
);
export type WaitpointReply = z.infer<typeof waitpointsReplySchema>[number];

export const streamReplySchema = z.object({
  frames: z.array(z.object({ id: z.string(), fields: z.record(z.string(), z.string()) })),
  count: z.number(),
  closed_at: z.number().optional(),
  closed_reason: z.string().optional(),
});
export type StreamReply = z.infer<typeof streamReplySchema>;

/** A u64 as decimal text, whichever way it was written. */
const amountSchema = z.union([
  z.int().nonnegative().transform(String),
  z.string().refine((text) => /^\d{1,20}$/.test(text) && BigInt(text) < 2n ** 64n, "it is no u64"),
]);
const amountsSchema = z.record(z.string(), amountSchema);

export const budgetReplySchema = z.object({
  budget_id: z.string(),
  scope_type: z.string(),
  scope_id: z.string(),
  enforcement_mode: z.string(),
  usage: amountsSchema,
  hard_limits: amountsSchema,
  soft_limits: amountsSchema,
  breach_count: amountSchema,
  soft_breach_count: amountSchema,
  last_breach_at: z.string().nullable(),
  last_breach_dim: z.string().nullable(),
  next_reset_at: z.string().nullable(),
  created_at: z.string().nullable(),
});
export type BudgetReply = z.infer<typeof budgetReplySchema>;

export const cancelReplySchema = z.object({
  Cancelled: z.object({ execution_id: z.string(), public_state: z.string() }),
});
export const priorityReplySchema = z.object({ Changed: z.object({ execution_id: z.string() }) });
export const replayReplySchema = z.object({ Replayed: z.object({ public_state: z.string() }) });
export const revokeReplySchema = z.union([
  z.object({ Revoked: z.object({ lease_id: z.string(), lease_epoch: z.string() }) }),
  z.object({ AlreadySatisfied: z.object({ reason: z.string() }) }),
]);
export const signalReplySchema = z.union([
  z.object({ Accepted: z.object({ signal_id: z.string(), effect: z.string() }) }),
  z.object({ Duplicate: z.object({ existing_signal_id: z.string() }) }),
]);
export const resetReplySchema = z.object({ Reset: z.object({ next_reset_at: z.number() }) });
export const flowCancelReplySchema = z.union([
  z.object({
    CancellationScheduled: z.object({
      cancellation_policy: z.string(),
      member_count: z.number(),
      member_execution_ids: z.array(z.string()),
    }),
  }),
  z.object({
    Cancelled: z.object({ cancellation_policy: z.string(), member_execution_ids: z.array(z.string()) }),
  }),
  z.object({
    PartiallyCancelled: z.object({
      cancellation_policy: z.string(),
      member_execution_ids: z.array(z.string()),
      failed_member_execution_ids: z.array(z.string()),
    }),
  }),
]);
export type FlowCancelReply = z.infer<typeof flowCancelReplySchema>;
export const healthReplySchema = z.object({ status: z.string() });

/** Tagged replies that the console only passes on: creations, members, edges, usage. */
export const taggedReplySchema = z.union([z.string(), z.record(z.string(), z.unknown())]);
export type TaggedReply = z.infer<typeof taggedReplySchema>;
