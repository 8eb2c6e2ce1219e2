import { useEffect, useMemo, useState } from "react";
import { formatCount } from "../format.ts";
import type { Entry } from "./entries.ts";
import type { OrderSnapshot } from "./order-engine.ts";

interface HeldOrder<Row> {
  shown: readonly Entry<Row>[];
  /** The mark to show while the shown order is behind. */
  paused: string | undefined;
  /** Shows the present order now. */
  release: () => void;
}

/** Keeps the order on screen while it is held, unless the person asked for another one. */
export function useHeldOrder<Row>(snapshot: OrderSnapshot<Row>, held: boolean): HeldOrder<Row> {
  const [kept, setKept] = useState(snapshot);
  const follows = mayFollow(kept, snapshot, held);
  if (follows && (kept.order !== snapshot.order || kept.query !== snapshot.query)) setKept(snapshot);
  const shown = follows ? snapshot.order : kept.order;
  const paused = useDriftText(shown, snapshot.order);
  return { shown, paused, release: () => setKept(snapshot) };
}

function mayFollow<Row>(kept: OrderSnapshot<Row>, next: OrderSnapshot<Row>, held: boolean): boolean {
  return !held || kept.query !== next.query || kept.order.length === 0 || next.entries.list.length === 0;
}

const settleMs = 300;

function useDriftText<Row>(shown: readonly Entry<Row>[], present: readonly Entry<Row>[]): string | undefined {
  const behind = shown !== present;
  const [text, setText] = useState<string>();
  useEffect(() => {
    if (!behind) return;
    const timer = setTimeout(() => {
      const keys = (entries: readonly Entry<Row>[]) => entries.map((entry) => entry.key);
      setText(driftText(orderDrift(keys(shown), keys(present))));
    }, settleMs);
    return () => clearTimeout(timer);
  }, [behind, shown, present]);
  return useMemo(() => (behind ? text : undefined), [behind, text]);
}

/** How far the order on screen is behind the order that the data now has. */
interface OrderDrift {
  moved: number;
  added: number;
  removed: number;
}

/** Compares the shown order with the present one; `moved` is the least number of rows that would have to move. */
export function orderDrift(shown: readonly string[], present: readonly string[]): OrderDrift {
  const place = new Map(present.map((key, index) => [key, index]));
  const places: number[] = [];
  for (const key of shown) {
    const index = place.get(key);
    if (index !== undefined) places.push(index);
  }
  return {
    moved: places.length - longestRising(places),
    added: present.length - places.length,
    removed: shown.length - places.length,
  };
}

/** Length of the longest rising subsequence, in O(n log n). */
function longestRising(values: readonly number[]): number {
  const ends: number[] = [];
  for (const value of values) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    ends[low] = value;
  }
  return ends.length;
}

/** The mark beside the count, such as "order paused · 12 moved · 3 new"; undefined while nothing is behind. */
export function driftText({ moved, added, removed }: OrderDrift): string | undefined {
  const parts = [
    moved > 0 && `${formatCount(moved)} moved`,
    added > 0 && `${formatCount(added)} new`,
    removed > 0 && `${formatCount(removed)} gone`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? `order paused · ${parts.join(" · ")}` : undefined;
}
