import { conflictCodes, validationCodes } from "./error-rows.ts";

/** What each kind of recorded answer proves: `proof`: nothing was changed; `unknown`: it may have been, or may still be. */
export const proofs: readonly (readonly [RegExp, "proof" | "unknown"])[] = [
  [/^401 missing or invalid Authorization header$/, "proof"],
  [/^404 (|execution not found: <id>|execution result not found: <id>|not found: \w+)$/, "proof"],
  [/^404 waitpoint token not found/, "proof"],
  [/^405 $/, "proof"],
  [/^409 contention: ExecutionNotEligible$/, "proof"],
  [/^409 execution_not_terminal: ExecutionNotTerminal$/, "proof"],
  [/^409 state_conflict: (GrantAlreadyExists|TargetNotSignalable)$/, "proof"],
  [/^413 payload_too_large$/, "proof"],
  [/^415 invalid JSON: Unsupported Media Type$/, "proof"],
  [/^422 invalid JSON: Unprocessable Entity$/, "proof"],
  [/^400 rotation failed on all partitions /, "unknown"],
  [/^400 invalid JSON: Bad Request$/, "proof"],
  [/^400 (Failed to deserialize query string|Invalid URL): /, "proof"],
  [/^400 (invalid cursor|invalid \w+_id|waitpoint_id|worker_id|lane_id): /, "proof"],
  [/^400 (limit|grant_ttl_ms|new_kid|new_secret_hex) must be /, "proof"],
  [/^400 (limit exceeds|block_ms exceeds|after: XREAD|path execution_id does not match)/, "proof"],
  [/^400 (invalid_token$|invalid_input: )/, "proof"],
  [/^500 engine: .*: transport \(valkey\): execution_not_\w+: /, "proof"],
  [/^500 engine: .*: transport \(valkey\): (max_replays_exhausted|stale_graph_revision): /, "proof"],
  [
    /^500 engine: .*: parse error: .*: (too_many_dimensions|dimension_limit_array_mismatch|token_expired)\b/,
    "proof",
  ],
  [/^500 engine: .*: valkey: server error - ResponseError: Function not found$/, "proof"],
  [/^500 engine: .*: transport \(valkey\): valkey: timed out$/, "unknown"],
  [/^503 backend op unavailable: /, "proof"],
];

const statusProofs = [401, 403, 404, 405, 413, 415, 422, 429];
const kindProofs: Record<number, readonly string[]> = {
  409: [...conflictCodes, "contention"],
  500: ["unavailable", "retry_exhausted"],
};

/** Whether an answer without success proves that nothing was changed: by its status, its kind, or words that were recorded. */
export function provesRefusal(status: number, body: string): boolean {
  if (statusProofs.includes(status)) return true;
  const { error: text, kind, isJson } = errorIn(body);
  if (status >= 500 && !isJson) return false;
  // The label in front of it only says what the server was doing.
  const error = text.replace(/^.*?(?=transport \()/s, "engine: x: ");
  if (kindProofs[Math.min(status, 500)]?.includes(kind)) return true;
  if (status === 400 && validationCodes.includes(/^[a-z_]+(?=$|: )/.exec(error)?.[0] ?? "")) return true;
  // Before a handler runs; what comes behind is only the reason.
  if (status === 400 && /^invalid JSON: /.test(error)) return true;
  const said = status < 500 ? [`${status} ${error}`] : [`500 ${error}`, `503 ${error}`];
  return proofs.some(([pattern, meaning]) => meaning === "proof" && said.some((text) => pattern.test(text)));
}

function errorIn(body: string): { error: string; kind: string; isJson: boolean } {
  try {
    const { error, kind } = JSON.parse(body) as Record<string, unknown>;
    if (typeof error === "string") return { error, kind: typeof kind === "string" ? kind : "", isJson: true };
  } catch {
    // Text of a framework, nothing, or an answer that was damaged behind what matters.
  }
  return { error: body.trim(), kind: "", isJson: false };
}
