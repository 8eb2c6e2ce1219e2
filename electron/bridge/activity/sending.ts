import type { Failure } from "../../../shared/contract/index.ts";
import { confirm, takeEarly, wait } from "./evidence.ts";
import { refusal, replyEvidence, withActivity } from "./messages.ts";
import { and, answer, move, nothingAwaited, read, stay } from "./moves.ts";
import { advance } from "./steps.ts";
import type { Input, Step, Tracked } from "./tracked.ts";

type InputOf<Kind extends Input["kind"]> = Extract<Input, { kind: Kind }>;

export function begin(before: Tracked): Step {
  const { activity } = before;
  return stay({ ...before, calling: true, pending: activity }, { kind: "record", activity });
}

export function begun(before: Tracked): Step {
  return stay({ ...before, phase: "recorded", pending: undefined }, { kind: "prepare" });
}

/** What could not be written down at all has not begun. */
export function notBegun(before: Tracked, { failure }: { failure: Failure }): Step {
  return stay({ ...before, ...nothingAwaited }, answer("run", failure));
}

/** Evidence is watched for from here on; what is to be sent waits until it is on the disk. */
export function leave(before: Tracked, { plan }: InputOf<"prepared">, now: number): Step {
  const { target, request } = plan;
  const patch = { message: "Sent; no answer yet.", target, request };
  const activity = advance(before.activity, "sent", { now, patch });
  const watching = plan.waitMs !== undefined;
  const leaving: Tracked = { ...before, phase: "leaving", pending: activity, plans: { own: plan }, watching };
  return stay(leaving, { kind: "record", activity });
}

/** The one place where something is sent. */
export function left(before: Tracked): Step {
  const activity = before.pending ?? before.activity;
  return stay({ ...before, phase: "sent", activity, pending: undefined }, { kind: "send" });
}

export function notSent(before: Tracked, { failure }: { failure: Failure }, now: number): Step {
  const { target = before.activity.target } = before.plans.own ?? {};
  const failed = move(before, "failed", { now, patch: { message: `Not sent: ${failure.message}`, target } });
  return and(failed, (after) => answerRun(after, failure, failure.hint));
}

export function onAnswer(before: Tracked, { answer: reply }: InputOf<"answered">, now: number): Step {
  const evidence = [replyEvidence(now, reply.message, reply.reply)];
  if (!reply.accepted) {
    const failure = refusal(reply.message);
    const patch = { message: failure.message, reply: reply.reply, evidence };
    return and(move(before, "refused", { now, patch }), (after) => answerRun(after, failure, failure.hint));
  }
  const message = reply.message || "Accepted; waiting for evidence that it happened.";
  const patch = { message, reply: reply.reply, evidence };
  const answered = move({ ...before, calling: false }, "acknowledged", { now, patch });
  const settling = and(answered, (after) => {
    if (reply.done === true) return proved(after, now);
    return and(takeEarly(after, now), (next) => (reply.over === true ? decide(next, now) : wait(next, now)));
  });
  return and(settling, (after) => stay(after, answer("run")));
}

export function onNoAnswer(before: Tracked, { failure }: InputOf<"unanswered">, now: number): Step {
  if (failure.details?.delivered === false) {
    const failed = move(before, "failed", { now, patch: { message: failure.message } });
    return and(failed, (after) => answerRun(after, failure, failure.hint));
  }
  const message = `${failure.message} It may have been received: reconcile to read the present state.`;
  const open = move({ ...before, calling: false }, "unknown", { now, patch: { message } });
  const settling = and(open, (after) => and(takeEarly(after, now), (next) => wait(next, now)));
  return and(settling, (after) =>
    answerRun(after, failure, "Reconcile the activity to find out whether it happened."),
  );
}

/** Where nothing is read afterwards, the reply's own message is all that will ever be known. */
function proved(before: Tracked, now: number): Step {
  const { message } = before.activity;
  return confirm(before, now, {
    message: before.plans.own?.readable ? "Done when the reply came." : message,
  });
}

/** The far side has done what it will do: nothing is waited for, and a reading says what it was. */
function decide(before: Tracked, now: number): Step {
  if (before.phase !== "acknowledged" && before.phase !== "unknown") return stay(before);
  const waited = { ...before, waited: true };
  return before.plans.own?.readable ? read(waited, "own", now) : wait(waited, now);
}

function answerRun(before: Tracked, failure: Failure, hint: string | undefined): Step {
  return stay(before, answer("run", withActivity(failure, before.activity, hint)));
}
