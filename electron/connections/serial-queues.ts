/** Work that must not overlap: for each key one piece after the other, in the order in which it was asked for. */
export class SerialQueues {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Runs `work` when all earlier work of this key is over; its outcome is the caller's alone. */
  run<T>(key: string, work: () => Promise<T> | T): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const result = before.then(work);
    const tail = result.then(
      () => undefined,
      () => undefined,
    );
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    return result;
  }
}
