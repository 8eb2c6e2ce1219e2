import { type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useRef } from "react";

interface FixedRowsOptions {
  scroller: RefObject<HTMLElement | null>;
  count: number;
  /** Pixels; the same for all rows. */
  rowHeight: number;
  /** Rows drawn beyond each end of what can be seen. */
  overscan: number;
  /** Pixels at the top of the scroller that rows go under. */
  headHeight: number;
}

/** One drawn row. */
export interface FixedRow {
  /** The element's key: rows that leave at one end give theirs to those that come at the other, because making elements anew costs frames. */
  slot: number;
  index: number;
  /** Pixels from the first row. */
  top: number;
}

/** The rows to draw of a long list of rows of one height, always equally many. */
export function useFixedRows({ scroller, count, rowHeight, overscan, headHeight }: FixedRowsOptions) {
  const fit = useRef(0);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan,
    scrollPaddingEnd: headHeight,
    useFlushSync: false,
    rangeExtractor: (range) => steadyRange(range, fit.current),
  });
  // One more than fits can be seen, cut at both ends.
  fit.current = Math.ceil((virtualizer.scrollRect?.height ?? 0) / rowHeight) + 1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew when the height of all rows changes
  useEffect(() => virtualizer.measure(), [rowHeight]);
  const items = virtualizer.getVirtualItems();
  const rows = items.map(({ index, start }): FixedRow => ({ slot: index % items.length, index, top: start }));
  return { rows: useQuietOrder(rows, virtualizer.isScrolling), virtualizer };
}

/** The rows in the order in which they are read; in a scroll each stays where it is in the document, because moving elements costs a layout. */
function useQuietOrder(rows: readonly FixedRow[], scrolling: boolean): readonly FixedRow[] {
  const order = useRef<readonly number[]>([]);
  if (!scrolling || order.current.length !== rows.length) order.current = rows.map(({ slot }) => slot);
  if (!scrolling) return rows;
  const bySlot = new Map(rows.map((row) => [row.slot, row]));
  return order.current.flatMap((slot) => bySlot.get(slot) ?? []);
}

/** The indexes to draw around the visible ones: equally many wherever one is, so that none is made or thrown away in a scroll. */
export function steadyRange({ startIndex, endIndex, overscan, count }: Range, fit: number): number[] {
  const size = Math.min(count, Math.max(fit, endIndex - startIndex + 1) + 2 * overscan);
  const first = Math.max(0, Math.min(startIndex - overscan, count - size));
  return Array.from({ length: size }, (_unused, at) => first + at);
}
