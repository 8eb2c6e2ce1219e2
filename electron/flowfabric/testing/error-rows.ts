import type { FailureCode } from "../../../shared/contract/index.ts";
import type { RetryAdvice } from "../client/judgement.ts";

/** One row of the page's error tables, and what the console makes of it. */
export interface ErrorRow {
  /** Section of the page and name of the row. */
  row: string;
  status: number;
  /** The body as it is sent: an object as JSON, a text as plain text. */
  body: { error: string; kind?: string; retryable?: boolean; [more: string]: unknown } | string;
  code: FailureCode;
  retry: RetryAdvice;
  /** A piece of the message and of the hint that a person reads. */
  advice: RegExp;
}

export const never = { code: "upstream_refused", retry: "never" } as const;
const busy = { code: "rate_limited", retry: "later", advice: /Try again in a moment/ } as const;
export const unclear = {
  code: "unreachable",
  retry: "check-first",
  advice: /look at the present state/,
} as const;
export const permanent = { ...never, advice: /trying again does not help/ } as const;

/** Rejections before a handler runs (flowfabric-admin §1.4). */
export const rejectionRows: readonly ErrorRow[] = [
  {
    row: "§1.4 wrong token",
    status: 401,
    body: { error: "missing or invalid Authorization header" },
    code: "unauthenticated",
    retry: "never",
    advice: /FF_API_TOKEN/,
  },
  {
    row: "§1.4 unknown path",
    status: 404,
    body: "",
    code: "not_found",
    retry: "never",
    advice: /no such route.*older/,
  },
  { row: "§1.4 wrong method", status: 405, body: "", ...never, advice: /proxy/ },
  {
    row: "§1.4 too large",
    status: 413,
    body: { error: "payload_too_large", limit_bytes: 65_536, route: "/v1/executions/{id}/cancel" },
    ...never,
    advice: /65536 bytes.*Send less/,
  },
  {
    row: "§1.4 no JSON",
    status: 400,
    body: { error: "invalid JSON: Bad Request" },
    ...never,
    advice: /invalid JSON.*Correct/,
  },
  {
    row: "§1.4 wrong shape",
    status: 422,
    body: { error: "invalid JSON: Unprocessable Entity" },
    ...never,
    advice: /could not read a field.*another version/,
  },
  {
    row: "§1.4 wrong media type",
    status: 415,
    body: { error: "invalid JSON: Unsupported Media Type" },
    ...never,
    advice: /did not see JSON/,
  },
  {
    row: "§1.4 bad query",
    status: 400,
    body: "Failed to deserialize query string: missing field `partition`",
    ...never,
    advice: /missing field `partition`/,
  },
  {
    row: "§1.4 bad path",
    status: 400,
    body: "Invalid URL: Cannot parse `x`",
    ...never,
    advice: /Invalid URL/,
  },
];

const backendKinds: Record<string, boolean> = {
  transport: true,
  protocol: false,
  timeout: true,
  auth: false,
  cluster: true,
  busy_loading: true,
  script_not_loaded: false,
  other: false,
};

