/** Delays between attempts: the first one, doubled after each failure, up to the longest. Milliseconds. */
export interface Delays {
  firstMs: number;
  longestMs: number;
}

/** The delay before the next attempt, after so many failures since the first delay. */
export function delayAfter({ firstMs, longestMs }: Delays, failures: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(failures, 30));
}

/** Counts failures of attempts, for the delay before the next one. */
export class Backoff {
  #failures = 0;
  #random = Math.random();

  /** `jitter`: the share by which a delay may be shortened at random, but never below the first one. */
  constructor(
    private readonly delays: Delays,
    private readonly jitter = 0,
  ) {}

  /** The delay before the next attempt; stable until `failed` or `reset`. */
  get delayMs(): number {
    const full = delayAfter(this.delays, this.#failures);
    return Math.max(this.delays.firstMs, Math.round(full * (1 - this.#random * this.jitter)));
  }

  failed(): void {
    this.#failures += 1;
    this.#random = Math.random();
  }

  /** The delay before the next attempt, which is counted as failed unless `reset` is called. */
  next(): number {
    const { delayMs } = this;
    this.failed();
    return delayMs;
  }

  /** Starts over after a success. */
  reset(): void {
    this.#failures = 0;
  }
}

/** Waits, but not beyond the end. */
export function pause(milliseconds: number, end: AbortSignal): Promise<void> {
  if (end.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      end.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    end.addEventListener("abort", finish);
  });
}
