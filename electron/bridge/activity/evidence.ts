import type { Activity, Finding } from "../../../shared/contract/index.ts";
import { overdueMessage } from "./messages.ts";
import { and, move, note, read, stay } from "./moves.ts";
import { type Input, type Step, type Tracked, waitLeft } from "./tracked.ts";

type Found = Extract<Input, { kind: "found" }>;

/** A finding that comes before the answer; more than one of a kind says no more than the first. */
export function keep(before: Tracked, { finding }: Found): Step {
  return stay({ ...before, early: { [finding.verdict]: finding, ...before.early } });
}

/** Of what came before the answer, success counts first: a failure cannot undo what it is evidence of. */
export function takeEarly(before: Tracked, now: number): Step {
  const { confirmed, failed, unknown } = before.early;
  const finding = confirmed ?? failed ?? unknown;
  const taken = { ...before, early: {} };
  return finding ? weigh(taken, { kind: "found", finding }, now) : stay(taken);
}

/** What a finding says of something acknowledged or unknown. */
export function weigh(before: Tracked, { finding }: Found, now: number): Step {
  const patch = patchOf(finding);
  if (finding.verdict === "confirmed") return confirm(before, now, patch);
  if (finding.verdict === "failed") return move(before, "failed", { now, patch });
  // Once is enough: whoever else fails over and over must not fill the log.
  if (before.doubted) return stay(before);
  const doubted = { ...before, doubted: true };
  return before.phase === "unknown" ? note(doubted, now, patch) : move(doubted, "unknown", { now, patch });
}

function patchOf({ message, evidence }: Finding): Partial<Activity> {
  return { message, evidence: [evidence] };
}

/** Evidence says that it happened; a reading is to say what is so now. */
export function confirm(before: Tracked, now: number, patch: Partial<Activity>): Step {
  const { asked } = before.work;
  const heard: Tracked = { ...before, watching: false, timer: undefined, early: {}, work: { asked } };
  return and(move(heard, "confirmed", { now, patch }), (after) =>
    after.plans.own?.readable ? read(after, "own", now) : stay(after),
  );
}

/** What is acknowledged waits for evidence; so does what was not answered, where a reading is to decide. */
export function wait(before: Tracked, now: number): Step {
  const { phase, plans } = before;
  if (phase === "acknowledged" || (phase === "unknown" && plans.own?.decidesByReading))
    return stay({ ...before, timer: { ms: waitLeft(before, now), ends: "waiting" } });
  return phase === "unknown" ? stay(listen(before)) : stay(before);
}

/** Late evidence still counts for a while. */
export function listen(before: Tracked): Tracked {
  return { ...before, timer: { ms: before.listenMs, ends: "listening" } };
}

/** The pause before a reading is tried again is over. */
export function retry(before: Tracked, _input: Input, now: number): Step {
  const { timer } = before;
  if (timer?.ends !== "pause") return stay(before);
  return read({ ...before, timer: undefined }, "own", now, timer.retries);
}

/** A time is over. */
export function elapsed(before: Tracked, input: Input, now: number): Step {
  const { timer, plans, phase, activity } = before;
  if (!timer) return stay(before);
  if (timer.ends === "pause") return retry(before, input, now);
  if (timer.ends === "listening") return stay({ ...before, timer: undefined, watching: false });
  const waited: Tracked = { ...before, timer: undefined, waited: true };
  if (plans.own?.decidesByReading) return read(waited, "own", now);
  if (phase === "unknown") return stay(listen(waited));
  const message = overdueMessage(plans.own?.waitMs, activity);
  return and(move(waited, "unknown", { now, patch: { message } }), (after) => stay(listen(after)));
}
