import { ownValue } from "../../../shared/contract/index.ts";
/** Whether a script's refusal may pass by itself (flowfabric-admin §5.6); anything not named is final. */
export type RetryClass = "retryable" | "benign" | "final";

const retryable = words(
  "use_claim_resumed_execution not_a_resumed_execution execution_not_leaseable lease_conflict invalid_claim_grant claim_grant_expired no_eligible_execution waitpoint_not_found waitpoint_pending_use_buffer_script stale_graph_revision rate_limit_exceeded concurrency_limit_exceeded capability_mismatch invalid_offset",
);

const benign = words(
  "execution_not_suspended already_suspended waitpoint_closed duplicate_signal execution_not_eligible execution_not_in_eligible_set grant_already_exists execution_not_reclaimable no_active_lease ok_already_applied attempt_already_terminal stream_already_closed budget_soft_exceeded waitpoint_already_exists waitpoint_not_open waitpoint_not_pending pending_waitpoint_expired not_blocked_by_deps deps_not_satisfied",
);

const final = words(
  "budget_exceeded active_attempt_exists attempt_not_in_created_state stream_not_found too_many_dimensions dimension_limit_array_mismatch token_expired missing_token hmac_secret_not_initialized execution_not_found execution_not_active execution_not_terminal max_replays_exhausted replay_not_allowed not_runnable flow_not_found flow_already_terminal budget_not_found self_referencing_edge execution_already_in_flow stale_lease lease_expired lease_revoked",
);

/** What the server calls a request of which it applied nothing, `validation_error` apart: that is also said of damaged data (flowfabric-admin §1.5). */
const validation = words(
  "invalid_input capability_mismatch invalid_capabilities invalid_policy_json payload_too_large signal_limit_exceeded invalid_waitpoint_key invalid_token waitpoint_not_token_bound retention_limit_exceeded invalid_lease_for_suspend invalid_dependency invalid_waitpoint_for_execution invalid_blocking_reason invalid_offset unauthorized invalid_budget_scope budget_override_not_allowed invalid_quota_spec invalid_kid invalid_secret_hex invalid_grace_ms invalid_tag_key invalid_frame_type",
);

/** What does not fit the present state (flowfabric-admin §1.5). */
const conflicts = words(
  "contention conflict state_conflict dependency_already_exists cycle_detected self_referencing_edge execution_already_in_flow waitpoint_already_exists budget_attach_conflict quota_attach_conflict rotation_conflict active_attempt_exists execution_not_terminal max_replays_exhausted replay_not_allowed not_runnable terminal flow_already_terminal budget_exceeded budget_soft_exceeded already_satisfied",
);

const scriptCodes = new Set([...retryable, ...benign, ...final, ...validation, ...conflicts]);

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

/** Whether a word is the code of a script's refusal, so that it proves that nothing was applied. */
export function isScriptCode(word: string): boolean {
  return scriptCodes.has(word);
}

export function isValidationCode(word: string): boolean {
  return validation.has(word);
}

export function isConflictCode(word: string): boolean {
  return conflicts.has(word);
}

export function retryClassOf(code: string): RetryClass {
  if (retryable.has(code)) return "retryable";
  return benign.has(code) ? "benign" : "final";
}

const explanations: Record<string, string> = {
  execution_not_found: "There is no such execution.",
  execution_not_active: "The execution is over already.",
  execution_not_eligible: "Only an execution that waits for a worker can be given another priority.",
  execution_not_terminal: "The execution is not over, so there is nothing to replay.",
  max_replays_exhausted: "The execution was replayed as often as its policy allows.",
  flow_not_found: "There is no such flow.",
  flow_already_terminal: "The flow is over already.",
  budget_not_found: "There is no such budget.",
  stale_graph_revision: "The flow changed meanwhile.",
  cycle_detected: "The dependency would close a circle.",
  token_expired:
    "The grace of the key that signed this token has passed: the signal is not accepted any more.",
  missing_token: "The signal carried no token.",
  hmac_secret_not_initialized: "No signing key is installed in this partition.",
  rotation_conflict: "This key id is in use with another secret.",
  too_many_dimensions: "A budget on Valkey has at most 64 dimensions.",
  dimension_limit_array_mismatch: "Dimensions and limits differ in number.",
};

/** What a script's code means, in a sentence. */
export function explainCode(code: string): string | undefined {
  return ownValue(explanations, code);
}
