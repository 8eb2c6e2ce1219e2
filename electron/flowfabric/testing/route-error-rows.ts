import { type ErrorRow, never, permanent, unclear } from "./error-rows.ts";

/** What single routes say besides (flowfabric-admin §1.7, §3.1, §4.1). */
export const routeRows: readonly ErrorRow[] = [
  {
    row: "§1.7.7 streams while the server ends",
    status: 503,
    body: { error: "backend op unavailable: stream_ops", kind: "unavailable", retryable: false },
    code: "unreachable",
    retry: "later",
    advice: /is shutting down.*when it runs again/,
  },
  {
    row: "§1.7.10 backend down",
    status: 500,
    body: { error: "engine: ping", retryable: true },
    ...unclear,
  },
  {
    row: "§1.7.10 SQLite cannot be pinged",
    status: 503,
    body: { error: "backend op unavailable: ping", kind: "unavailable", retryable: false },
    ...permanent,
  },
  {
    row: "§3.1 key id",
    status: 400,
    body: { error: "new_kid must be non-empty and must not contain ':'" },
    ...never,
    advice: /new_kid.*Correct/,
  },
  {
    row: "§3.1 secret",
    status: 400,
    body: { error: "new_secret_hex must be a non-empty even-length hex string" },
    ...never,
    advice: /new_secret_hex.*Correct/,
  },
  {
    row: "§3.1 secret of SQLite",
    status: 400,
    body: { error: "invalid_input: secret_hex must be 64 hex characters (256-bit secret)" },
    ...never,
    advice: /64 hex characters.*Correct/,
  },
  {
    row: "§3.1 every partition failed",
    status: 400,
    body: { error: "rotation failed on all partitions (check Valkey connectivity)" },
    code: "upstream_invalid",
    retry: "check-first",
    advice:
      /did not answer in time, or the key id is in use.*carried out late.*after a conflict take a fresh key id/,
  },
  {
    row: "§3.1 no partitions",
    status: 400,
    body: {
      error: "rotation had no partitions to operate on (num_flow_partitions is 0 — server misconfigured)",
    },
    ...never,
    advice: /no partitions.*FF_FLOW_PARTITIONS/,
  },
  {
    row: "§3.1 server ends",
    status: 400,
    body: { error: "admin rotate semaphore closed (server shutting down)" },
    code: "unreachable",
    retry: "later",
    advice: /is shutting down.*when it runs again/,
  },
  {
    row: "§3.1 another rotation",
    status: 429,
    body: {
      error: "too many concurrent admin_rotate calls (server max: 1); retry with backoff",
      retryable: true,
    },
    code: "rate_limited",
    retry: "check-first",
    advice: /Another rotation.*read the key ids/,
  },
  {
    row: "§3.1 backend failed as a whole",
    status: 500,
    body: { error: "engine: begin", retryable: true },
    ...unclear,
  },
  {
    row: "§3.1 backend lacks it",
    status: 503,
    body: {
      error: "backend op unavailable: rotate_waitpoint_hmac_secret_all",
      kind: "unavailable",
      retryable: false,
    },
    ...permanent,
  },
  {
    row: "§3.1 deadline",
    status: 504,
    body: {
      error:
        "rotation exceeded 120s server-side timeout; retry is safe (per-partition rotation is idempotent on the same new_kid + secret_hex)",
    },
    code: "timeout",
    retry: "now",
    advice: /may still finish.*very same request/,
  },
  {
    row: "§4.1 no key on Postgres",
    status: 503,
    body: {
      error: "backend op unavailable: claim_for_worker: ff_waitpoint_hmac keystore empty",
      kind: "unavailable",
      retryable: false,
    },
    ...never,
    advice: /Rotate in a first waitpoint secret/,
  },
  {
    row: "§4.1 an outcome that this build cannot express",
    status: 503,
    body: { error: "unsupported outcome" },
    ...unclear,
  },
];

/** Refusals of scripts inside 500s that call themselves retryable (flowfabric-admin §1.5, §3.7), judged as §5.6 says. */
export const scriptRows: readonly ErrorRow[] = [
  wrapped("cancel_execution: parse", "execution_not_found: execution does not exist", {
    code: "not_found",
    retry: "never",
    advice: /no such execution/,
  }),
  wrapped("change_priority: FCALL ff_change_priority", "execution_not_eligible: state changed", {
    ...never,
    advice: /Only an execution that waits.*whatever the server's answer says/,
  }),
  wrapped(
    "replay_execution: FCALL ff_replay_execution",
    "execution_not_terminal: cannot replay non-terminal execution",
    { ...never, advice: /nothing to replay/ },
  ),
  wrapped("add_execution_to_flow: FCALL ff_add_execution_to_flow", "flow_not_found: flow does not exist", {
    code: "not_found",
    retry: "never",
    advice: /no such flow/,
  }),
  ...["token_expired", "missing_token", "hmac_secret_not_initialized"].map((code) =>
    wrapped(
      "deliver_signal: FCALL ff_deliver_signal",
      `parse error: FcallResult::into_success: unknown error code: ${code}`,
      { ...never, advice: /Nothing was changed, and sending it again does not help/ },
    ),
  ),
];

/** A script's refusal as a Valkey-backed server sends it. */
export function wrapped(
  label: string,
  refusal: string,
  judged: Pick<ErrorRow, "code" | "retry" | "advice">,
): ErrorRow {
  const error = `engine: ${label}: transport (valkey): ${refusal}`;
  return { row: `§1.5 ${refusal}`, status: 500, body: { error, retryable: true }, ...judged };
}
