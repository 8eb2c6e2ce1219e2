import {
  type Activity,
  asFailure,
  type Evidence,
  Failure,
  type Verdict,
} from "../../../shared/contract/index.ts";

/** A reply as evidence. */
export function replyEvidence(now: number, message: string, reply: unknown): Evidence {
  const at = new Date(now).toISOString();
  return {
    at,
    kind: "reply",
    summary: message || "The far side accepted the request.",
    data: reply,
  };
}

/** What is known when the wait for evidence is over; without a waiting time there was none to come. */
export function overdueMessage(waitMs: number | undefined, activity: Activity): string {
  if (waitMs === undefined) return `${activity.message} Nothing tells whether it took effect.`;
  return `No evidence within ${waitMs / 1000} s of the acknowledgement. It may still finish: reconcile to read the present state.`;
}

/** What a contradiction says while the far side may still be at work. */
export function mayBeUnderWay(summary: string, leftMs: number): string {
  if (leftMs <= 0) return `${summary} This was read while it may still have been under way: reconcile again.`;
  return `${summary} It may still be under way for ${Math.ceil(leftMs / 1_000)} s: reconcile again then.`;
}

/** What a contradiction says of something confirmed. */
export function changedSince(message: string): string {
  return `It was confirmed, and the state has changed since: ${message}`;
}

/** The failure of a reconcile of a command that leaves nothing to be read. */
export function nothingToRead(): Failure {
  return new Failure({
    code: "conflict",
    message: "Nothing can be read that would settle this command.",
    hint: "Look at its effect, or send it again.",
  });
}

/** What the far side said no to, as a failure. */
export function refusal(message: string): Failure {
  return new Failure({
    code: "upstream_refused",
    message: `The far side refused: ${message || "it gave no reason."}`,
    upstream: message,
    hint: "Nothing was changed. Correct the request and try again.",
  });
}

/** The verdict where the present state could not be read. */
export function unreadable(now: number, error: unknown): Verdict {
  const failure = asFailure(error);
  const message = `The present state could not be read: ${failure.message}`;
  return {
    verdict: "unknown",
    message,
    evidence: { at: new Date(now).toISOString(), kind: "note", summary: message },
  };
}

/** The failure with the activity that it ended. */
export function withActivity(failure: Failure, activity: Activity, hint: string | undefined): Failure {
  const details = { ...failure.details, activityId: activity.id, state: activity.state };
  return new Failure({ ...failure.toData(), details, hint }, { cause: failure.cause ?? failure });
}
