/** A store that holds what belongs to connections. */
export interface ErasableStore {
  /** From now on, nothing that was kept of the connection is found. Throws the driver's error. */
  forget(connectionId: string): void;
  /** Takes out a small part of what was forgotten; answers whether there may be more. Throws the driver's error. */
  eraseSome(): boolean;
}

const stepMs = 20;
/** The disk may be full, or busy. */
const retryMs = 5_000;

/** Takes out what was kept of removed connections: hidden at once, and erased in steps so small that nobody waits. */
export class Erasures {
  readonly #stores: readonly ErasableStore[];
  /** What could not be hidden yet. */
  #pending: { store: ErasableStore; connectionId: string }[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Goes on with what an earlier run has left. */
  constructor(stores: readonly ErasableStore[]) {
    this.#stores = stores;
    this.#step();
  }

  forget(connectionId: string): void {
    this.#pending.push(...this.#stores.map((store) => ({ store, connectionId })));
    this.#step();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #step(): void {
    clearTimeout(this.#timer);
    this.#pending = this.#pending.filter(
      ({ store, connectionId }) => !done(() => store.forget(connectionId)),
    );
    let hasMore = false;
    const worked = this.#stores.every((store) =>
      done(() => {
        hasMore = store.eraseSome() || hasMore;
      }),
    );
    if (!worked || this.#pending.length > 0) this.#stepIn(retryMs);
    else if (hasMore) this.#stepIn(stepMs);
  }

  #stepIn(wait: number): void {
    this.#timer = setTimeout(() => this.#step(), wait);
    this.#timer.unref();
  }
}

function done(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    // The stores tell of trouble with their files; here it is only tried again.
    return false;
  }
}
