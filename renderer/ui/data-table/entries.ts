/** A row with what has been worked out about it; replaced in place, so that what is shown follows the row. */
export interface Entry<Row> {
  readonly key: string;
  row: Row;
  matches: boolean;
  sortKey: string | number | undefined;
  /** False when the row changed after `matches` and `sortKey` were worked out. */
  fresh: boolean;
}

export interface EntrySet<Row> {
  readonly source: readonly Row[];
  readonly list: readonly Entry<Row>[];
  readonly byKey: ReadonlyMap<string, Entry<Row>>;
}

export function emptyEntries<Row>(): EntrySet<Row> {
  return { source: [], list: [], byKey: new Map() };
}

/**
 * Brings the entries in step with the rows, changing entries in place.
 * Rows keep their position in most updates, so comparing by position first leaves no work for what did not change.
 */
export function syncEntries<Row>(
  previous: EntrySet<Row>,
  rows: readonly Row[],
  rowKey: (row: Row) => string,
): { entries: EntrySet<Row>; changed: Entry<Row>[]; membersChanged: boolean } {
  if (rows === previous.source) return { entries: previous, changed: [], membersChanged: false };
  return syncInPlace(previous, rows, rowKey) ?? rebuild(previous, rows, rowKey);
}

function syncInPlace<Row>(previous: EntrySet<Row>, rows: readonly Row[], rowKey: (row: Row) => string) {
  if (rows.length !== previous.list.length) return undefined;
  const changed: Entry<Row>[] = [];
  for (let index = 0; index < rows.length; index++) {
    const entry = previous.list[index] as Entry<Row>;
    const row = rows[index] as Row;
    if (entry.row === row) continue;
    if (rowKey(row) !== entry.key) return undefined;
    replaceRow(entry, row);
    changed.push(entry);
  }
  return { entries: { ...previous, source: rows }, changed, membersChanged: false };
}

function rebuild<Row>(previous: EntrySet<Row>, rows: readonly Row[], rowKey: (row: Row) => string) {
  const byKey = new Map<string, Entry<Row>>();
  const changed: Entry<Row>[] = [];
  let kept = 0;
  for (const row of rows) {
    const key = rowKey(row);
    const entry = byKey.get(key) ?? previous.byKey.get(key);
    if (entry && previous.byKey.has(key)) kept++;
    byKey.set(key, entry ?? newEntry(key, row));
    const current = byKey.get(key) as Entry<Row>;
    if (current.row !== row) replaceRow(current, row);
    if (!current.fresh) changed.push(current);
  }
  const list = [...byKey.values()];
  const membersChanged = kept !== list.length || kept !== previous.list.length;
  return { entries: { source: rows, list, byKey }, changed, membersChanged };
}

function newEntry<Row>(key: string, row: Row): Entry<Row> {
  return { key, row, matches: false, sortKey: undefined, fresh: false };
}

function replaceRow<Row>(entry: Entry<Row>, row: Row): void {
  entry.row = row;
  entry.fresh = false;
}
