import {
  type Activity,
  type ActivityState,
  asFailure,
  type CommandExecution,
  type Evidence,
  Failure,
  type Verdict,
} from "../../shared/contract/index.ts";

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

/** Whether evidence may still settle it. */
export function isOpen(state: ActivityState): boolean {
  return state === "acknowledged" || state === "unknown";
}

/** What is known when the wait for evidence is over. */
export function overdueMessage(execution: CommandExecution, activity: Activity): string {
  const { evidence } = execution;
  if (!evidence) return `${activity.message} Nothing tells whether it took effect.`;
  if (evidence.verifyWhenOver) return activity.message;
  return `No evidence within ${evidence.waitMs / 1000} s of the acknowledgement. It may still finish: reconcile to read the present state.`;
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

/**
 * The verdict of a reading, as far as it can be given yet: a far side that may still be at work refutes nothing by not
 * having finished. `evidence.waitMs` counts from the sending here, for after a restart nobody knows of the acknowledgement.
 */
export function notTooSoon(
  verdict: Verdict,
  { evidence }: CommandExecution,
  { activity, now }: { activity: Activity; now: number },
): Verdict {
  if (verdict.verdict !== "failed" || activity.state !== "unknown" || !evidence) return verdict;
  const sent = activity.steps.find(({ state }) => state === "sent");
  const left = sent ? Date.parse(sent.at) + evidence.waitMs - now : 0;
  if (left <= 0) return verdict;
  const seconds = Math.ceil(left / 1_000);
  const message = `${verdict.evidence.summary} It may still be under way for ${seconds} s: reconcile again then.`;
  return { ...verdict, verdict: "unknown", message };
}
