import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { type ActivityQuery, fitsActivityQuery } from "../../shared/activity/query.ts";
import { type Activity, asFailure } from "../../shared/contract/index.ts";
import { call } from "./call.ts";
import { isOutrun, mergeActivities } from "./merge-activities.ts";
import { useTopic } from "./use-topic.ts";

const pageSize = 300;

/** The activities that fit, newest first: pages of the log, with what has happened since from the live topic. */
export function useActivities(query: ActivityQuery) {
  const topic = useTopic("activity");
  const log = useInfiniteQuery({
    queryKey: ["activity.list", "pages", query],
    queryFn: ({ pageParam }) => call("activity.list", { ...query, before: pageParam, limit: pageSize }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Activity[]) => (page.length < pageSize ? undefined : page.at(-1)?.id),
    // What is new comes by the topic; a page that is opened again begins with the newest.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const logged = useMemo(() => log.data?.pages.flat() ?? [], [log.data]);
  const rows = useMemo(
    () => mergeActivities(logged, topic.rows, (activity) => fitsActivityQuery(activity, query)),
    [logged, topic.rows, query],
  );
  const { refetch, isFetching } = log;
  const outrun = log.dataUpdatedAt > 0 && isOutrun(log.dataUpdatedAt, topic.rows);
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
