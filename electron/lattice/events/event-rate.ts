const slotMs = 100;
const slots = 10;

/** Counts events over the last second. */
export class EventRate {
  readonly #counts = new Array<number>(slots).fill(0);
  #newest = 0;

  add(count: number, now: number): void {
    this.#advance(now);
    const slot = this.#newest % slots;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + count;
  }

  /** Events in the second before `now`. */
  perSecond(now: number): number {
    this.#advance(now);
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  #advance(now: number): void {
    const current = Math.floor(now / slotMs);
    const first = Math.max(this.#newest + 1, current - slots + 1);
    for (let slot = first; slot <= current; slot += 1) this.#counts[slot % slots] = 0;
    this.#newest = Math.max(this.#newest, current);
  }
}
