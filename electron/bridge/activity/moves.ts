import {
  type Activity,
  type ActivityState,
  type Failure,
  isSettled,
} from "../../../shared/contract/index.ts";
import { advance, annotate } from "./steps.ts";
import {
  type Caller,
  type Course,
  type Effect,
  type Reading,
  type Step,
  type Tracked,
  waitLeft,
} from "./tracked.ts";

/** No move: what is tracked, and what is to be done. */
export function stay(tracked: Tracked, ...effects: Effect[]): Step {
  return { tracked, effects };
}

/** One step after another. */
export function and({ tracked, effects }: Step, next: (tracked: Tracked) => Step): Step {
  const after = next(tracked);
  return { tracked: after.tracked, effects: [...effects, ...after.effects] };
}

/** To another state. In one that is an end, nothing is watched, awaited or asked any more, and whoever asked is answered. */
export function move(
  before: Tracked,
  state: ActivityState,
  change: { now: number; patch: Partial<Activity>; proof?: boolean },
): Step {
  const activity = advance(before.activity, state, change);
  const moved: Tracked = { ...before, phase: state, activity };
  const append: Effect = { kind: "append", activity };
  if (!isSettled(state)) return stay(moved, append);
  const ended = { ...moved, ...nothingAwaited };
  return stay(ended, append, answer("reconcile"), answer("resume"));
}

/** A remark in the same state. */
export function note(before: Tracked, now: number, patch: Partial<Activity>): Step {
  const activity = annotate(before.activity, now, patch);
  return stay({ ...before, activity }, { kind: "append", activity });
}

export function answer(caller: Caller, failure?: Failure): Effect {
  return { kind: "answer", caller, failure };
}

/** Reads the present state; a reading of the same course that is under way counts no more. */
export function read(before: Tracked, course: Course, now: number, retries = 0): Step {
  const number = before.lastReading + 1;
  const conclusive = waitLeft(before, now) === 0;
  const reading: Reading = { number, conclusive, startedIn: before.phase, retries };
  const work = { ...before.work, [course]: reading };
  return stay({ ...before, work, lastReading: number }, { kind: "read", course, number });
}

/** What ends with an activity. */
export const nothingAwaited = {
  pending: undefined,
  calling: false,
  watching: false,
  timer: undefined,
  early: {},
  work: {},
} as const;
