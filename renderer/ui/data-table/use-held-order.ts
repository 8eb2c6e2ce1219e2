import { useEffect, useMemo, useState } from "react";
import type { Entry } from "./entries.ts";
import { driftText, orderDrift } from "./held-order.ts";
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
