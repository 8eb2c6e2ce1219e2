import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { asFailure } from "../../shared/contract/index.ts";

const pageSize = 300;

interface LoggedPages<Row, Cursor> {
  /** Names what is read; another one begins with its newest page. */
  queryKey: readonly unknown[];
  /** Reads rows from before the cursor, newest first. */
  read: (before: Cursor | undefined, limit: number) => Promise<Row[]>;
  cursorOf: (row: Row) => Cursor;
  /** Whether so much has come since the log was read (milliseconds) that the live topic may soon drop what no page holds. */
  isOutrun: (logged: readonly Row[], readAt: number) => boolean;
}

/** Pages of a log, newest first and as far back as somebody reads; what is new comes by a live topic beside it. */
export function useLoggedPages<Row, Cursor>({
  queryKey,
  read,
  cursorOf,
  isOutrun,
}: LoggedPages<Row, Cursor>) {
  const log = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => read(pageParam as Cursor | undefined, pageSize),
    initialPageParam: undefined as Cursor | undefined,
    getNextPageParam: (page: Row[]) => {
      const last = page.at(-1);
      return last === undefined || page.length < pageSize ? undefined : cursorOf(last);
    },
    // A page that is opened again begins with the newest.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const logged = useMemo(() => log.data?.pages.flat() ?? [], [log.data]);
  const { refetch, isFetching } = log;
  const outrun = log.dataUpdatedAt > 0 && isOutrun(logged, log.dataUpdatedAt);
  useEffect(() => {
    if (outrun && !isFetching) void refetch();
  }, [outrun, isFetching, refetch]);
  return {
    logged,
    loading: log.isPending,
    more: log.hasNextPage,
    reading: log.isFetchingNextPage,
    failure: log.error ? asFailure(log.error).toData() : undefined,
    readOlder: () => void log.fetchNextPage(),
    readAgain: () => void refetch(),
  };
}
