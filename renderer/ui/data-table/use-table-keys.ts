import type { KeyboardEvent } from "react";

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
