import { setImmediate as afterOthers } from "node:timers/promises";

/** Between two pauses, in milliseconds; a frame of the window is twice as long. */
const stretchMs = 8;

/** Long work on what somebody else sent: it makes room for others again and again, and ends where it takes too long. */
export class SharedTime {
  #left: number;
  #since = performance.now();

  /** `mostMs`: of work, pauses not counted. */
  constructor(mostMs: number) {
    this.#left = mostMs;
  }

  get isUp(): boolean {
    return this.#left <= performance.now() - this.#since;
  }

  /** To be awaited between two small pieces of the work. */
  async pause(): Promise<void> {
    const worked = performance.now() - this.#since;
    if (worked < stretchMs) return;
    this.#left -= worked;
    await afterOthers();
    this.#since = performance.now();
  }
}
