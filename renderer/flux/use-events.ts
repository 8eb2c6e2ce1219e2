import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { asFailure } from "../../shared/contract/index.ts";
import type { FluxEvent } from "../../shared/flux/schema.ts";
import { call } from "../client/call.ts";
import { useTopic } from "../client/use-topic.ts";
import { isOutrunByEvents, mergeEvents } from "./merge-events.ts";
import { useFlux } from "./use-flux.ts";

const pageSize = 300;

/** What the daemons told, newest first: pages of what is kept, with what has come since from the live topic. */
export function useEvents() {
  const { connectionId } = useFlux();
  const topic = useTopic("flux.events", { connectionId });
  const log = useInfiniteQuery({
    queryKey: ["flux.events.list", "pages", connectionId],
    queryFn: ({ pageParam }) =>
      call("flux.events.list", { connectionId, before: pageParam, limit: pageSize }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page: FluxEvent[]) => (page.length < pageSize ? undefined : page.at(-1)?.sequence),
    // What is new comes by the topic; a page that is opened again begins with the newest.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const logged = useMemo(() => log.data?.pages.flat() ?? [], [log.data]);
  const rows = useMemo(() => mergeEvents(logged, topic.rows), [logged, topic.rows]);
  const { refetch, isFetching } = log;
  const outrun = log.data !== undefined && isOutrunByEvents(logged, topic.rows);
  useEffect(() => {
    if (outrun && !isFetching) void refetch();
  }, [outrun, isFetching, refetch]);
  return {
    rows,
    topic,
    loading: log.isPending,
    more: log.hasNextPage,
    reading: log.isFetchingNextPage,
    failure: log.error ? asFailure(log.error).toData() : undefined,
    readOlder: () => void log.fetchNextPage(),
    readAgain: () => void refetch(),
  };
}
