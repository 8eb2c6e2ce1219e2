import { asFailure, type Clock } from "../../../shared/contract/index.ts";
import { Backoff, type Delays } from "../../upstream/backoff.ts";
import type { Link, TolerantList } from "../client/control-types.ts";
import type { KnownEvent } from "../events/event-types.ts";
import type { Fact } from "../inventory/inventory.ts";

export interface LinkReadingOptions {
  clock: Clock;
  read: () => Promise<TolerantList<Link>>;
  apply: (fact: Fact) => void;
  /** Whether it makes sense to ask now. */
  canRead: () => boolean;
}

/** Any host answers, from a copy that lags a little behind (wasmcloud-control §2.15). */
const lagMs = 1_000;
const mostHeard = 4_000;
const settleMs = 500;
/** Events announce links that a parallel write has removed again: the list is read when they have come to rest. */
const restMs = 3_000;
const longestUnrestMs = 10_000;
const periodMs = 300_000;
const retryDelays: Delays = { firstMs: 1_000, longestMs: 60_000 };

/**
 * Reads the list of links and keeps what was heard shortly before or meanwhile on top of it. The list is read after
 * each change and now and then besides, because neither reply nor event proves what is stored (wasmcloud-control §2.13).
 */
export class LinkReading {
  readonly #options: LinkReadingOptions;
  readonly #stopPeriod: () => void;
  #heard: { event: KnownEvent; at: number }[] = [];
  #cancel: (() => void) | undefined;
  #cancelRest: (() => void) | undefined;
  /** When the first change came that no list was read after. */
  #unrestSince: number | undefined;
  readonly #retries = new Backoff(retryDelays);
  #run = 0;
  #reading = 0;
  #problem: string | undefined;
  #readAt: number | undefined;

  constructor(options: LinkReadingOptions) {
    this.#options = options;
    this.#stopPeriod = options.clock.every(periodMs, () => this.#readIfPossible());
  }

  /** Why the links could not be read. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** When the list was read last, in milliseconds. */
  get readAt(): number | undefined {
    return this.#readAt;
  }

  /** Notes a link that was set or deleted. */
  heard(event: KnownEvent): void {
    const at = this.#options.clock.now();
    this.#heard.push({ event, at });
    this.#readWhenAtRest(at);
    if (this.#heard.length < mostHeard) return;
    if (this.#reading === 0) this.#heard = this.#heard.filter((each) => each.at >= at - lagMs);
    // A flood is not kept: what it said is in the next list that is read.
    if (this.#heard.length >= mostHeard) this.#heard.splice(0, mostHeard / 2);
  }

  /** Reads after the copies had time to follow. */
  soon(): void {
    this.#cancel ??= this.#options.clock.after(settleMs, () => void this.now());
  }

  /** Reads now; never rejects, but tries again later. */
  async now(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const run = this.#run + 1;
    try {
      await this.list();
      if (run === this.#run) this.#settled();
    } catch (error) {
      if (run === this.#run) this.#failed(error);
    }
  }

  /** Reads for somebody who needs the list itself; it is folded as well. Rejects with what keeps it from being read. */
  async list(): Promise<readonly Link[]> {
    this.#run += 1;
    const run = this.#run;
    const since = this.#options.clock.now() - lagMs;
    this.#reading += 1;
    try {
      const { items, skipped } = await this.#options.read();
      if (run === this.#run) {
        this.#readAt = this.#options.clock.now();
        this.#fold({ kind: "links", links: items, skipped }, since);
      }
      return items;
    } finally {
      this.#reading -= 1;
    }
  }

  close(): void {
    this.#run += 1;
    this.#cancel?.();
    this.#cancelRest?.();
    this.#stopPeriod();
  }

  #fold(fact: Fact, since: number): void {
    this.#options.apply(fact);
    for (const { event, at } of this.#heard)
      if (at >= since) this.#options.apply({ kind: "event", event, overlapping: true });
  }

  #readWhenAtRest(heardAt: number): void {
    const { clock } = this.#options;
    this.#unrestSince ??= heardAt;
    const due = Math.min(heardAt + restMs, this.#unrestSince + longestUnrestMs);
    this.#cancelRest?.();
    this.#cancelRest = clock.after(Math.max(0, due - clock.now()), () => {
      this.#unrestSince = undefined;
      this.#readIfPossible();
      // It had to be read in the middle of changes: once more when they are over.
      if (clock.now() < heardAt + restMs) this.#readWhenAtRest(heardAt);
    });
  }

  /** Without a connection nothing is asked: when it is back, everything is read. */
  #readIfPossible(): void {
    if (this.#options.canRead()) void this.now();
  }

  #settled(): void {
    this.#retries.reset();
    this.#problem = undefined;
  }

  #failed(error: unknown): void {
    const failure = asFailure(error);
    // A lattice without any host has nobody to ask; that is no problem of the links.
    const nobody = failure.code === "unreachable" && failure.details?.delivered === false;
    this.#problem = nobody
      ? undefined
      : `The links could not be read: ${[failure.message, failure.hint].join(" ").trim()}`;
    this.#cancel?.();
    this.#cancel = this.#options.clock.after(this.#retries.next(), () => void this.now());
  }
}
