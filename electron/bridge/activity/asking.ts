import { Failure } from "../../../shared/contract/index.ts";
import { listen } from "./evidence.ts";
import { nothingToRead } from "./messages.ts";
import { answer, read, stay } from "./moves.ts";
import { type Input, isFollowed, type Step, type Tracked } from "./tracked.ts";

type PreparedAgain = Extract<Input, { kind: "prepared-again" }>;

export function nothingToSettle(before: Tracked): Step {
  const message = `This activity is ${before.activity.state}; there is nothing to settle.`;
  return stay(before, answer("reconcile", new Failure({ code: "conflict", message })));
}

export function nothingToFollow(before: Tracked): Step {
  return stay(before, answer("resume"));
}

/** Somebody asks how it is: whoever asks while a reading is under way shares its answer. */
export function ask(before: Tracked, _input: Input, now: number): Step {
  if (before.work.asked) return stay(before);
  const { own } = before.plans;
  if (!own) return prepareAgain(before, "asked");
  return own.readable ? read(before, "asked", now) : stay(before, answer("reconcile", nothingToRead()));
}

/** Follows what an earlier run left unknown or only confirmed, where nobody does. */
export function follow(before: Tracked): Step {
  return isFollowed(before) ? stay(before) : prepareAgain(before, "own");
}

export function preparedAgain(before: Tracked, { course, plan }: PreparedAgain, now: number): Step {
  const ready: Tracked = {
    ...before,
    plans: { ...before.plans, [course]: plan },
    work: { ...before.work, [course]: undefined },
  };
  if (course === "asked")
    return plan.readable ? read(ready, "asked", now) : stay(ready, answer("reconcile", nothingToRead()));
  if (before.phase === "confirmed")
    return plan.readable ? read(ready, "own", now) : stay(ready, answer("resume"));
  return stay({ ...listen(ready), watching: plan.waitMs !== undefined }, answer("resume"));
}

export function unpreparedAgain(
  before: Tracked,
  { course, failure }: Omit<Extract<Input, { kind: "unprepared-again" }>, "kind">,
): Step {
  const work = { ...before.work, [course]: undefined };
  const caller = course === "own" ? "resume" : "reconcile";
  if (course === "asked") return stay({ ...before, work }, answer(caller, failure));
  return stay({ ...before, work, watching: false, timer: undefined }, answer(caller, failure));
}

function prepareAgain(before: Tracked, course: "own" | "asked"): Step {
  const work = { ...before.work, [course]: "preparing" as const };
  return stay({ ...before, work }, { kind: "prepare-again", course });
}
