/** Whoever wants to hear. */
export class Listeners<Value> {
  readonly #listeners = new Set<(value: Value) => void>();

  /** Adds a listener; returns what removes it. */
  add(listener: (value: Value) => void): () => void {
    const own = (value: Value): void => listener(value);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  tell(value: Value): void {
    for (const listener of [...this.#listeners]) listener(value);
  }
}
