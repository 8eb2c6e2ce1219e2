import type { Entry, EntrySet } from "./entries.ts";
import { type Sliced, slicedMerge, slicedSort } from "./sliced-sort.ts";

/** What decides which rows are shown, and in which order. */
export interface OrderQuery<Row> {
  matches: (row: Row) => boolean;
  sortKey?: (row: Row) => string | number | undefined;
  descending?: boolean;
}

const slice = 512;

/** Works out the order of all entries anew: filter and sort key of each, then the sort, in steps. */
export function* fullOrder<Row>(entries: EntrySet<Row>, query: OrderQuery<Row>): Sliced<Entry<Row>[]> {
  const shown: Entry<Row>[] = [];
  for (const [index, entry] of entries.list.entries()) {
    if (index % slice === slice - 1) yield;
    refresh(entry, query);
    if (entry.matches) shown.push(entry);
  }
  return query.sortKey ? yield* slicedSort(shown, comparator(query)) : shown;
}

/** Brings an order up to date when only some entries changed: takes them out, sorts them, and merges them in again. */
export function* mendOrder<Row>(
  order: readonly Entry<Row>[],
  changed: readonly Entry<Row>[],
  query: OrderQuery<Row>,
): Sliced<readonly Entry<Row>[]> {
  const before = changed.map((entry) => ({ entry, matched: entry.matches, key: entry.sortKey }));
  for (const entry of changed) refresh(entry, query);
  const moved = before.filter(
    ({ entry, matched, key }) => matched !== entry.matches || key !== entry.sortKey,
  );
  if (moved.length === 0) return order;
  yield;
  const out = new Set(moved.map(({ entry }) => entry));
  const rest = order.filter((entry) => !out.has(entry));
  yield;
  const back = [...out].filter((entry) => entry.matches).sort(comparator(query));
  return yield* slicedMerge(rest, back, comparator(query));
}

function refresh<Row>(entry: Entry<Row>, query: OrderQuery<Row>): void {
  entry.matches = query.matches(entry.row);
  entry.sortKey = query.sortKey?.(entry.row);
  entry.fresh = true;
}

/** Numbers before texts, nothing at the end in both directions, equal ones by key so that the order is total. */
function comparator<Row>(query: OrderQuery<Row>) {
  const sign = query.descending ? -1 : 1;
  return (left: Entry<Row>, right: Entry<Row>): number => {
    const byKey = compareKeys(left.sortKey, right.sortKey, sign);
    if (byKey !== 0) return byKey;
    return left.key < right.key ? -1 : left.key > right.key ? 1 : 0;
  };
}

type Key = string | number | undefined;

function compareKeys(left: Key, right: Key, sign: number): number {
  if (left === right) return 0;
  if (left === undefined) return 1;
  if (right === undefined) return -1;
  if (typeof left === typeof right) return left < right ? -sign : sign;
  return typeof left === "number" ? -sign : sign;
}
