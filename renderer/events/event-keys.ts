import type { KeyboardEvent } from "react";
import type { EventRow } from "../../shared/events/schema.ts";

interface EventKeyActions {
  rows: readonly EventRow[];
  activeIndex: number;
  page: number;
  onActive: (sequence: number | undefined) => void;
  onOpen: (row: EventRow) => void;
  onFollow: (row: EventRow) => void;
  onCopy: (row: EventRow) => void;
  onTogglePause: () => void;
}

const steps: Record<string, (at: number, actions: EventKeyActions) => number> = {
  ArrowDown: (at) => at + 1,
  j: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  k: (at) => at - 1,
  PageDown: (at, { page }) => at + page,
  PageUp: (at, { page }) => at - page,
  Home: () => 0,
  End: (_at, { rows }) => rows.length - 1,
};

/** What a key does in the list of events; gives the place to scroll to where the cursor moved. */
export function handleEventKey(event: KeyboardEvent, actions: EventKeyActions): number | undefined {
  if (event.altKey || event.ctrlKey || event.metaKey) {
    if (event.key.toLowerCase() === "c" && !window.getSelection()?.toString())
      act(event, actions, actions.onCopy);
    return undefined;
  }
  const step = steps[event.key];
  if (step && actions.rows.length > 0) {
    const to = Math.min(Math.max(step(actions.activeIndex, actions), 0), actions.rows.length - 1);
    actions.onActive(actions.rows[to]?.sequence);
    event.preventDefault();
    return to;
  }
  if (event.key === " ") {
    event.preventDefault();
    actions.onTogglePause();
  } else if (event.key === "Enter") act(event, actions, actions.onOpen);
  else if (event.key === "f") act(event, actions, actions.onFollow);
  return undefined;
}

function act(event: KeyboardEvent, actions: EventKeyActions, run: (row: EventRow) => void): void {
  const row = actions.rows[actions.activeIndex];
  if (!row) return;
  event.preventDefault();
  event.stopPropagation();
  run(row);
}
