import type { BudgetWish, QuotaWish } from "../../shared/flowfabric/limit-operations.ts";
import type { HttpRequest } from "./http-exchange.ts";

export interface GrantWish {
  workerId: string;
  workerInstanceId: string;
  lane: string;
  grantTtlMs: number;
  capabilities: readonly string[];
}

export interface SignalWish {
  waitpointId: string;
  signalId: string;
  signalName: string;
  token: string;
  payload?: string | undefined;
  now: number;
}

export function readRequest(executionId: string, ...rest: string[]): HttpRequest {
  return { method: "GET", segments: ["v1", "executions", executionId, ...rest] };
}

/** Actions that read no body. */
export function actionRequest(executionId: string, action: "replay" | "revoke-lease"): HttpRequest {
  return { method: "POST", segments: ["v1", "executions", executionId, action] };
}

export const rotateRequest = {
  method: "POST",
  segments: ["v1", "admin", "rotate-waitpoint-secret"],
} as const;

export function claimRequest(wish: GrantWish): HttpRequest {
  return {
    method: "POST",
    segments: ["v1", "workers", wish.workerId, "claim"],
    body: {
      lane_id: wish.lane,
      worker_instance_id: wish.workerInstanceId,
      capabilities: wish.capabilities,
      grant_ttl_ms: wish.grantTtlMs,
    },
  };
}

export function reclaimRequest(executionId: string, wish: GrantWish): HttpRequest {
  return {
    method: "POST",
    segments: ["v1", "executions", executionId, "reclaim"],
    body: {
      worker_id: wish.workerId,
      worker_instance_id: wish.workerInstanceId,
      lane_id: wish.lane,
      grant_ttl_ms: wish.grantTtlMs,
      worker_capabilities: wish.capabilities,
    },
  };
}

export function cancelRequest(executionId: string, reason: string, now: number): HttpRequest {
  const body = { execution_id: executionId, reason, source: "operator_override", now };
  return { method: "POST", segments: ["v1", "executions", executionId, "cancel"], body };
}

export function priorityRequest(executionId: string, priority: number): HttpRequest {
  const segments = ["v1", "executions", executionId, "priority"];
  return { method: "PUT", segments, body: { new_priority: priority } };
}

export function signalRequest(executionId: string, wish: SignalWish): HttpRequest {
  return {
    method: "POST",
    segments: ["v1", "executions", executionId, "signal"],
    body: {
      execution_id: executionId,
      waitpoint_id: wish.waitpointId,
      signal_id: wish.signalId,
      signal_name: wish.signalName,
      signal_category: "operator",
      source_type: "operator",
      source_identity: "switchyard",
      target_scope: "execution",
      waitpoint_token: wish.token,
      now: wish.now,
      ...(wish.payload !== undefined && {
        payload: [...Buffer.from(wish.payload, "utf8")],
        payload_encoding: "utf8",
      }),
    },
  };
}

export function flowCancelRequest(
  flowId: string,
  wish: { reason: string; policy: string; now: number },
): HttpRequest {
  const body = { flow_id: flowId, reason: wish.reason, cancellation_policy: wish.policy, now: wish.now };
  return { method: "POST", segments: ["v1", "flows", flowId, "cancel"], query: { wait: "true" }, body };
}

export function resetRequest(budgetId: string): HttpRequest {
  return { method: "POST", segments: ["v1", "budgets", budgetId, "reset"] };
}

type CreationRequest = HttpRequest & { body: Record<string, unknown> };

/** Dimensions and their limits travel as three parallel arrays (flowfabric-admin §1.8.8). */
export function budgetRequest(wish: BudgetWish, now: number): CreationRequest {
  const { dimensions } = wish;
  const body = {
    budget_id: wish.budgetId,
    scope_type: wish.scopeType,
    scope_id: wish.scopeId,
    enforcement_mode: wish.enforcementMode,
    on_hard_limit: wish.onHardLimit,
    on_soft_limit: wish.onSoftLimit,
    reset_interval_ms: wish.resetIntervalMs,
    dimensions: dimensions.map(({ name }) => name),
    hard_limits: dimensions.map(({ hardLimit }) => hardLimit),
    soft_limits: dimensions.map(({ softLimit }) => softLimit),
    now,
  };
  return { method: "POST", segments: ["v1", "budgets"], body };
}

export function quotaRequest(wish: QuotaWish, now: number): CreationRequest {
  const body = {
    quota_policy_id: wish.quotaId,
    window_seconds: wish.windowSeconds,
    max_requests_per_window: wish.maxRequestsPerWindow,
    max_concurrent: wish.maxConcurrent,
    now,
  };
  return { method: "POST", segments: ["v1", "quotas"], body };
}
