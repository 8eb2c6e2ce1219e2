import { useCallback, useMemo, useState } from "react";
import { parseFilter } from "../../shared/contract/filter.ts";
import { compileFilter } from "../../shared/contract/filter-match.ts";
import { eventFilterFields } from "../../shared/events/filter.ts";
import type { EventRow } from "../../shared/events/schema.ts";
import type { TopicState } from "./event-stream.ts";
import { useOperation } from "./query.ts";
import { useTopicListener } from "./use-topic.ts";

interface NewestEvents {
  connectionId: string;
  lattice: string;
  /** Without the field `raw`, which live events do not carry. */
  filter: string;
  limit: number;
}

/** The newest events of a lattice that a filter finds: the log is searched once, and the live topic adds what comes. */
export function useNewestEvents({ connectionId, lattice, filter, limit }: NewestEvents) {
  const found = useOperation("events.search", { connectionId, lattice, filter, limit });
  const question = `${connectionId} ${lattice} ${filter}`;
  const [live, setLive] = useState<{ question: string; rows: readonly EventRow[] }>();
  const fits = useMemo(() => compileFilter(parseFilter(filter), eventFilterFields).test, [filter]);
  const take = useMemo(() => newcomers(fits), [fits]);
  const onState = useCallback(
    (state: TopicState<EventRow>) => {
      const rows = take(state.rows);
      if (rows.length > 0)
        setLive((known) => ({
          question,
          rows: newestOf(known?.question === question ? known.rows : [], rows, limit),
        }));
    },
    [take, question, limit],
  );
  useTopicListener("events", { connectionId, lattice }, onState);
  const { data, error, refetch } = found;
  const rows = useMemo(
    () => data && newestOf(data.rows, live?.question === question ? live.rows : [], limit),
    [data, live, question, limit],
  );
  return { rows, failure: error?.toData(), again: () => void refetch() };
}

/** Of rows in order, those that were not there before and fit. */
function newcomers(fits: (row: EventRow) => boolean) {
  let seen = -1;
  return (rows: readonly EventRow[]): EventRow[] => {
    const from = rows.findLastIndex(({ sequence }) => sequence <= seen) + 1;
    seen = Math.max(seen, rows.at(-1)?.sequence ?? seen);
    return rows.slice(from).filter(fits);
  };
}

/** Newest first, each once. */
function newestOf(
  some: readonly EventRow[],
  others: readonly EventRow[],
  limit: number,
): readonly EventRow[] {
  const rows = new Map([...some, ...others].map((row) => [row.sequence, row]));
  return [...rows.values()].sort((left, right) => right.sequence - left.sequence).slice(0, limit);
}
