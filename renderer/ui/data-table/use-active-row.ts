import { type MouseEvent, useCallback, useMemo, useRef, useState } from "react";
import type { Entry } from "./entries.ts";

interface ActiveRowOptions<Row> {
  shown: readonly Entry<Row>[];
  openKey: string | undefined;
  onOpen: ((row: Row) => void) | undefined;
  selection: { toggle: (key: string) => void; extend: (key: string, from?: string) => void } | undefined;
}

/** The row under the keyboard, and what pressing rows does: open, choose, or choose a range. */
export function useActiveRow<Row>(options: ActiveRowOptions<Row>) {
  const [activeKey, setActiveKey] = useState<string>();
  const latest = useRef({ ...options, activeKey });
  latest.current = { ...options, activeKey };
  const { shown, openKey } = options;
  const wanted = activeKey ?? openKey;
  const index = useMemo(
    () => (wanted === undefined ? -1 : shown.findIndex((entry) => entry.key === wanted)),
    [shown, wanted],
  );

  const onToggle = useCallback((key: string, event: { shiftKey: boolean }) => {
    const { selection, activeKey: from } = latest.current;
    if (event.shiftKey) selection?.extend(key, from);
    else selection?.toggle(key);
    setActiveKey(key);
  }, []);

  const onPress = useCallback(
    (key: string, row: Row, event: MouseEvent) => {
      const { selection, onOpen } = latest.current;
      if (selection && (event.shiftKey || event.ctrlKey || event.metaKey)) {
        onToggle(key, event);
        return;
      }
      setActiveKey(key);
      // The row as it was pressed: by now it may be gone from the order that is drawn next.
      onOpen?.(row);
    },
    [onToggle],
  );

  const step = useCallback((by: -1 | 1) => {
    const { shown: rows, openKey: open, onOpen } = latest.current;
    const at = rows.findIndex((entry) => entry.key === open);
    const entry = rows[at < 0 ? 0 : at + by];
    if (!entry) return;
    setActiveKey(entry.key);
    onOpen?.(entry.row);
  }, []);

  const keys = {
    count: shown.length,
    active: index,
    moveTo: (to: number, extend: boolean) => {
      const key = shown[to]?.key;
      if (key === undefined) return;
      if (extend) options.selection?.extend(key, activeKey);
      setActiveKey(key);
    },
    open: (at: number) => {
      const entry = shown[at];
      if (entry) options.onOpen?.(entry.row);
    },
    toggle: (at: number) => {
      const entry = shown[at];
      if (entry) options.selection?.toggle(entry.key);
    },
  };
  return { index, keys, onPress, onToggle, step };
}
