import { useRef } from "react";
import { type Activity, isInFlight } from "../../shared/contract/index.ts";
import { isLater } from "../client/activity-progress.ts";
import { useLoggedBatch } from "../client/use-activities.ts";
import { useTopic } from "../client/use-topic.ts";

/** The activities of one batch as they are now, however many: those that the live topic has no room for come from the log. */
export function useBatchActivities(batch: string, ids: readonly string[]): ReadonlyMap<string, Activity> {
  const { rows } = useTopic("activity");
  const known = useRef<ReadonlyMap<string, Activity>>(new Map());
  known.current = withNewer(known.current, rows);
  const asking = batch !== "" && isOutOfSight(ids, known.current, rows);
  known.current = withNewer(known.current, useLoggedBatch(batch, asking));
  return known.current;
}

type ById = ReadonlyMap<string, Activity>;

/** The known activities with those that are newer put in; the same map where nothing is newer. */
export function withNewer(known: ById, rows: readonly Activity[]): ById {
  let changed: Map<string, Activity> | undefined;
  for (const row of rows) {
    const held = (changed ?? known).get(row.id);
    if (held && !isLater(row, held)) continue;
    changed ??= new Map(known);
    changed.set(row.id, row);
  }
  return changed ?? known;
}

/** Whether one of these may have gone on unseen: the live topic does not hold it, and it was not at its end. */
export function isOutOfSight(ids: readonly string[], known: ById, live: readonly Activity[]): boolean {
  const seen = new Set(live.map(({ id }) => id));
  return ids.some((id) => !seen.has(id) && mayGoOn(known.get(id)));
}

function mayGoOn(activity: Activity | undefined): boolean {
  return !activity || isInFlight(activity.state) || activity.state === "confirmed";
}
