import { Failure } from "../../../shared/contract/index.ts";
import type { BudgetParams, QuotaParams } from "../../../shared/flowfabric/limit-operations.ts";
import type { HttpRequest } from "../../upstream/http-messages.ts";

/** One request to an ff-server; the path is given in segments, and the body as a value. */
export interface ServerRequest extends Omit<HttpRequest, "path" | "body"> {
  segments: readonly string[];
  query?: Record<string, string | number | undefined>;
  /** Sent as JSON. */
  body?: unknown;
}

/** The path of a request below the server's address. Throws `invalid_input` for an id that would change it. */
export function pathOf({ segments, query = {} }: Pick<ServerRequest, "segments" | "query">): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  const text = given.toString();
  return `/${segments.map(encodeSegment).join("/")}${text && `?${text}`}`;
}

/** Percent-encodes one segment; `.` and `..` would change the path and are refused (flowfabric-admin §5.2). */
function encodeSegment(segment: string): string {
  if (segment === "" || segment === "." || segment === "..")
    throw new Failure({
      code: "invalid_input",
      message: `An id in the address must not be "${segment}".`,
      details: { delivered: false },
    });
  return encodeURIComponent(segment).replaceAll("%3A", ":");
}

export interface GrantParams {
  workerId: string;
  workerInstanceId: string;
  lane: string;
  grantTtlMs: number;
  capabilities: readonly string[];
}

export interface SignalParams {
  waitpointId: string;
  signalId: string;
  signalName: string;
  token: string;
  payload?: string | undefined;
  now: number;
}

export function readRequest(executionId: string, ...rest: string[]): ServerRequest {
  return { method: "GET", segments: ["v1", "executions", executionId, ...rest] };
}

/** Actions that read no body. */
export function actionRequest(executionId: string, action: "replay" | "revoke-lease"): ServerRequest {
  return { method: "POST", segments: ["v1", "executions", executionId, action] };
}

export const rotateRequest = {
  method: "POST",
  segments: ["v1", "admin", "rotate-waitpoint-secret"],
} as const;

export function claimRequest(params: GrantParams): ServerRequest {
  return {
    method: "POST",
    segments: ["v1", "workers", params.workerId, "claim"],
    body: {
      lane_id: params.lane,
      worker_instance_id: params.workerInstanceId,
      capabilities: params.capabilities,
      grant_ttl_ms: params.grantTtlMs,
    },
  };
}

export function reclaimRequest(executionId: string, params: GrantParams): ServerRequest {
  return {
    method: "POST",
    segments: ["v1", "executions", executionId, "reclaim"],
    body: {
      worker_id: params.workerId,
      worker_instance_id: params.workerInstanceId,
      lane_id: params.lane,
      grant_ttl_ms: params.grantTtlMs,
      worker_capabilities: params.capabilities,
    },
  };
}

export function cancelRequest(executionId: string, reason: string, now: number): ServerRequest {
  const body = { execution_id: executionId, reason, source: "operator_override", now };
  return { method: "POST", segments: ["v1", "executions", executionId, "cancel"], body };
}

export function priorityRequest(executionId: string, priority: number): ServerRequest {
  const segments = ["v1", "executions", executionId, "priority"];
  return { method: "PUT", segments, body: { new_priority: priority } };
}

export function signalRequest(executionId: string, params: SignalParams): ServerRequest {
  return {
    method: "POST",
    segments: ["v1", "executions", executionId, "signal"],
    body: {
      execution_id: executionId,
      waitpoint_id: params.waitpointId,
      signal_id: params.signalId,
      signal_name: params.signalName,
      signal_category: "operator",
      source_type: "operator",
      source_identity: "switchyard",
      target_scope: "execution",
      waitpoint_token: params.token,
      now: params.now,
      ...(params.payload !== undefined && {
        payload: [...Buffer.from(params.payload, "utf8")],
        payload_encoding: "utf8",
      }),
    },
  };
}

export function flowCancelRequest(
  flowId: string,
  params: { reason: string; policy: string; now: number },
): ServerRequest {
  const body = {
    flow_id: flowId,
    reason: params.reason,
    cancellation_policy: params.policy,
    now: params.now,
  };
  return { method: "POST", segments: ["v1", "flows", flowId, "cancel"], query: { wait: "true" }, body };
}

export function resetRequest(budgetId: string): ServerRequest {
  return { method: "POST", segments: ["v1", "budgets", budgetId, "reset"] };
}

type CreationRequest = ServerRequest & { body: Record<string, unknown> };

/** Dimensions and their limits travel as three parallel arrays (flowfabric-admin §1.8.8). */
export function budgetRequest(params: BudgetParams, now: number): CreationRequest {
  const { dimensions } = params;
  const body = {
    budget_id: params.budgetId,
    scope_type: params.scopeType,
    scope_id: params.scopeId,
    enforcement_mode: params.enforcementMode,
    on_hard_limit: params.onHardLimit,
    on_soft_limit: params.onSoftLimit,
    reset_interval_ms: params.resetIntervalMs,
    dimensions: dimensions.map(({ name }) => name),
    hard_limits: dimensions.map(({ hardLimit }) => hardLimit),
    soft_limits: dimensions.map(({ softLimit }) => softLimit),
    now,
  };
  return { method: "POST", segments: ["v1", "budgets"], body };
}

export function quotaRequest(params: QuotaParams, now: number): CreationRequest {
  const body = {
    quota_policy_id: params.quotaId,
    window_seconds: params.windowSeconds,
    max_requests_per_window: params.maxRequestsPerWindow,
    max_concurrent: params.maxConcurrent,
    now,
  };
  return { method: "POST", segments: ["v1", "quotas"], body };
}
