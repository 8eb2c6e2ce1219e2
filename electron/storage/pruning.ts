const stepMs = 20;
const pauseMs = 3_600_000;

/** Removes what is kept too long: after the start, every hour, and when it is asked to, in steps so small that nobody waits. */
export class Pruning {
  #timer: NodeJS.Timeout | undefined;

  /** `step` removes a little, and answers whether there may be more. It may throw: it is tried again with the next hour. */
  constructor(private readonly step: () => boolean) {
    this.begin();
  }

  begin(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#step(), stepMs);
    this.#timer.unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #step(): void {
    let hasMore = false;
    try {
      hasMore = this.step();
    } catch {
      // The disk may be full, or busy; damage is told by whoever reads or records.
    }
    this.#timer = setTimeout(() => this.#step(), hasMore ? stepMs : pauseMs);
    this.#timer.unref();
  }
}
