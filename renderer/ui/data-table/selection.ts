/** Which rows are chosen, and from where a range grows. */
export interface RowSelection {
  readonly keys: ReadonlySet<string>;
  readonly anchor?: string;
}

export const nothingSelected: RowSelection = { keys: new Set() };

/** Chooses or releases one row; it becomes the anchor. */
export function toggleRow(selection: RowSelection, key: string): RowSelection {
  const keys = new Set(selection.keys);
  if (!keys.delete(key)) keys.add(key);
  return { keys, anchor: key };
}

/** Chooses everything between the anchor and `key` in the shown order, beside what was chosen before. */
export function extendTo(selection: RowSelection, order: readonly string[], key: string): RowSelection {
  const anchor = selection.anchor ?? key;
  const from = order.indexOf(anchor);
  const to = order.indexOf(key);
  if (from < 0 || to < 0) return toggleRow(selection, key);
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { keys: new Set([...selection.keys, ...range]), anchor };
}

/** Drops keys that no longer exist; the same object when there is nothing to drop. */
export function keepPresent(selection: RowSelection, isPresent: (key: string) => boolean): RowSelection {
  const keys = [...selection.keys].filter(isPresent);
  return keys.length === selection.keys.size ? selection : { ...selection, keys: new Set(keys) };
}
