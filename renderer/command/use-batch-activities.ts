import { useRef } from "react";
import type { Activity } from "../../shared/contract/index.ts";
import { useLoggedBatch } from "../client/use-activities.ts";
import { useTopic } from "../client/use-topic.ts";
import { isOutOfSight, withNewer } from "./batch-activities.ts";

/** The activities of one batch as they are now, however many: those that the live topic has no room for come from the log. */
export function useBatchActivities(batch: string, ids: readonly string[]): ReadonlyMap<string, Activity> {
  const { rows } = useTopic("activity");
  const known = useRef<ReadonlyMap<string, Activity>>(new Map());
  known.current = withNewer(known.current, rows);
  const asking = batch !== "" && isOutOfSight(ids, known.current, rows);
  known.current = withNewer(known.current, useLoggedBatch(batch, asking));
  return known.current;
}
