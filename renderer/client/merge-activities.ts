import type { Activity } from "../../shared/contract/index.ts";
import { isLater } from "./activity-progress.ts";

/** The live topic holds 500. */
const mostSinceReading = 400;

/** Both as one list without doubles, newest first; of each the state that is newest, and only if that still fits. */
export function mergeActivities(
  logged: readonly Activity[],
  live: readonly Activity[],
  fits: (activity: Activity) => boolean,
): readonly Activity[] {
  const byId = new Map(logged.map((activity) => [activity.id, activity]));
  for (const activity of live) {
    const known = byId.get(activity.id);
    if (!known || !isLater(known, activity)) byId.set(activity.id, activity);
  }
  return [...byId.values()]
    .filter(fits)
    .sort((left, right) => compare(right.startedAt, left.startedAt) || compare(right.id, left.id));
}

/** Whether so much has begun since the log was read (milliseconds) that the live topic may soon drop what no page holds. */
export function isOutrun(readAt: number, live: readonly Activity[]): boolean {
  const since = new Date(readAt).toISOString();
  return live.filter(({ startedAt }) => startedAt > since).length >= mostSinceReading;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
