import {
  type Acknowledgement,
  type Activity,
  activityStates,
  type CommandExecution,
  type Failure,
  type Finding,
  type Verdict,
} from "../../../shared/contract/index.ts";

/** Where an activity is: `new` and `leaving` while its first step, or the one to `sent`, is being written. */
export const phases = ["new", "leaving", ...activityStates] as const;
export type Phase = (typeof phases)[number];

/** Whose execution is meant: the console's own, which is followed, or one that was prepared because somebody asked. */
export type Course = "own" | "asked";

/** How a command is settled: what its execution says of it, without the functions. */
export interface Plan extends Pick<CommandExecution, "target" | "request"> {
  /** Undefined where nothing announces the outcome. */
  waitMs: number | undefined;
  /** When the wait is over, a reading decides. */
  decidesByReading: boolean;
  readable: boolean;
}

export interface Reading {
  number: number;
  /** Where it was begun when the waiting time was over. */
  conclusive: boolean;
  /** The state that it was begun in. */
  startedIn: Phase;
  /** How often it was tried before. */
  retries: number;
}

/** The one timer; a new object is a new timer. */
export interface Timer {
  ms: number;
  /** What is over then: the waiting time, the listening for late evidence, or the pause before a reading is tried again. */
  ends: "waiting" | "listening" | "pause";
  /** How often the reading after a pause was tried before. */
  retries?: number;
}

/** Everything that the next step depends on. What is to be watched and waited for is part of it, so that nothing can be left over. */
export interface Tracked {
  readonly phase: Phase;
  /** As it was recorded last. */
  readonly activity: Activity;
  /** The step that is being written; it is not taken before it is on the disk. */
  readonly pending: Activity | undefined;
  /** Something that was asked for has not answered yet: the journal, the preparation, the far side. */
  readonly calling: boolean;
  readonly plans: Readonly<Partial<Record<Course, Plan>>>;
  readonly watching: boolean;
  readonly timer: Timer | undefined;
  /** The first finding of each kind that came before the answer. */
  readonly early: Readonly<Partial<Record<Finding["verdict"], Finding>>>;
  /** The waiting time is over, whatever the clock says. */
  readonly waited: boolean;
  /** A failure was seen that may be somebody else's. */
  readonly doubted: boolean;
  /** Readings under way, at most one of each course. */
  readonly work: Readonly<Partial<Record<Course, Reading | "preparing">>>;
  readonly lastReading: number;
  /** Milliseconds that evidence is still listened for after an outcome was called unknown. */
  readonly listenMs: number;
}

/** What can happen to an activity. */
export type Input =
  | { kind: "begin" }
  | { kind: "written" }
  | { kind: "unwritten"; failure: Failure }
  | { kind: "prepared"; plan: Plan }
  | { kind: "unprepared"; failure: Failure }
  /** Watching could not begin, so that nothing else of the step was done. */
  | { kind: "unwatched"; failure: Failure }
  | { kind: "answered"; answer: Acknowledgement }
  | { kind: "unanswered"; failure: Failure }
  | { kind: "found"; finding: Finding }
  | { kind: "elapsed" }
  | { kind: "reconcile" }
  | { kind: "resume" }
  | { kind: "prepared-again"; course: Course; plan: Plan }
  | { kind: "unprepared-again"; course: Course; failure: Failure }
  /** `unread`: nothing could be read, and the verdict says why. */
  | { kind: "read"; course: Course; number: number; verdict: Verdict; unread?: boolean };

/** Who waits for an answer. */
export type Caller = "run" | "reconcile" | "resume";

/** What is to be done after a step, in this order. */
export type Effect =
  /** Has to be on the disk: `written` or `unwritten` follows. */
  | { kind: "record"; activity: Activity }
  /** Is written as soon as it can be. */
  | { kind: "append"; activity: Activity }
  | { kind: "prepare" }
  | { kind: "prepare-again"; course: Course }
  | { kind: "send" }
  | { kind: "read"; course: Course; number: number }
  /** Answers all who wait for it: with the activity as it is, or with what went wrong. */
  | { kind: "answer"; caller: Caller; failure?: Failure };

export interface Step {
  readonly tracked: Tracked;
  readonly effects: readonly Effect[];
}

/** An activity that nothing is done about yet: a new one, or one that the journal knows. */
export function tracked(phase: Phase, activity: Activity, listenMs: number): Tracked {
  return {
    phase,
    activity,
    pending: undefined,
    calling: false,
    plans: {},
    watching: false,
    timer: undefined,
    early: {},
    waited: false,
    doubted: false,
    work: {},
    lastReading: 0,
    listenMs,
  };
}

export function planOf({ target, request, evidence, verify }: CommandExecution): Plan {
  const readable = verify !== undefined;
  const decidesByReading = readable && evidence?.verifyWhenOver === true;
  return { target, request, waitMs: evidence?.waitMs, decidesByReading, readable };
}

/** Milliseconds of the waiting time that are left; it counts from the acknowledgement, from the sending where none came. */
export function waitLeft({ waited, plans, activity }: Tracked, now: number): number {
  const waitMs = (plans.own ?? plans.asked)?.waitMs;
  const step =
    activity.steps.find(({ state }) => state === "acknowledged") ??
    activity.steps.find(({ state }) => state === "sent");
  if (waited || waitMs === undefined || !step) return 0;
  return Math.min(waitMs, Math.max(0, Date.parse(step.at) + waitMs - now));
}

/** Whether the console follows it by itself. */
export function isFollowed({ calling, watching, timer, work }: Tracked): boolean {
  return calling || watching || timer !== undefined || work.own !== undefined;
}

/** Whether nothing is awaited any more. */
export function isAtRest(tracked: Tracked): boolean {
  return !isFollowed(tracked) && tracked.work.asked === undefined;
}
