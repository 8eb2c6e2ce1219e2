import { type Entry, type EntrySet, emptyEntries, syncEntries } from "./entries.ts";
import { fullOrder, mendOrder, type OrderQuery } from "./order.ts";
import type { Sliced } from "./sliced-sort.ts";

/** Runs sliced work without holding up frames; returns the function that drops it. */
export type SlicedRunner = <Result>(work: Sliced<Result>, done: (result: Result) => void) => () => void;

export interface OrderSnapshot<Row> {
  order: readonly Entry<Row>[];
  entries: EntrySet<Row>;
  /** The query that `order` answers; another one than asked for while work is under way, none before its first end. */
  query: OrderQuery<Row> | undefined;
  /** Grows with every change of rows or order. */
  version: number;
}

interface EngineOptions<Row> {
  rowKey: (row: Row) => string;
  query: OrderQuery<Row>;
  run: SlicedRunner;
  /** Milliseconds between two mends of the order while rows change all the time. */
  mendEveryMs?: number;
}

/** Keeps the visible order of many rows: anew when the question changes, mended when some rows do. */
export class OrderEngine<Row> {
  #snapshot: OrderSnapshot<Row>;
  #query: OrderQuery<Row>;
  #dirty = new Set<Entry<Row>>();
  #membersChanged = false;
  #stopped = false;
  #drop: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #options: EngineOptions<Row>;

  constructor(options: EngineOptions<Row>) {
    this.#options = options;
    this.#query = options.query;
    this.#snapshot = { order: [], entries: emptyEntries(), query: undefined, version: 0 };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): OrderSnapshot<Row> => this.#snapshot;

  /** Takes the present rows; what is on screen follows at once, the order soon after. */
  setRows(rows: readonly Row[]): void {
    const first = this.#snapshot.entries.list.length === 0;
    const { entries, changed, membersChanged } = syncEntries(
      this.#snapshot.entries,
      rows,
      this.#options.rowKey,
    );
    if (entries === this.#snapshot.entries) return;
    for (const entry of changed) this.#dirty.add(entry);
    this.#membersChanged ||= membersChanged;
    this.#publish(first ? { entries, query: undefined } : { entries });
    if (first) this.#startFull();
    else this.#mendSoon();
  }

  /** Asks another question; the work in progress for the old one is dropped. */
  setQuery(query: OrderQuery<Row>): void {
    if (query === this.#query) return;
    this.#query = query;
    this.#startFull();
  }

  /** Takes up work again after `stop`. */
  resume(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    if (this.#snapshot.entries.list.length > 0) this.#startFull();
  }

  /** Drops all work until `resume`. */
  stop(): void {
    this.#stopped = true;
    this.#dropWork();
  }

  #dropWork(): void {
    this.#drop?.();
    this.#drop = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #startFull(): void {
    this.#dropWork();
    this.#dirty.clear();
    this.#membersChanged = false;
    this.#start(fullOrder(this.#snapshot.entries, this.#query));
  }

  #mendSoon(): void {
    if (this.#timer !== undefined || this.#drop) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#mend();
    }, this.#options.mendEveryMs ?? 200);
  }

  #mend(): void {
    const { order, entries, query } = this.#snapshot;
    const many = this.#dirty.size > entries.list.length / 4;
    if (many || query !== this.#query || !this.#query.sortKey) {
      this.#startFull();
      return;
    }
    const kept = this.#membersChanged
      ? order.filter((entry) => entries.byKey.get(entry.key) === entry)
      : order;
    const changed = [...this.#dirty].filter((entry) => entries.byKey.get(entry.key) === entry);
    this.#dirty.clear();
    this.#membersChanged = false;
    this.#start(mendOrder(kept, changed, this.#query));
  }

  #start(work: Sliced<readonly Entry<Row>[]>): void {
    const query = this.#query;
    let finished = false;
    const drop = this.#options.run(work, (order) => {
      finished = true;
      this.#drop = undefined;
      if (order !== this.#snapshot.order || query !== this.#snapshot.query) this.#publish({ order, query });
      if (this.#dirty.size > 0 || this.#membersChanged) this.#mendSoon();
    });
    if (!finished) this.#drop = drop;
  }

  #publish(part: Partial<OrderSnapshot<Row>>): void {
    this.#snapshot = { ...this.#snapshot, ...part, version: this.#snapshot.version + 1 };
    for (const listener of this.#listeners) listener();
  }
}
