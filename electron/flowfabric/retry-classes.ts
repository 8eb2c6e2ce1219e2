import { ownValue } from "../../shared/contract/index.ts";
/** Whether a script's refusal may pass by itself (flowfabric-admin §5.6); anything not named is final. */
export type RetryClass = "retryable" | "benign" | "final";

const retryable = new Set(
  "use_claim_resumed_execution not_a_resumed_execution execution_not_leaseable lease_conflict invalid_claim_grant claim_grant_expired no_eligible_execution waitpoint_not_found waitpoint_pending_use_buffer_script stale_graph_revision rate_limit_exceeded concurrency_limit_exceeded capability_mismatch invalid_offset".split(
    " ",
  ),
);

const benign = new Set(
  "execution_not_suspended already_suspended waitpoint_closed duplicate_signal execution_not_eligible execution_not_in_eligible_set grant_already_exists execution_not_reclaimable no_active_lease ok_already_applied attempt_already_terminal stream_already_closed budget_soft_exceeded waitpoint_already_exists waitpoint_not_open waitpoint_not_pending pending_waitpoint_expired not_blocked_by_deps deps_not_satisfied".split(
    " ",
  ),
);

export function retryClassOf(code: string): RetryClass {
  if (retryable.has(code)) return "retryable";
  return benign.has(code) ? "benign" : "final";
}

const words: Record<string, string> = {
  execution_not_found: "There is no such execution.",
  execution_not_active: "The execution is over already.",
  execution_not_eligible: "Only an execution that waits for a worker can be given another priority.",
  execution_not_terminal: "The execution is not over, so there is nothing to replay.",
  max_replays_exhausted: "The execution was replayed as often as its policy allows.",
  flow_not_found: "There is no such flow.",
  flow_already_terminal: "The flow is over already.",
  budget_not_found: "There is no such budget.",
  stale_graph_revision: "The flow changed meanwhile.",
  token_expired:
    "The grace of the key that signed this token has passed: the signal is not accepted any more.",
  missing_token: "The signal carried no token.",
  hmac_secret_not_initialized: "No signing key is installed in this partition.",
  rotation_conflict: "This key id is in use with another secret.",
  dimension_limit_array_mismatch: "Dimensions and limits differ in number.",
};

/** What a script's code means, in a sentence. */
export function explainCode(code: string): string | undefined {
  return ownValue(words, code);
}
