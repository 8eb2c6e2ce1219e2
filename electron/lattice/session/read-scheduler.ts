import { asFailure, type Clock, type Failure } from "../../../shared/contract/index.ts";
import { type Delays, delayAfter } from "../../upstream/backoff.ts";

export interface ReadSchedulerOptions {
  clock: Clock;
  /** Reads one host; rejects where it does not answer. */
  read: (hostId: string) => Promise<unknown>;
  /** Hears of each failed read; answers whether to try again later. */
  onFailure: (hostId: string, failure: Failure, attempt: number) => boolean;
}

/** What belongs to one burst of changes is read once. */
const debounceMs = 150;
/** A busy host is not read more often than this; many busy hosts share 50 reads a second. */
const restMs = 1_000;
const hostsPerRest = 50;
const retryDelays: Delays = { firstMs: 500, longestMs: 60_000 };
const concurrent = 16;
/** Names of hosts that were made up do not queue up without end. */
const mostHosts = 10_000;

interface Schedule {
  cancel?: () => void;
  queued: boolean;
  reading: boolean;
  /** Something happened while it was read. */
  again: boolean;
  failures: number;
  lastReadMs: number;
  waiting: (() => void)[];
}

/** Decides which host's inventory is read when: coalesced per host, few at a time, with growing pauses after failures. */
export class ReadScheduler {
  readonly #options: ReadSchedulerOptions;
  readonly #hosts = new Map<string, Schedule>();
  #queue: string[] = [];
  #reading = 0;
  #timers = 0;
  #closed = false;

  constructor(options: ReadSchedulerOptions) {
    this.#options = options;
  }

  /** Reads a host soon, once for all requests of a short while. */
  soon(hostId: string): void {
    if (this.#hosts.size >= mostHosts && !this.#hosts.has(hostId)) return;
    const schedule = this.#schedule(hostId);
    if (schedule.reading) schedule.again = true;
    if (schedule.reading || schedule.queued || schedule.cancel || this.#closed) return;
    const rest = restMs * Math.ceil((this.#timers + 1) / hostsPerRest);
    const left = schedule.lastReadMs + rest - this.#options.clock.now();
    this.#startAfter(hostId, Math.max(debounceMs, Math.min(left, rest)));
  }

  /** Reads a host now; resolves when that read is over, whether it worked or not. */
  now(hostId: string): Promise<void> {
    if (this.#closed) return Promise.resolve();
    const schedule = this.#schedule(hostId);
    const done = new Promise<void>((resolve) => schedule.waiting.push(resolve));
    this.#cancel(schedule);
    if (schedule.reading) schedule.again = true;
    else this.#enqueue(hostId);
    return done;
  }

  /** The host's inventory became known in another way: no retry is needed. */
  settle(hostId: string): void {
    const schedule = this.#hosts.get(hostId);
    if (!schedule || schedule.failures === 0) return;
    this.#cancel(schedule);
    schedule.failures = 0;
  }

  /** The host is gone: nothing of it is read any more. */
  forget(hostId: string): void {
    const schedule = this.#hosts.get(hostId);
    if (!schedule || schedule.reading || schedule.queued) return;
    this.#cancel(schedule);
    this.#hosts.delete(hostId);
  }

  /** Ends all waiting; reads under way end without consequence. */
  close(): void {
    this.#closed = true;
    this.#queue = [];
    for (const schedule of this.#hosts.values()) {
      this.#cancel(schedule);
      release(schedule);
    }
    this.#hosts.clear();
  }

  #schedule(hostId: string): Schedule {
    const known = this.#hosts.get(hostId);
    if (known) return known;
    const fresh = { queued: false, reading: false, again: false, failures: 0, lastReadMs: 0, waiting: [] };
    this.#hosts.set(hostId, fresh);
    return fresh;
  }

  #startAfter(hostId: string, milliseconds: number): void {
    const schedule = this.#schedule(hostId);
    this.#timers += 1;
    schedule.cancel = this.#options.clock.after(milliseconds, () => {
      this.#cancel(schedule);
      this.#enqueue(hostId);
    });
  }

  #cancel(schedule: Schedule): void {
    if (!schedule.cancel) return;
    schedule.cancel();
    schedule.cancel = undefined;
    this.#timers -= 1;
  }

  #enqueue(hostId: string): void {
    const schedule = this.#schedule(hostId);
    if (!schedule.queued) this.#queue.push(hostId);
    schedule.queued = true;
    this.#pump();
  }

  #pump(): void {
    while (this.#reading < concurrent) {
      const hostId = this.#queue.shift();
      if (hostId === undefined) return;
      void this.#read(hostId, this.#schedule(hostId));
    }
  }

  async #read(hostId: string, schedule: Schedule): Promise<void> {
    this.#reading += 1;
    schedule.queued = false;
    schedule.reading = true;
    schedule.again = false;
    const waiting = schedule.waiting.splice(0);
    let failure: Failure | undefined;
    try {
      await this.#options.read(hostId);
    } catch (error) {
      failure = asFailure(error);
    }
    this.#reading -= 1;
    schedule.reading = false;
    schedule.lastReadMs = this.#options.clock.now();
    for (const resolve of waiting) resolve();
    if (this.#closed) return;
    if (failure) this.#failed(hostId, schedule, failure);
    else this.#succeeded(hostId, schedule);
    this.#pump();
  }

  #succeeded(hostId: string, schedule: Schedule): void {
    schedule.failures = 0;
    if (schedule.waiting.length > 0) this.#enqueue(hostId);
    else if (schedule.again) this.soon(hostId);
  }

  #failed(hostId: string, schedule: Schedule, failure: Failure): void {
    schedule.failures += 1;
    const retry = this.#options.onFailure(hostId, failure, schedule.failures);
    if (schedule.waiting.length > 0) this.#enqueue(hostId);
    else if (retry) {
      this.#startAfter(hostId, delayAfter(retryDelays, schedule.failures - 1));
    } else this.#hosts.delete(hostId);
  }
}

function release(schedule: Schedule): void {
  for (const resolve of schedule.waiting.splice(0)) resolve();
}
