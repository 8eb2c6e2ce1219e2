/**
 * Keyed rows. They keep their place while nothing is removed; a removed row's place is taken by the last one, because
 * moving all others up would cost more than everything else together. A change gives a new identity to the changed rows and to the array, nothing else;
 * many changes between two looks at `rows()` copy the array once.
 */
export class Collection<Row> {
  private readonly key: (row: Row) => string;
  private readonly newest: number;
  private readonly positions = new Map<string, number>();
  private current: Row[] = [];
  private shared = true;

  /** `newest` bounds an endless stream: it stays in order, and the oldest rows above it are let go. */
  constructor(key: (row: Row) => string, newest = Number.POSITIVE_INFINITY) {
    this.key = key;
    this.newest = newest;
  }

  /** The rows, oldest first; the array is never changed after it was given out. */
  rows(): readonly Row[] {
    this.shared = true;
    return this.current;
  }

  get(key: string): Row | undefined {
    const position = this.positions.get(key);
    return position === undefined ? undefined : this.current[position];
  }

  /** Replaces everything. */
  reset(rows: readonly Row[]): void {
    this.positions.clear();
    this.current = [];
    this.shared = false;
    this.apply(rows, []);
  }

  /** Adds or replaces rows by key (one row a key), then removes keys; new rows go to the end. */
  apply(upsert: readonly Row[], remove: readonly string[]): void {
    if (upsert.length === 0 && remove.length === 0) return;
    this.own();
    // In a bounded stream a changed row counts as new, so that it is not the next to be let go.
    if (Number.isFinite(this.newest)) this.drop(upsert.map((row) => this.key(row)));
    for (const row of upsert) this.put(row);
    this.drop(remove);
    this.trim();
  }

  private own(): void {
    if (!this.shared) return;
    this.current = this.current.slice();
    this.shared = false;
  }

  private put(row: Row): void {
    const key = this.key(row);
    const position = this.positions.get(key);
    if (position === undefined) this.positions.set(key, this.current.push(row) - 1);
    else this.current[position] = row;
  }

  private drop(keys: readonly string[]): void {
    if (Number.isFinite(this.newest)) this.dropInOrder(new Set(keys));
    else for (const key of keys) this.dropOne(key);
  }

  private dropOne(key: string): void {
    const position = this.positions.get(key);
    if (position === undefined) return;
    this.positions.delete(key);
    const last = this.current.pop() as Row;
    if (position === this.current.length) return;
    this.current[position] = last;
    this.positions.set(this.key(last), position);
  }

  private dropInOrder(keys: ReadonlySet<string>): void {
    if (![...keys].some((key) => this.positions.has(key))) return;
    this.current = this.current.filter((row) => !keys.has(this.key(row)));
    this.positions.clear();
    this.current.forEach((row, position) => {
      this.positions.set(this.key(row), position);
    });
  }

  private trim(): void {
    const excess = this.current.length - this.newest;
    if (excess > 0) this.drop(this.current.slice(0, excess).map((row) => this.key(row)));
  }
}
