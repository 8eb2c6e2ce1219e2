import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import type { Activity } from "../../shared/contract/index.ts";
import { call } from "../client/call.ts";
import { useTopic } from "../client/use-topic.ts";
import { isOutOfSight, withNewer } from "./batch-activities.ts";

const pageSize = 1_000;
const askEveryMs = 1_500;

/** The activities of one batch as they are now, however many: those that the live topic has no room for come from the log. */
export function useBatchActivities(batch: string, ids: readonly string[]): ReadonlyMap<string, Activity> {
  const { rows } = useTopic("activity");
  const known = useRef<ReadonlyMap<string, Activity>>(new Map());
  known.current = withNewer(known.current, rows);
  const asking = batch !== "" && isOutOfSight(ids, known.current, rows);
  const logged = useQuery({
    queryKey: ["activity.list", "batch", batch],
    queryFn: () => readBatch(batch),
    enabled: asking,
    refetchInterval: asking ? askEveryMs : false,
    gcTime: 0,
  });
  known.current = withNewer(known.current, logged.data ?? []);
  return known.current;
}

async function readBatch(batch: string): Promise<Activity[]> {
  const read: Activity[] = [];
  for (;;) {
    const page = await call("activity.list", { batch, before: read.at(-1)?.id, limit: pageSize });
    read.push(...page);
    if (page.length < pageSize) return read;
  }
}
