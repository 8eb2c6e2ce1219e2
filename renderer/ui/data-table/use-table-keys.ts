import type { KeyboardEvent } from "react";
import type { Shortcut } from "../shortcuts.ts";

export interface TableKeyActions {
  /** Rows on one screen. */
  page: number;
  count: number;
  /** Place of the active row, or -1. */
  active: number;
  selectable: boolean;
  moveTo: (index: number, extend: boolean) => void;
  open: (index: number) => void;
  toggle: (index: number) => void;
  selectAll: () => void;
  copy: () => void;
}

const steps: Record<string, (actions: TableKeyActions) => number> = {
  ArrowDown: ({ active }) => active + 1,
  j: ({ active }) => active + 1,
  J: ({ active }) => active + 1,
  ArrowUp: ({ active }) => active - 1,
  k: ({ active }) => active - 1,
  K: ({ active }) => active - 1,
  PageDown: ({ active, page }) => active + page,
  PageUp: ({ active, page }) => active - page,
  Home: () => 0,
  End: ({ count }) => count - 1,
};

type Listed = [keys: string, label: string, wanted?: boolean];

/** The keys of a table that has the focus, for the list of all keys; the table hears them itself. */
export function tableKeyList({ opens, selects }: { opens: boolean; selects: boolean }): Shortcut[] {
  const listed: Listed[] = [
    ["j", "Row below, also with ↓"],
    ["k", "Row above, also with ↑"],
    ["home", "First row"],
    ["end", "Last row"],
    ["enter", "Open the row", opens],
    ["space", "Select the row", selects],
    ["shift+arrowdown", "Select on to the row below", selects],
    ["mod+a", "Select all rows", selects],
    ["mod+c", "Copy the rows as text"],
  ];
  return listed
    .filter(([, , wanted = true]) => wanted)
    .map(([keys, label]) => ({
      id: `table-${keys}`,
      label,
      group: "Table",
      keys,
      keyOnly: true,
      ownKeys: true,
      run: () => undefined,
    }));
}

/** What a key does in a table; true when it was one of its keys. */
export function handleTableKey(event: KeyboardEvent, actions: TableKeyActions): boolean {
  if (event.ctrlKey || event.metaKey) return handleChord(event, actions);
  if (event.altKey || actions.count === 0) return false;
  const step = steps[event.key];
  if (step) {
    const index = Math.min(Math.max(step(actions), 0), actions.count - 1);
    actions.moveTo(index, event.shiftKey && actions.selectable);
    return true;
  }
  if (actions.active < 0) return false;
  if (event.key === "Enter") actions.open(actions.active);
  else if (event.key === " " && actions.selectable) actions.toggle(actions.active);
  else return false;
  return true;
}

function handleChord(event: KeyboardEvent, actions: TableKeyActions): boolean {
  const key = event.key.toLowerCase();
  if (key === "a" && actions.selectable) actions.selectAll();
  else if (key === "c" && !window.getSelection()?.toString()) actions.copy();
  else return false;
  return true;
}
