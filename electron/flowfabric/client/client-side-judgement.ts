import {
  type ErrorBody,
  endingJudgement,
  type Judgement,
  refusedJudgement,
  sentence,
  unclearJudgement,
} from "./judgement.ts";
import { isConflictCode, isScriptCode, isValidationCode } from "./retry-classes.ts";

/** What an answer with 400 to 499 means; a text that nobody knows proves nothing. */
export function judgeClientSide(status: number, body: ErrorBody): Judgement {
  const judged = byStatus[status];
  if (judged) return judged(body);
  return unclearJudgement(
    "upstream_invalid",
    sentence(body.error, `The server, or a proxy before it, answered with the status ${status}.`),
  );
}

const byStatus: Record<number, (body: ErrorBody) => Judgement> = {
  400: judgeBadRequest,
  401: () => ({
    code: "unauthenticated",
    message: "The server does not accept this token.",
    hint: "Enter the value of its FF_API_TOKEN in the connection's settings.",
    retry: "never",
    refused: true,
  }),
  403: () =>
    refusedJudgement("A proxy does not let this request through.", "ff-server itself forbids nothing."),
  404: (body) => ({
    code: "not_found",
    message: body.error ? sentence(body.error, "") : "The server has no such route.",
    hint: body.error
      ? "Check the id."
      : "It may be older than this console expects, or a proxy stands in between.",
    retry: "never",
    refused: true,
  }),
  405: () => refusedJudgement("The server does not allow this method here.", "A proxy may stand in between."),
  409: judgeConflict,
  413: ({ limit_bytes: limit }) =>
    refusedJudgement(
      `The request is larger than the server takes${limit === undefined ? "" : ` (${limit} bytes)`}.`,
      "Send less.",
    ),
  415: () => refusedJudgement("The server did not see JSON in the request.", "A proxy may have changed it."),
  422: () =>
    refusedJudgement(
      "The server could not read a field of the request; it does not say which.",
      "It may be another version than this console expects.",
    ),
  429: judgeTooMany,
};

function judgeTooMany({ error }: ErrorBody): Judgement {
  const rotating = error.includes("admin_rotate");
  return {
    code: "rate_limited",
    message: rotating
      ? "Another rotation is running in this server."
      : sentence(error, "The server has too much to do."),
    hint: rotating
      ? "Wait until it is over. It may be using another key: read the key ids before you send yours again."
      : "Try again in a moment.",
    retry: rotating ? "check-first" : "later",
    refused: true,
  };
}

/** What ff-server says before anything is applied (flowfabric-admin §1.3, §1.4, §1.7, §3.1, §4.1). */
const rejections: readonly RegExp[] = [
  /^invalid JSON: /,
  /^Failed to deserialize query string: /,
  /^Invalid URL: /,
  /^invalid (execution_id|flow_id|budget_id|quota_policy_id|cursor): /,
  /^(waitpoint_id|worker_id|worker_instance_id|lane_id): /,
  /^path \w+ does not match body \w+$/,
  /^(grant_ttl_ms|limit|new_kid|new_secret_hex) must be /,
  /^limit exceeds REST ceiling /,
  /^block_ms exceeds /,
  /^after: XREAD cursor /,
];

/** Some answers with 400 are not about the request at all (flowfabric-admin §3.1). */
function judgeBadRequest({ error }: ErrorBody): Judgement {
  if (isAllFailed(error))
    return unclearJudgement(
      "upstream_invalid",
      "No partition reported success: Valkey did not answer in time, or the key id is in use everywhere.",
      "HTTP does not say which, and calls may be carried out late. Read the key ids back; after an outage send the same pair again, after a conflict take a fresh key id.",
    );
  if (error.startsWith("rotation had no partitions"))
    return refusedJudgement(
      sentence(error, ""),
      "Nothing was changed. Correct the server's FF_FLOW_PARTITIONS.",
    );
  if (error.startsWith("admin rotate semaphore closed")) return endingJudgement;
  if (isRejection(error)) return refusedJudgement(sentence(error, ""));
  return unclearJudgement("upstream_invalid", sentence(error, "The server answered with the status 400."));
}

/** The server's one sentence for a rotation in which no partition reported success; some may have the key all the same. */
export function isAllFailed(error: string): boolean {
  return error.startsWith("rotation failed on all partitions");
}

function isRejection(error: string): boolean {
  if (rejections.some((pattern) => pattern.test(error))) return true;
  const code = /^([a-z_]+)(?:: |$)/.exec(error)?.[1] ?? "";
  if (!isValidationCode(code)) return false;
  // A script that failed is a refusal only where its code is one.
  const inner = / failed: ([a-z_]*)/.exec(error)?.[1];
  return inner === undefined || isScriptCode(inner);
}

function judgeConflict(body: ErrorBody): Judgement {
  if (!isConflictCode(body.kind ?? ""))
    return unclearJudgement(
      "conflict",
      sentence(body.error, "The server, or a proxy, answered with a conflict."),
    );
  const base = { code: "conflict", refused: true } as const;
  if (body.error.includes("GrantAlreadyExists"))
    return {
      ...base,
      message: "A grant for this execution is alive already.",
      hint: "Wait until it is used or has expired (a minute at most), then try again.",
      retry: "later",
    };
  const contention = body.kind === "contention";
  return {
    ...base,
    message: sentence(body.error, "The server says that this conflicts with the current state."),
    hint: contention ? "The state changed meanwhile: look at it again." : "Look at the present state.",
    retry: contention ? "check-first" : "never",
  };
}
