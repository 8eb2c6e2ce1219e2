/** Pauses between attempts: doubling from `firstMs` to `lastMs`, each shortened by up to a quarter at random. */
export class ReconnectWait {
  private attempts = 0;
  private jitter = Math.random();

  constructor(
    private readonly firstMs: number,
    private readonly lastMs: number,
  ) {}

  /** Milliseconds to wait before the next attempt; stable until `failed` or `reset`. */
  get milliseconds(): number {
    const full = Math.min(this.lastMs, this.firstMs * 2 ** Math.min(this.attempts, 20));
    return Math.max(this.firstMs, Math.round(full * (1 - this.jitter / 4)));
  }

  /** Counts one more attempt. */
  failed(): void {
    this.attempts += 1;
    this.jitter = Math.random();
  }

  /** Starts over after a success. */
  reset(): void {
    this.attempts = 0;
  }
}
