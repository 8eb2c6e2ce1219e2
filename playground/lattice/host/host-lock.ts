interface Waiting {
  exclusive: boolean;
  proceed: () => void;
}

/**
 * A lock of a host: any number of readers or one writer. Whoever waits is served in the order of arrival, so a waiting
 * writer also stops the readers that come after it (wasmcloud-control §5.13).
 */
export class HostLock {
  #readers = 0;
  #writing = false;
  readonly #queue: Waiting[] = [];

  /** Whether a reader that comes now would have to wait. */
  get congested(): boolean {
    return this.#writing || this.#queue.length > 0;
  }

  /** Does some work while nobody writes. */
  async reading<T>(work: () => T | Promise<T>): Promise<T> {
    await this.#enter(false);
    try {
      return await work();
    } finally {
      this.#readers -= 1;
      this.#admit();
    }
  }

  /** Does some work while nobody else reads or writes. */
  async writing<T>(work: () => T | Promise<T>): Promise<T> {
    await this.#enter(true);
    try {
      return await work();
    } finally {
      this.#writing = false;
      this.#admit();
    }
  }

  #enter(exclusive: boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#queue.push({ exclusive, proceed: resolve });
      this.#admit();
    });
  }

  #admit(): void {
    for (let next = this.#queue[0]; next && !this.#writing; next = this.#queue[0]) {
      if (next.exclusive && this.#readers > 0) return;
      this.#queue.shift();
      if (next.exclusive) this.#writing = true;
      else this.#readers += 1;
      next.proceed();
    }
  }
}

/** The locks of one host (wasmcloud-control §5.13). */
export interface HostLocks {
  readonly components: HostLock;
  readonly providers: HostLock;
  readonly registries: HostLock;
}

/** Makes the locks of a fresh host. */
export function createHostLocks(): HostLocks {
  return { components: new HostLock(), providers: new HostLock(), registries: new HostLock() };
}