/** The mapping table of errors (flowfabric-admin §1.5), its rows in order; the codes of three of them follow below. */
export const mappingRows: readonly ErrorRow[] = [
  {
    row: "§1.5 ServerError::NotFound",
    status: 404,
    body: { error: "execution not found: {fp:86}:1" },
    code: "not_found",
    retry: "never",
    advice: /execution not found.*Check the id/,
  },
  {
    row: "§1.5 ServerError::InvalidInput",
    status: 400,
    body: { error: "limit must be >= 1" },
    ...never,
    advice: /limit must be >= 1.*Correct/,
  },
  {
    row: "§1.5 ServerError::OperationFailed",
    status: 400,
    body: { error: "path execution_id does not match body execution_id" },
    ...never,
    advice: /does not match/,
  },
  {
    row: "§1.5 ServerError::ConcurrencyLimitExceeded",
    status: 429,
    body: {
      error: "too many concurrent stream_ops calls (server max: 64); retry with backoff",
      retryable: true,
    },
    ...busy,
  },
  ...Object.entries(backendKinds).map(([kind, retryable]) => ({
    row: `§1.5 ServerError::Backend ${kind}`,
    status: 500,
    body: { error: `backend: ${kind}`, kind, retryable },
    ...unclear,
  })),
  {
    row: "§1.5 other ServerError",
    status: 500,
    body: { error: "config: FF_LANES", retryable: false },
    ...unclear,
  },
  {
    row: "§1.5 Engine ResourceExhausted",
    status: 429,
    body: {
      error: "too many concurrent stream_ops calls (server max: 64); retry with backoff",
      kind: "resource_exhausted",
      retryable: true,
    },
    ...busy,
  },
  {
    row: "§1.5 Engine Unavailable",
    status: 503,
    body: {
      error: "backend op unavailable: sqlite.list_executions",
      kind: "unavailable",
      retryable: false,
    },
    ...permanent,
  },
  {
    row: "§1.5 Engine NotFound",
    status: 404,
    body: { error: "not found: budget" },
    code: "not_found",
    retry: "never",
    advice: /not found: budget/,
  },
  ...["rate_limit_exceeded: RateLimitExceeded", "concurrency_limit_exceeded: ConcurrencyLimitExceeded"].map(
    (error) => ({
      row: `§1.5 Engine Contention ${error}`,
      status: 429,
      body: { error, kind: error.replace(/:.*/, ""), retryable: true },
      ...busy,
    }),
  ),
  {
    row: "§1.5 Engine Contention RetryExhausted",
    status: 500,
    body: { error: "retry_exhausted: RetryExhausted", kind: "retry_exhausted", retryable: false },
    code: "upstream_refused",
    retry: "later",
    advice: /Postgres gave up.*Try again/,
  },
  {
    row: "§1.5 Engine Contention other",
    status: 409,
    body: { error: "contention: ExecutionNotEligible", kind: "contention", retryable: true },
    code: "conflict",
    retry: "check-first",
    advice: /look at it again/,
  },
  {
    row: "§1.5 Engine State, a living grant (§4.2)",
    status: 409,
    body: { error: "state_conflict: GrantAlreadyExists", kind: "state_conflict", retryable: false },
    code: "conflict",
    retry: "later",
    advice: /grant.*alive already.*a minute at most/,
  },
  {
    row: "§1.5 Engine Transport, Bug, Timeout",
    status: 500,
    body: { error: "engine: transport (valkey): connection reset", retryable: true },
    ...unclear,
  },
  {
    // Said by ff-server 0.15.0 when a primary of its cluster was killed.
    row: "§1.5 backend failure, a node of a cluster that is gone",
    status: 500,
    body: {
      error:
        "engine: cancel_execution: HMGET exec_core: transport (valkey): valkey: Requested connection not found - ConnectionNotFoundForRoute: 127.0.0.1:32877",
      retryable: true,
    },
    ...unclear,
    advice: /cannot reach 127\.0\.0\.1:32877, a node of its Valkey cluster.*look at the present state/,
  },
];

/** Codes of validation errors (flowfabric-admin §1.5): 400. */
export const validationCodes =
  "invalid_input capability_mismatch invalid_capabilities invalid_policy_json payload_too_large signal_limit_exceeded invalid_waitpoint_key invalid_token waitpoint_not_token_bound retention_limit_exceeded invalid_lease_for_suspend invalid_dependency invalid_waitpoint_for_execution invalid_blocking_reason invalid_offset unauthorized invalid_budget_scope budget_override_not_allowed invalid_quota_spec invalid_kid invalid_secret_hex invalid_grace_ms invalid_tag_key invalid_frame_type".split(
    " ",
  );

/** Codes of conflicts and of states (flowfabric-admin §1.5): 409, never retryable. */
export const conflictCodes =
  "dependency_already_exists cycle_detected self_referencing_edge execution_already_in_flow waitpoint_already_exists budget_attach_conflict quota_attach_conflict rotation_conflict active_attempt_exists conflict execution_not_terminal max_replays_exhausted replay_not_allowed not_runnable terminal flow_already_terminal budget_exceeded budget_soft_exceeded already_satisfied state_conflict".split(
    " ",
  );
