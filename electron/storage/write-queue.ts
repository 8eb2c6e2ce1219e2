import type { WriteHealth, WritingStore } from "./write-health.ts";

export interface WriteQueueOptions<T> {
  store: WritingStore;
  health: WriteHealth;
  /** Writes all of the entries or throws. */
  write(entries: readonly T[]): void;
  /** So many waiting entries are written at once; fewer soon. */
  flushAt: number;
  /** What an entry counts against `most`; 1 without it. */
  weigh?(entry: T): number;
  /** How much may wait while nothing can be written. */
  most: number;
}

const flushMs = 50;
const retryMs = 1_000;
const transactionRows = 5_000;

/**
 * Collects entries and writes them many at a time. While writing fails it keeps the newest, counts what it must drop, and
 * tries again each second.
 */
export class WriteQueue<T> {
  readonly #options: WriteQueueOptions<T>;
  #waiting: T[] = [];
  #weight = 0;
  #timer: NodeJS.Timeout | undefined;
  #problem: string | undefined;
  #written = 0;
  #dropped = 0;

  constructor(options: WriteQueueOptions<T>) {
    this.#options = options;
  }

  /** Entries that are not on disk yet, oldest first. */
  get waiting(): readonly T[] {
    return this.#waiting;
  }

  counts(): { written: number; waiting: number; dropped: number; problem?: string } {
    const counts = { written: this.#written, waiting: this.#waiting.length, dropped: this.#dropped };
    return this.#problem === undefined ? counts : { ...counts, problem: this.#problem };
  }

  add(entries: readonly T[]): void {
    for (const entry of entries) this.#waiting.push(entry);
    this.#weight += this.#weigh(entries);
    if (this.#problem === undefined && this.#waiting.length >= this.#options.flushAt) this.flush();
    else this.#bound();
    this.#schedule();
  }

  /** Writes what waits. Never throws: what cannot be written keeps waiting. */
  flush(): void {
    try {
      while (this.#waiting.length > 0) this.#writeSome();
      this.#recovered();
    } catch (error) {
      this.#failed(error);
      this.#bound();
      this.#schedule();
    }
  }

  /** Takes out waiting entries that nobody wants any more. */
  discard(isUnwanted: (entry: T) => boolean): void {
    this.#waiting = this.#waiting.filter((entry) => !isUnwanted(entry));
    this.#weight = this.#weigh(this.#waiting);
  }

  /** Makes a last attempt, and stops; what cannot be written is lost, and told. */
  close(): void {
    this.flush();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#options.health.closed(this.#options.store, this.#waiting.length);
  }

  #writeSome(): void {
    const some = this.#waiting.slice(0, transactionRows);
    this.#options.write(some);
    this.#waiting = this.#waiting.slice(some.length);
    this.#weight -= this.#weigh(some);
    this.#written += some.length;
  }

  #weigh(entries: readonly T[]): number {
    const { weigh } = this.#options;
    return weigh ? entries.reduce((sum, entry) => sum + weigh(entry), 0) : entries.length;
  }

  #bound(): void {
    const { most } = this.#options;
    // Half as much again may gather, so that not every call has to cut.
    if (this.#weight <= most * 1.5) return;
    let cut = 0;
    while (this.#weight > most && cut < this.#waiting.length - 1) {
      this.#weight -= this.#weigh(this.#waiting.slice(cut, cut + 1));
      cut += 1;
    }
    this.#dropped += cut;
    this.#options.health.dropped(cut);
    this.#waiting = this.#waiting.slice(cut);
  }

  #failed(error: unknown): void {
    this.#problem = error instanceof Error ? error.message : "unknown reason";
    this.#options.health.failed(this.#options.store, error);
  }

  #recovered(): void {
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    this.#options.health.worked(this.#options.store);
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#waiting.length === 0) return;
    const wait = this.#problem === undefined ? flushMs : retryMs;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, wait);
    this.#timer.unref();
  }
}
