import { dateText } from "../../../shared/contract/index.ts";
import type { ExecutionRow, WaitpointRow } from "../../../shared/flowfabric/execution-schema.ts";
import { partitionOf } from "../../../shared/flowfabric/inputs.ts";
import type { Backend } from "../../../shared/flowfabric/server-schema.ts";
import type { ExecutionReply, WaitpointReply } from "../client/replies.ts";
import { diagnoseExecution } from "./diagnose-execution.ts";

/** An execution as the console shows it. */
export function executionRow(reply: ExecutionReply, backend: Backend): ExecutionRow {
  const vector = reply.state_vector;
  const state = {
    lifecyclePhase: vector.lifecycle_phase,
    ownershipState: vector.ownership_state,
    eligibilityState: vector.eligibility_state,
    blockingReason: vector.blocking_reason,
    terminalOutcome: vector.terminal_outcome,
    attemptState: vector.attempt_state,
    publicState: vector.public_state,
  };
  return {
    id: reply.execution_id,
    partition: partitionOf(reply.execution_id),
    namespace: reply.namespace,
    lane: reply.lane_id,
    kind: reply.execution_kind,
    priority: reply.priority,
    state,
    blockingDetail: reply.blocking_detail,
    ...optional("createdAt", timeOfText(reply.created_at)),
    ...optional("startedAt", timeOfText(reply.started_at)),
    ...optional("completedAt", timeOfText(reply.completed_at)),
    attempt: reply.current_attempt_index,
    ...optional("flowId", reply.flow_id ?? undefined),
    diagnosis: diagnoseExecution(state, backend),
  };
}

export function waitpointRow(reply: WaitpointReply): WaitpointRow {
  return {
    id: reply.waitpoint_id,
    executionId: reply.execution_id,
    key: reply.waitpoint_key,
    state: reply.state,
    signals: reply.required_signal_names,
    createdAt: timeOfNumber(reply.created_at),
    ...(reply.activated_at !== undefined && { activatedAt: timeOfNumber(reply.activated_at) }),
    ...(reply.expires_at !== undefined && { expiresAt: timeOfNumber(reply.expires_at) }),
    keyId: reply.token_kid,
    fingerprint: reply.token_fingerprint,
  };
}

/** Some times are numbers, others decimal text, and damaged ones empty (flowfabric-admin §1.2). */
export function timeOfText(text: string | null | undefined): string | undefined {
  return text && /^\d+$/.test(text) ? timeOfNumber(Number(text)) : undefined;
}

export function timeOfNumber(milliseconds: number): string {
  return dateText(Math.max(0, milliseconds));
}

function optional<K extends string>(key: K, value: string | undefined): { [Key in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [Key in K]?: string });
}
