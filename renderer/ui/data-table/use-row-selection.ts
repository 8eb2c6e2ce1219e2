import { useMemo, useState } from "react";
import type { Entry, EntrySet } from "./entries.ts";
import { extendTo, keepPresent, nothingSelected, toggleRow } from "./selection.ts";

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
