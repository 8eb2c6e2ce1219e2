import { useMemo, useState } from "react";
import type { Entry, EntrySet } from "./entries.ts";

/** Which rows are chosen, and from where a range grows. */
interface RowSelection {
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

/** The chosen rows of a table; those that leave the lattice leave the choice, those filtered out stay in it. */
export function useRowSelection<Row>(entries: EntrySet<Row>, shown: readonly Entry<Row>[]) {
  const [stored, setStored] = useState(nothingSelected);
  const selection = useMemo(
    () => keepPresent(stored, (key) => entries.byKey.has(key)),
    [stored, entries.byKey],
  );
  const order = () => shown.map((entry) => entry.key);
  const all = () => setStored({ keys: new Set(order()) });
  const clear = () => setStored(nothingSelected);
  return {
    keys: selection.keys,
    rows: () => [...selection.keys].flatMap((key) => entries.byKey.get(key)?.row ?? []),
    hidden: () => {
      const visible = new Set(order());
      return [...selection.keys].filter((key) => !visible.has(key)).length;
    },
    toggle: (key: string) => setStored(toggleRow(selection, key)),
    extend: (key: string, from?: string) => {
      const anchored =
        selection.anchor === undefined && from !== undefined ? { ...selection, anchor: from } : selection;
      setStored(extendTo(anchored, order(), key));
    },
    all,
    clear,
    toggleAll: () => (selection.keys.size >= shown.length ? clear() : all()),
  };
}
