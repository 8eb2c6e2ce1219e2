/** Whoever wants to hear; an exception in one of them does not keep the others from hearing. */
export class Listeners<Value> {
  readonly #listeners = new Set<(value: Value) => void>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Adds a listener; returns what removes it. */
  add(listener: (value: Value) => void): () => void {
    // Of its own identity, so that the same function can listen twice.
    const own = (value: Value): void => listener(value);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  tell(value: Value): void {
    for (const listener of this.#listeners) {
      try {
        listener(value);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
