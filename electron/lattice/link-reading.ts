import { asFailure, type Clock } from "../../shared/contract/index.ts";
import type { Link } from "./control-types.ts";
import type { KnownEvent } from "./event-types.ts";
import type { Fact } from "./inventory.ts";

export interface LinkReadingOptions {
  clock: Clock;
  read: () => Promise<readonly Link[]>;
  apply: (fact: Fact) => void;
}

/** Any host answers, from a copy that lags a little behind (wasmcloud-control §2.15). */
const lagMs = 1_000;
const mostHeard = 4_000;
const settleMs = 500;
const firstRetryMs = 1_000;
const longestRetryMs = 60_000;

/** Reads the list of links and keeps what was heard shortly before or meanwhile on top of it. */
export class LinkReading {
  readonly #options: LinkReadingOptions;
  #heard: { event: KnownEvent; at: number }[] = [];
  #cancel: (() => void) | undefined;
  #failures = 0;
  #run = 0;
  #reading = 0;
  #problem: string | undefined;

  constructor(options: LinkReadingOptions) {
    this.#options = options;
  }

  /** Why the links could not be read. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Notes a link that was set or deleted. */
  heard(event: KnownEvent): void {
    const at = this.#options.clock.now();
    this.#heard.push({ event, at });
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
    this.#run += 1;
    const run = this.#run;
    const since = this.#options.clock.now() - lagMs;
    this.#reading += 1;
    try {
      const links = await this.#options.read();
      if (run !== this.#run) return;
      this.#options.apply({ kind: "links", links });
      for (const { event, at } of this.#heard)
        if (at >= since) this.#options.apply({ kind: "event", event, overlapping: true });
      this.#failures = 0;
      this.#problem = undefined;
    } catch (error) {
      if (run === this.#run) this.#failed(error);
    } finally {
      this.#reading -= 1;
    }
  }

  close(): void {
    this.#run += 1;
    this.#cancel?.();
  }

  #failed(error: unknown): void {
    const failure = asFailure(error);
    this.#failures += 1;
    // A lattice without any host has nobody to ask; that is no problem of the links.
    const nobody = failure.code === "unreachable" && failure.details?.delivered === false;
    this.#problem = nobody ? undefined : `The links could not be read: ${failure.message}`;
    const pause = Math.min(firstRetryMs * 2 ** (this.#failures - 1), longestRetryMs);
    this.#cancel = this.#options.clock.after(pause, () => void this.now());
  }
}
