import { useEffect, useLayoutEffect, useState, useSyncExternalStore } from "react";
import type { OrderQuery } from "./order.ts";
import { OrderEngine, type OrderSnapshot } from "./order-engine.ts";
import { runBetweenFrames } from "./run-sliced.ts";

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
