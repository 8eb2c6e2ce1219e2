import { vi } from "vitest";
import {
  type Acknowledgement,
  type Activity,
  type CommandExecution,
  Failure,
  type Finding,
  isSettled,
  type Verdict,
} from "../../../../shared/contract/index.ts";
import type { ActivityEngine } from "../engine.ts";
import type { ActivityJournal } from "../journal-queue.ts";
import type { Intent } from "../steps.ts";

const waitMs = 10_000;

export const intent: Intent = {
  operation: "lattice.components.scale",
  title: "Scale cart to 3",
  input: { connectionId: "here", componentId: "cart" },
  options: {},
  context: { transport: "http", actor: "ada", scope: "change" },
};

export interface Shape {
  watchable: boolean;
  readable: boolean;
  verifyWhenOver: boolean;
  /** Number of the record from which the journal fails, until it is mended. */
  failsFrom: number;
}

export type EngineUnderTest = Pick<
  ActivityEngine,
  "run" | "reconcile" | "resume" | "recover" | "follow" | "close"
>;
type Make = (parts: {
  journal: ActivityJournal;
  prepareAgain(): Promise<CommandExecution>;
  onJournalError(): void;
  onJournalRestored(): void;
}) => EngineUnderTest;

interface Promised<T> {
  resolve(value: T): void;
  reject(failure: Failure): void;
}

const evidence = (summary: string) => ({ at: new Date().toISOString(), kind: "note" as const, summary });
const timeout = () => new Failure({ code: "timeout", message: "no answer" });
const notDelivered = () =>
  new Failure({ code: "not_found", message: "nobody there", details: { delivered: false } });

export const actions = [
  ...(["accept", "done", "over", "refuse", "noAnswer", "notDelivered"] as const),
  ...(["confirm", "fail", "doubt"] as const),
  ...(["readAsWanted", "readOtherwise", "readProof", "readNothing"] as const),
  ...(["second", "wait", "reconcile", "reconcileTwice", "resume"] as const),
  ...(["restart", "breakJournal", "mendJournal"] as const),
];
export type Action = (typeof actions)[number];

/** A console with one command, a far side that does as it is told, and a journal that can fail. */
export class Scenario {
  readonly records: Activity[] = [];
  memory: Activity | undefined;
  sends = 0;
  watches = 0;
  /** A success was reported, or the reply was the proof, before there was an end. */
  succeeded = false;
  outages = 0;
  restorals = 0;
  /** Calls that were made, and those that were answered. */
  asked = 0;
  answered = 0;
  /** The answers of those who asked at once. */
  readonly pairs: Promise<[unknown, unknown]>[] = [];
  isOver = false;
  #isDown = false;
  #engine: EngineUnderTest;
  #reporters = new Set<(finding: Finding) => void>();
  #sending: Promised<Acknowledgement>[] = [];
  #reading: Promised<Verdict>[] = [];

  constructor(
    private readonly shape: Shape,
    private readonly make: Make,
  ) {
    this.#engine = this.#start();
  }

  begin(): Promise<unknown> {
    void this.#count(this.#engine.run(intent, async () => this.#execution()));
    return settle();
  }

  /** What is to be so at any time. */
  get problem(): string | undefined {
    const { memory, sends } = this;
    if (sends > 1) return "it was sent twice";
    const ends = this.records.flatMap(({ state }, index) => (isSettled(state) ? [index] : []));
    if (ends.length > 1) return "it ended twice";
    if (ends.some((index) => index < this.records.length - 1)) return "something was written after its end";
    if (this.isSettled && this.watches > 0) return "it is watched after its end";
    return memory?.state === "failed" ? this.#problemOfFailure(memory) : undefined;
  }

