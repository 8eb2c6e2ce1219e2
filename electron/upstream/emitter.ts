/** Listeners of one kind of event. An exception in one of them does not keep the others from being called. */
export class Emitter<Args extends unknown[]> {
  // An object each, so that the same function can listen twice.
  readonly #listeners = new Set<{ call: (...args: Args) => void }>();
  readonly #onError: (error: unknown) => void;

  /** Without `onError`, what a listener throws is an uncaught error. */
  constructor(onError: (error: unknown) => void = throwLater) {
    this.#onError = onError;
  }

  get size(): number {
    return this.#listeners.size;
  }

  /** Adds a listener; returns what removes it. */
  on(listener: (...args: Args) => void): () => void {
    const own = { call: listener };
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** Calls all who listen now, except those that are removed before their turn. */
  emit(...args: Args): void {
    for (const own of [...this.#listeners]) {
      if (!this.#listeners.has(own)) continue;
      try {
        own.call(...args);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}

function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
