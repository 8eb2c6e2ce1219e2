/** A store that may have to do without the disk for a while. */
export interface WritingStore {
  /** As it stands in a sentence: "the event log". */
  name: string;
  /** What becomes of new entries while it cannot be written, as a sentence. */
  meanwhile: string;
}

/** One notice for all stores that cannot be written at present, which tells the end of that too. */
export class WriteHealth {
  readonly #failing = new Map<WritingStore, string>();
  /** Those of the present trouble that can be written again. */
  readonly #recovered = new Set<WritingStore>();
  #dropped = 0;
  #shown: string | undefined;

  /** `show` is handed the notice whenever it changes; it takes the place of the one before. */
  constructor(private readonly show: (notice: string) => void) {}

  /** Runs work that writes to a store; `entries` are dropped when it throws. */
  watch<T>(store: WritingStore, entries: number, work: () => T): T {
    try {
      const result = work();
      this.worked(store);
      return result;
    } catch (error) {
      this.dropped(entries);
      this.failed(store, error);
      throw error;
    }
  }

  failed(store: WritingStore, error: unknown): void {
    this.#recovered.delete(store);
    this.#failing.set(store, reasonOf(error));
    this.#update();
  }

  worked(store: WritingStore): void {
    if (!this.#failing.delete(store)) return;
    this.#recovered.add(store);
    this.#update();
    if (this.#failing.size === 0) this.#recovered.clear();
  }

  dropped(entries: number): void {
    this.#dropped += entries;
  }

  /** Tells what a store takes with it that could not be written to the end. */
  closed(store: WritingStore, waiting: number): void {
    if (waiting > 0) this.show(`${waiting} events could not be written before ${store.name} closed.`);
  }

  #update(): void {
    const notice = this.#failing.size > 0 ? this.#failureNotice() : this.#recoveryNotice();
    if (notice !== this.#shown) this.show(notice);
    this.#shown = notice;
  }

  #failureNotice(): string {
    const stores = [...this.#failing.keys()];
    const reasons = [...new Set(this.#failing.values())].join("; ");
    const meanwhile = stores.map((store) => store.meanwhile).join(" ");
    return `${listed(stores)} cannot be written (${reasons}). What was kept can still be read. ${meanwhile} Writing is tried again without a restart.`;
  }

  #recoveryNotice(): string {
    return `${listed([...this.#recovered])} could be written again; ${this.#dropped} had to be dropped since the console started.`;
  }
}

function listed(stores: readonly WritingStore[]): string {
  const names = new Intl.ListFormat("en").format(stores.map(({ name }) => name));
  return names.charAt(0).toUpperCase() + names.slice(1);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown reason";
}