  #problemOfFailure({ message, steps }: Activity): string | undefined {
    const by = message.split(":").at(-1)?.trim();
    if (by === "proof" || by === "nobody there") return undefined;
    if (this.succeeded) return "it failed although there was evidence of success";
    const at = (state: string) => Date.parse(steps.find((step) => step.state === state)?.at ?? "");
    const waitedMs = at("failed") - (at("acknowledged") || at("sent"));
    const isTooSoon = by === "read failed" && this.shape.watchable && !this.isOver && waitedMs < waitMs;
    return isTooSoon ? "a reading called it failed while it may have been under way" : undefined;
  }

  readonly actions: Record<Action, () => unknown> = {
    accept: () => this.#answer({ accepted: true, message: "", reply: 1 }),
    done: () => this.#answer({ accepted: true, message: "", reply: 1, done: true }),
    over: () => this.#answer({ accepted: true, message: "", reply: 1, over: true }),
    refuse: () => this.#answer({ accepted: false, message: "no", reply: 0 }),
    noAnswer: () => this.#sending.shift()?.reject(timeout()),
    notDelivered: () => this.#sending.shift()?.reject(notDelivered()),
    confirm: () => this.report("confirmed"),
    fail: () => this.report("failed"),
    doubt: () => this.report("unknown"),
    readAsWanted: () => this.read("verified"),
    readOtherwise: () => this.read("failed"),
    readProof: () => this.read("failed", true),
    readNothing: () => this.#reading.shift()?.reject(timeout()),
    second: () => vi.advanceTimersByTimeAsync(1_000),
    wait: () => vi.advanceTimersByTimeAsync(waitMs),
    reconcile: () => this.reconcile(),
    reconcileTwice: () => this.pairs.push(Promise.all([this.reconcile(), this.reconcile()])),
    resume: () => this.#track((id) => this.#engine.resume(id)),
    restart: () => this.restart(),
    breakJournal: () => this.#setDown(true),
    mendJournal: () => this.#setDown(false),
  };

  async perform(action: Action): Promise<void> {
    this.actions[action]();
    await settle();
  }

  report(verdict: Finding["verdict"]): void {
    if (verdict === "confirmed" && this.#reporters.size > 0 && !this.isSettled) this.succeeded = true;
    const finding = { verdict, message: verdict, evidence: evidence(verdict) };
    for (const report of [...this.#reporters]) report(finding);
  }

  read(verdict: Verdict["verdict"], proof = false): void {
    const summary = proof ? "proof" : `read ${verdict}`;
    this.#reading.shift()?.resolve({ verdict, proof, message: summary, evidence: evidence(summary) });
  }

  reconcile(): Promise<unknown> {
    return this.#track((id) => this.#engine.reconcile(id));
  }

  get readings(): number {
    return this.#reading.length;
  }

  get isSettled(): boolean {
    return this.memory !== undefined && isSettled(this.memory.state);
  }

  /** The process ends, and what it had not written is gone. */
  restart(): void {
    this.#engine.close();
    this.outages = 0;
    this.restorals = 0;
    this.#sending = [];
    this.#reading = [];
    this.memory = this.records.at(-1);
    this.isOver &&= this.isSettled;
    this.succeeded = this.memory?.steps.some(({ state }) => state === "confirmed") ?? false;
    this.#engine = this.#start();
    this.#engine.recover();
  }

  /** Everything answers, and all times are over. */
  async end(): Promise<void> {
    this.#setDown(false);
    for (let left = 20; left > 0 && this.#sending.length + this.#reading.length > 0; left--) {
      this.actions.noAnswer();
      this.actions.readNothing();
      await settle();
    }
    for (let left = 20; left > 0; left--) {
      await vi.advanceTimersByTimeAsync(waitMs);
      while (this.#reading.length > 0) this.actions.readNothing();
      await settle();
    }
    await vi.advanceTimersByTimeAsync(20 * 60_000);
  }

  close(): void {
    this.#engine.close();
  }

  #start(): EngineUnderTest {
    const engine = this.make({
      journal: {
        append: (activity) => this.#append(activity),
        get: (id) => this.records.findLast((one) => one.id === id),
        unsettled: () => this.records.slice(-1).filter(({ state }) => !isSettled(state)),
        newest: () => this.records.slice(-1),
      },
      prepareAgain: async () => this.#execution(),
      onJournalError: () => this.outages++,
      onJournalRestored: () => this.restorals++,
    });
    engine.follow(undefined, ([activity]) => {
      this.memory = activity;
    });
    return engine;
  }

  #append(activity: Activity) {
    if (this.records.length === this.shape.failsFrom) {
      this.#isDown = true;
      this.shape.failsFrom = -1;
    }
    if (this.#isDown) throw new Failure({ code: "internal", message: "the disk is full" });
    this.records.push(structuredClone(activity));
    return { sequence: this.records.length, activity, previousHash: "", hash: "" };
  }

  #setDown(isDown: boolean): void {
    this.#isDown = isDown;
    if (!isDown) this.shape.failsFrom = -1;
  }

  #track(call: (id: string) => Promise<unknown>): Promise<unknown> {
    const { memory } = this;
    return memory ? this.#count(call(memory.id)) : Promise.resolve();
  }

  #count(call: Promise<unknown>): Promise<unknown> {
    this.asked++;
    return call.catch((failure: Failure) => failure.toData()).finally(() => this.answered++);
  }

  #answer(answer: Acknowledgement): void {
    const sending = this.#sending.shift();
    if (sending && answer.accepted) {
      this.isOver = answer.over === true;
      this.succeeded ||= answer.done === true;
    }
    sending?.resolve(answer);
  }

  #execution(): CommandExecution {
    const { watchable, readable, verifyWhenOver } = this.shape;
    return {
      target: { kind: "component", id: "cart", label: "cart" },
      request: { protocol: "nats", address: "scale" },
      send: () => {
        this.sends++;
        return new Promise((resolve, reject) => this.#sending.push({ resolve, reject }));
      },
      ...(watchable && { evidence: { waitMs, verifyWhenOver, watch: (report) => this.#watch(report) } }),
      ...(readable && {
        verify: () => new Promise((resolve, reject) => this.#reading.push({ resolve, reject })),
      }),
    };
  }

  #watch(report: (finding: Finding) => void): () => void {
    this.watches++;
    this.#reporters.add(report);
    return () => {
      this.watches--;
      this.#reporters.delete(report);
    };
  }
}

function settle(): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(0);
}
