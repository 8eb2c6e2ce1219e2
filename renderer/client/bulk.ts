import { useEffect, useState, useSyncExternalStore } from "react";
import type { InputFor, OperationName, OutputFor } from "../../shared/catalogue.ts";
import { type Activity, asFailure, type FailureData } from "../../shared/contract/index.ts";
import { type CommandOptions, runCommand } from "./command.ts";

export type BulkItemState = "waiting" | "running" | "done" | "failed";

/** What became of one item: `done` means accepted; its activity tells whether it happened. */
export interface BulkReceipt<Input> {
  input: Input;
  state: BulkItemState;
  activity?: Activity;
  failure?: FailureData;
  /** The input is not whole any more, so that it cannot be sent again. */
  forgotten?: boolean;
}

export interface BulkProgress<Input> {
  receipts: readonly BulkReceipt<Input>[];
  batch: string;
  running: boolean;
  /** Stopped by the person, or by the lock; waiting items stay waiting until resumed. */
  stopped: boolean;
  /** The protected connection locked itself meanwhile: what waits needs its name again. */
  locked: boolean;
}

/** What is kept of an item once its answer came; undefined where it may be kept whole. */
type Forget<Input> = (input: Input) => Input | undefined;

type RunOne<Input> = (input: Input, options: CommandOptions) => Promise<unknown>;

const concurrency = 4;

export interface BulkRequest<Input> {
  inputs: readonly Input[];
  run: RunOne<Input>;
  options?: CommandOptions;
  /** A typed name unlocks for some minutes: it goes with the first items only, and undoes no lock that falls since. */
  phraseLasts?: boolean;
  forget?: Forget<Input> | undefined;
}

/** Runs one command over many inputs, at most four at a time, under one batch id. */
export class BulkRun<Input> {
  private readonly runOne: RunOne<Input>;
  private options: CommandOptions;
  private readonly forget: Forget<Input> | undefined;
  private readonly listeners = new Set<() => void>();
  private progress: BulkProgress<Input>;
  private active = 0;
  private readonly phraseLasts: boolean;
  private firstAlone = false;

