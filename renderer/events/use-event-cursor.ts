import { useCallback, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import type { EventRow } from "../../shared/events/schema.ts";

/** The row under the cursor, and the one whose drawer is open; the latter is in the address. */
export function useEventCursor(rows: readonly EventRow[]) {
  const [parameters, setParameters] = useSearchParams();
  const [active, setActive] = useState<number>();
  const text = parameters.get("open");
  const open = text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
  const latestSet = useRef(setParameters);
  latestSet.current = setParameters;
  const setOpen = useCallback((sequence: number | undefined) => {
    latestSet.current(
      (now) => {
        const next = new URLSearchParams(now);
        if (sequence === undefined) next.delete("open");
        else next.set("open", String(sequence));
        return next;
      },
      { replace: true },
    );
  }, []);
  const openRow = useCallback((row: EventRow) => setOpen(row.sequence), [setOpen]);
  const step = (by: -1 | 1) => {
    const row = rows[rows.findIndex((one) => one.sequence === open) + by];
    if (!row) return;
    setActive(row.sequence);
    setOpen(row.sequence);
  };
  return { active, setActive, open, openRow, close: () => setOpen(undefined), step };
}
