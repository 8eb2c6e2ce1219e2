/** Lets everything else happen that is due: the least time that some step of a host takes. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The pending timers of one simulated thing, so that all of them can end with it. */
export class TimerGroup {
  readonly #pending = new Map<NodeJS.Timeout, (() => void) | undefined>();
  #closed = false;

  /** Runs the work once, unless the group is closed before. */
  after(milliseconds: number, work: () => void, abandoned?: () => void): void {
    if (this.#closed) {
      abandoned?.();
      return;
    }
    const timer = setTimeout(() => {
      this.#pending.delete(timer);
      work();
    }, milliseconds);
    this.#pending.set(timer, abandoned);
  }

  /** Runs the work again and again: first after `first`, then every `period`. */
  every(period: number, work: () => void, first: number = period): void {
    this.after(first, () => {
      this.every(period, work);
      work();
    });
  }

  /** Waits; resolves to false at once when the group is closed meanwhile. */
  delay(milliseconds: number): Promise<boolean> {
    return new Promise((resolve) =>
      this.after(
        milliseconds,
        () => resolve(true),
        () => resolve(false),
      ),
    );
  }

  /** Ends everything pending and refuses new timers. */
  close(): void {
    this.#closed = true;
    for (const [timer, abandoned] of this.#pending) {
      clearTimeout(timer);
      abandoned?.();
    }
    this.#pending.clear();
  }
}