  constructor(request: BulkRequest<Input>) {
    const batch = request.options?.batch ?? crypto.randomUUID();
    this.runOne = request.run;
    this.phraseLasts = request.phraseLasts === true;
    this.forget = request.forget;
    this.options = { ...request.options, batch };
    const receipts = request.inputs.map((input): BulkReceipt<Input> => ({ input, state: "waiting" }));
    this.progress = { receipts, batch, running: false, stopped: false, locked: false };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getProgress = (): BulkProgress<Input> => this.progress;

  /** Starts or resumes the waiting items. */
  start(): void {
    this.change({ stopped: false, locked: false });
    this.fill();
  }

  /** Goes on with what the lock kept back, with the name that was typed for it. */
  unlock(options: CommandOptions): void {
    this.options = { ...this.options, ...options };
    if (this.firstAlone && this.progress.receipts.every(({ state }) => state === "waiting"))
      this.startWithFirst();
    else this.start();
  }

  /** Runs the first waiting item only and stops, so that a person sees what becomes of it before the others go. */
  startWithFirst(): void {
    this.firstAlone = true;
    this.change({ stopped: true, locked: false });
    const index = this.progress.receipts.findIndex(({ state }) => state === "waiting");
    if (index >= 0) void this.runAt(index);
    this.change({ running: this.active > 0 });
  }

  /** Sends nothing more; what was sent already runs to its end. */
  stop(): void {
    this.change({ stopped: true });
  }

  /** Puts the failed items back into the queue, and only them. */
  retryFailed(): void {
    const receipts = this.progress.receipts.map(
      ({ input, state, ...rest }): BulkReceipt<Input> =>
        state === "failed" && !rest.forgotten ? { input, state: "waiting" } : { input, state, ...rest },
    );
    this.change({ receipts });
    this.start();
  }

  private fill(): void {
    while (this.active < concurrency && !this.progress.stopped) {
      const index = this.progress.receipts.findIndex((receipt) => receipt.state === "waiting");
      if (index < 0) break;
      void this.runAt(index);
    }
    this.change({ running: this.active > 0 });
  }

  private async runAt(index: number): Promise<void> {
    this.active += 1;
    const input = this.settle(index, { state: "running" });
    try {
      const output = await this.runOne(input, this.options);
      this.spendPhrase();
      this.settle(index, { state: "done", ...(isActivity(output) ? { activity: output } : {}) });
    } catch (error) {
      this.fail(index, asFailure(error).toData());
    }
    this.active -= 1;
    this.fill();
  }

  /** What the lock refused was not sent: it waits for the name, and so do the others. */
  private fail(index: number, failure: FailureData): void {
    const isLocked = failure.code === "confirmation_required" && failure.details?.phraseNeeded === true;
    this.settle(index, isLocked ? { state: "waiting" } : { state: "failed", failure });
    if (isLocked) this.change({ stopped: true, locked: true });
    else this.spendPhrase();
  }

  private spendPhrase(): void {
    const { confirmed } = this.options;
    if (this.phraseLasts && confirmed) this.options = { ...this.options, confirmed: {} };
  }

  private settle(index: number, outcome: Omit<BulkReceipt<Input>, "input">): Input {
    const receipts = this.progress.receipts.slice();
    const { input } = receipts[index] as BulkReceipt<Input>;
    const isAnswered = outcome.state === "done" || outcome.state === "failed";
    const kept = isAnswered ? this.forget?.(input) : undefined;
    receipts[index] =
      kept === undefined ? { input, ...outcome } : { input: kept, forgotten: true, ...outcome };
    this.change({ receipts });
    return input;
  }

  private change(part: Partial<BulkProgress<Input>>): void {
    this.progress = { ...this.progress, ...part };
    for (const listener of this.listeners) listener();
  }
}

function isActivity(output: unknown): output is Activity {
  return typeof output === "object" && output !== null && "id" in output && "steps" in output;
}

/** Prepares one command over many inputs; call `start()` on it. */
function bulkOf<Name extends OperationName>(request: {
  name: Name;
  inputs: readonly InputFor<Name>[];
  options?: CommandOptions;
  phraseLasts?: boolean;
  forget?: Forget<InputFor<Name>> | undefined;
}): BulkRun<InputFor<Name>> {
  const run = (input: InputFor<Name>, options: CommandOptions): Promise<OutputFor<Name>> =>
    runCommand({ name: request.name, input, options });
  return new BulkRun({
    ...request,
    run,
  });
}

const idle: BulkProgress<never> = { receipts: [], batch: "", running: false, stopped: false, locked: false };
const notFollowed = (): (() => void) => () => undefined;

/** Holds one bulk run in a component and follows its progress; leaving the page stops what is still waiting. */
export function useBulk<Name extends OperationName>(name: Name, forget?: Forget<InputFor<Name>>) {
  const [run, setRun] = useState<BulkRun<InputFor<Name>>>();
  useEffect(() => () => run?.stop(), [run]);
  const progress: BulkProgress<InputFor<Name>> = useSyncExternalStore(
    run?.subscribe ?? notFollowed,
    run?.getProgress ?? (() => idle),
  );
  const start = (
    inputs: readonly InputFor<Name>[],
    options?: CommandOptions,
    more: { firstAlone?: boolean; phraseLasts?: boolean } = {},
  ): void => {
    const next = bulkOf({
      name,
      inputs,
      forget,
      ...(options ? { options } : {}),
      phraseLasts: more.phraseLasts === true,
    });
    setRun(next);
    if (more.firstAlone) next.startWithFirst();
    else next.start();
  };
  return {
    progress,
    start,
    stop: () => run?.stop(),
    resume: () => run?.start(),
    unlock: (options: CommandOptions) => run?.unlock(options),
    retryFailed: () => run?.retryFailed(),
    clear: () => setRun(undefined),
  };
}
