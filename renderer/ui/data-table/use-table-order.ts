import { useEffect, useLayoutEffect, useState, useSyncExternalStore } from "react";
import type { OrderQuery } from "./order.ts";
import { OrderEngine, type OrderSnapshot, type SlicedRunner } from "./order-engine.ts";

const budgetMs = 6;

/** Runs the first slice at once and the rest between frames, never longer than a few milliseconds at a time. */
const runBetweenFrames: SlicedRunner = (work, done) => {
  const channel = new MessageChannel();
  let dropped = false;
  const turn = () => {
    if (dropped) return;
    const end = performance.now() + budgetMs;
    do {
      const step = work.next();
      if (step.done) {
        channel.port1.close();
        done(step.value);
        return;
      }
    } while (performance.now() < end);
    channel.port2.postMessage(undefined);
  };
  channel.port1.onmessage = turn;
  turn();
  return () => {
    dropped = true;
    channel.port1.close();
  };
};

interface TableOrderOptions<Row> {
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Must be the same object as long as the question is the same. */
  query: OrderQuery<Row>;
}

/** The rows filtered and sorted, worked out between frames; it follows `rows` and `query`. */
export function useTableOrder<Row>({ rows, rowKey, query }: TableOrderOptions<Row>): OrderSnapshot<Row> {
  const [engine] = useState(() => new OrderEngine<Row>({ rowKey, query, run: runBetweenFrames }));
  const snapshot = useSyncExternalStore(engine.subscribe, engine.snapshot);
  useEffect(() => {
    engine.resume();
    return () => engine.stop();
  }, [engine]);
  useLayoutEffect(() => engine.setQuery(query), [engine, query]);
  useLayoutEffect(() => engine.setRows(rows), [engine, rows]);
  return snapshot;
}
