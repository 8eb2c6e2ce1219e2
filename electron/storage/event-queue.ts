import type { StoredEvent } from "./event-row.ts";

export interface EventQueueOptions {
  /** Writes all of the events or throws. */
  write(events: readonly StoredEvent[]): void;
  /** Told once when writing starts to fail, and once when it works again. */
  onNotice(text: string): void;
}

const flushMs = 50;
const retryMs = 1_000;
const transactionRows = 5_000;
const waitingRows = 50_000;

/**
 * Collects events and writes them many at a time: after 50 ms or 5,000 events.
 * While writing fails it keeps the newest 50,000, counts what it must drop, and tries again each second.
 */
export class EventQueue {
  readonly #options: EventQueueOptions;
  #waiting: StoredEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #problem: string | undefined;
  #written = 0;
  #dropped = 0;

  constructor(options: EventQueueOptions) {
    this.#options = options;
  }

  /** Events that are not on disk yet, oldest first. */
  get waiting(): readonly StoredEvent[] {
    return this.#waiting;
  }

  counts(): { written: number; waiting: number; dropped: number; problem?: string } {
    const counts = { written: this.#written, waiting: this.#waiting.length, dropped: this.#dropped };
    return this.#problem === undefined ? counts : { ...counts, problem: this.#problem };
  }

  add(events: readonly StoredEvent[]): void {
    for (const event of events) this.#waiting.push(event);
    if (this.#problem === undefined && this.#waiting.length >= transactionRows) this.flush();
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

  /** Makes a last attempt and stops; returns how many events are lost with it. */
  close(): number {
    this.flush();
    clearTimeout(this.#timer);
    return this.#waiting.length;
  }

  #writeSome(): void {
    const some = this.#waiting.slice(0, transactionRows);
    this.#options.write(some);
    this.#waiting = this.#waiting.slice(some.length);
    this.#written += some.length;
  }

  #bound(): void {
    // Half as many again may gather, so that not every call has to cut.
    if (this.#waiting.length <= waitingRows * 1.5) return;
    this.#dropped += this.#waiting.length - waitingRows;
    this.#waiting = this.#waiting.slice(-waitingRows);
  }

  #failed(error: unknown): void {
    const reason = error instanceof Error ? error.message : "unknown reason";
    if (this.#problem === undefined) {
      this.#options.onNotice(
        `Events cannot be written to the event log (${reason}). The newest ${waitingRows} are kept in memory, and writing is tried again each second.`,
      );
    }
    this.#problem = reason;
  }

  #recovered(): void {
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    this.#options.onNotice(
      `Events are written to the event log again; ${this.#dropped} had to be dropped since the console started.`,
    );
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
