import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type ActivityQuery, fitsActivityQuery } from "../../shared/activity/query.ts";
import type { Activity } from "../../shared/contract/index.ts";
import { call } from "./call.ts";
import { isOutrun, mergeActivities } from "./merge-activities.ts";
import { useLoggedPages } from "./use-logged-pages.ts";
import { useTopic } from "./use-topic.ts";

/** The activities that fit, newest first: pages of the log, with what has happened since from the live topic. */
export function useActivities(query: ActivityQuery) {
  const topic = useTopic("activity");
  const { logged, ...log } = useLoggedPages({
    queryKey: ["activity.list", "pages", query],
    read: (before: string | undefined, limit) => call("activity.list", { ...query, before, limit }),
    cursorOf: ({ id }: Activity) => id,
    isOutrun: (_logged, readAt) => isOutrun(readAt, topic.rows),
  });
  const rows = useMemo(
    () => mergeActivities(logged, topic.rows, (activity) => fitsActivityQuery(activity, query)),
    [logged, topic.rows, query],
  );
  return { rows, topic, ...log };
}

const batchPage = 1_000;
const batchAgainMs = 1_500;
const none: readonly Activity[] = [];

/** The activities of a batch as the log has them, for those that the live topic has no room for; read again while it is asked for. */
export function useLoggedBatch(batch: string, enabled: boolean): readonly Activity[] {
  const { data = none } = useQuery({
    queryKey: ["activity.list", "batch", batch],
    queryFn: () => readBatch(batch),
    enabled,
    refetchInterval: batchAgainMs,
    gcTime: 0,
  });
  return data;
}

async function readBatch(batch: string): Promise<Activity[]> {
  const read: Activity[] = [];
  for (;;) {
    const page = await call("activity.list", { batch, before: read.at(-1)?.id, limit: batchPage });
    read.push(...page);
    if (page.length < batchPage) return read;
  }
}
