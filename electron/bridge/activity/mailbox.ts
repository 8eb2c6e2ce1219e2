import {
  type Activity,
  asFailure,
  type Clock,
  type CommandExecution,
  Failure,
  type Verdict,
} from "../../../shared/contract/index.ts";
import { step } from "./machine.ts";
import { unreadable } from "./messages.ts";
import {
  type Caller,
  type Course,
  type Effect,
  type Input,
  isAtRest,
  type Plan,
  planOf,
  type Timer,
  type Tracked,
} from "./tracked.ts";

export interface MailboxParts {
  clock: Clock;
  /** Writes and announces a step; throws where it cannot be written. */
  record(activity: Activity): void;
  /** Writes and announces a step, later where it cannot be written now. */
  append(activity: Activity): void;
  /** Prepares the command for the first time. */
  prepare(): Promise<CommandExecution>;
  prepareAgain(activity: Activity, course: Course): Promise<CommandExecution>;
  /** Nothing of it is awaited any more. */
  onRest(): void;
}

interface Waiting {
  caller: Caller;
  resolve(activity: Activity): void;
  reject(failure: Failure): void;
}

/** Does what the machine says about one activity: its inputs are worked on one after the other, never two at once. */
export class Mailbox {
  readonly #inputs: Input[] = [];
  readonly #executions: Partial<Record<Course, CommandExecution>> = {};
  #waiting: Waiting[] = [];
  #isWorking = false;
  #isClosed = false;
  #timer: Timer | undefined;
  #cancelTimer: (() => void) | undefined;
  #endWatch: (() => void) | undefined;

  constructor(
    public tracked: Tracked,
    private readonly parts: MailboxParts,
  ) {}

  /** Resolves with the activity when the machine answers this caller. */
  ask(caller: Caller, input: Input): Promise<Activity> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ caller, resolve, reject });
      this.#post(input);
    });
  }

  /** Ends all that is awaited; whoever waits for an answer is told so. */
  close(): void {
    this.#isClosed = true;
    this.#release();
    const { id, state } = this.tracked.activity;
    const message = `The console is closing; this activity is ${state}.`;
    const failure = new Failure({ code: "unreachable", message, details: { activityId: id, state } });
    for (const { reject } of this.#waiting.splice(0)) reject(failure);
  }

  #post(input: Input): void {
    if (this.#isClosed) return;
    this.#inputs.push(input);
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      for (let next = this.#inputs.shift(); next && !this.#isClosed; next = this.#inputs.shift())
        this.#work(next);
    } finally {
      this.#isWorking = false;
    }
    if (this.#isClosed || !isAtRest(this.tracked)) return;
    this.#isClosed = true;
    this.parts.onRest();
  }

  #work(input: Input): void {
    const { tracked, effects } = step(this.tracked, input, this.parts.clock.now());
    this.tracked = tracked;
    this.#setTimer(tracked.timer);
    try {
      this.#setWatch(tracked.watching);
    } catch (error) {
      this.#inputs.unshift({ kind: "unwatched", failure: asFailure(error) });
      return;
    }
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: Effect): void {
    if (effect.kind === "record") this.#record(effect.activity);
    else if (effect.kind === "append") this.parts.append(effect.activity);
    else if (effect.kind === "prepare") void this.#prepare();
    else if (effect.kind === "prepare-again") void this.#prepareAgain(effect.course);
    else if (effect.kind === "send") void this.#send();
    else if (effect.kind === "read") void this.#read(effect.course, effect.number);
    else this.#answer(effect.caller, effect.failure);
  }

  #record(activity: Activity): void {
    try {
      this.parts.record(activity);
      this.#inputs.unshift({ kind: "written" });
    } catch (error) {
      this.#inputs.unshift({ kind: "unwritten", failure: asFailure(error) });
    }
  }

  #prepare(): Promise<void> {
    return this.#attempt(
      async () => ({ kind: "prepared", plan: this.#keep("own", await this.parts.prepare()) }),
      (failure) => ({ kind: "unprepared", failure }),
    );
  }

  #prepareAgain(course: Course): Promise<void> {
    const { activity } = this.tracked;
    return this.#attempt(
      async () => {
        const execution = await this.parts.prepareAgain(activity, course);
        return { kind: "prepared-again", course, plan: this.#keep(course, execution) };
      },
      (failure) => ({ kind: "unprepared-again", course, failure }),
    );
  }

  #send(): Promise<void> {
    return this.#attempt(
      async () => ({ kind: "answered", answer: await this.#execution("own").send() }),
      (failure) => ({ kind: "unanswered", failure }),
    );
  }

  #read(course: Course, number: number): Promise<void> {
    const execution = this.#executions.own ?? this.#execution(course);
    return this.#attempt(
      async () => ({ kind: "read", course, number, verdict: await readingOf(execution) }),
      (failure) => {
        const verdict = unreadable(this.parts.clock.now(), failure);
        return { kind: "read", course, number, verdict, unread: true };
      },
    );
  }

  /** What comes of it is an input like any other. */
  async #attempt(work: () => Promise<Input>, onFailure: (failure: Failure) => Input): Promise<void> {
    this.#post(await work().catch((error) => onFailure(asFailure(error))));
  }

  #keep(course: Course, execution: CommandExecution): Plan {
    this.#executions[course] = execution;
    return planOf(execution);
  }

  #execution(course: Course): CommandExecution {
    const execution = this.#executions[course];
    if (!execution) throw new Error(`activity ${this.tracked.activity.id} is not prepared`);
    return execution;
  }

  #answer(caller: Caller, failure: Failure | undefined): void {
    const { activity } = this.tracked;
    const [answered, others] = [
      this.#waiting.filter((one) => one.caller === caller),
      this.#waiting.filter((one) => one.caller !== caller),
    ];
    this.#waiting = others;
    for (const { resolve, reject } of answered) failure ? reject(failure) : resolve(activity);
  }

  #setTimer(timer: Timer | undefined): void {
    if (timer === this.#timer) return;
    this.#cancelTimer?.();
    this.#timer = timer;
    this.#cancelTimer =
      timer &&
      this.parts.clock.after(timer.ms, () => this.#timer === timer && this.#post({ kind: "elapsed" }));
  }

  #setWatch(watching: boolean): void {
    if (watching === (this.#endWatch !== undefined)) return;
    this.#endWatch?.();
    this.#endWatch = watching ? this.#watch() : undefined;
  }

  /** What is reported after the end is no input: far sides may be looking while they are told to stop. */
  #watch(): () => void {
    const end = new AbortController();
    const stop = this.#execution("own").evidence?.watch((finding) => {
      if (!end.signal.aborted) this.#post({ kind: "found", finding });
    });
    return () => {
      end.abort();
      stop?.();
    };
  }

  #release(): void {
    this.#setTimer(undefined);
    this.#setWatch(false);
  }
}

function readingOf({ verify }: CommandExecution): Promise<Verdict> {
  if (!verify) throw new Error("nothing can be read of this command");
  return verify();
}
