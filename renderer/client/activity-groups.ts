import { type Activity, type ActivityState, isInFlight } from "../../shared/contract/index.ts";

/** Activities that belong together: one bulk command, or one alone. */
export interface ActivityGroup {
  key: string;
  title: string;
  members: readonly Activity[];
  /** How many are in which state, in the order of a command's life. */
  counts: readonly { state: ActivityState; count: number }[];
}

const order: readonly ActivityState[] = [
  "verified",
  "confirmed",
  "acknowledged",
  "sent",
  "recorded",
  "unknown",
  "failed",
  "refused",
];

/** All activities in their groups, newest first. */
export function activityGroups(activities: readonly Activity[]): ActivityGroup[] {
  const members = new Map<string, Activity[]>();
  for (const activity of activities) {
    const key = activity.batch ?? activity.id;
    const group = members.get(key);
    if (group) group.push(activity);
    else members.set(key, [activity]);
  }
  return [...members]
    .map(([key, group]) => groupOf(key, group))
    .sort((left, right) => startOf(right).localeCompare(startOf(left)));
}

/** The groups that are running, or ended less than `lingerMs` before `now`; newest first. */
export function runningGroups(
  activities: readonly Activity[],
  now: number,
  lingerMs = 6_000,
): ActivityGroup[] {
  return activityGroups(activities).filter((group) =>
    group.members.some((one) => isShown(one, now, lingerMs)),
  );
}

/** The activity of a group that came least far; its pips stand for the group. */
export function slowestOf(group: ActivityGroup): Activity {
  return group.members.reduce((slow, one) => (one.steps.length < slow.steps.length ? one : slow));
}

/** The search text that shows a group on the page of activities. */
export function groupQuery(group: ActivityGroup): string {
  const [first] = group.members;
  const alone = group.members.length === 1 && first;
  return alone ? `?open=${encodeURIComponent(first.id)}` : `?batch=${encodeURIComponent(group.key)}`;
}

function isShown(activity: Activity, now: number, lingerMs: number): boolean {
  return isInFlight(activity.state) || now - Date.parse(activity.updatedAt) < lingerMs;
}

function groupOf(key: string, members: readonly Activity[]): ActivityGroup {
  const counts = order
    .map((state) => ({ state, count: members.filter((one) => one.state === state).length }))
    .filter(({ count }) => count > 0);
  return { key, title: titleOf(members), members, counts };
}

function titleOf(members: readonly Activity[]): string {
  const first = members[0]?.title ?? "";
  if (members.length === 1) {
    const host = members[0]?.target?.hostName;
    return host && !first.includes(host) ? `${first} on ${host}` : first;
  }
  const hosts = new Set(members.map((one) => one.target?.hostId ?? one.target?.id));
  const same = members.every((one) => one.title === first);
  return same ? `${first} on ${hosts.size} hosts` : `${first} and ${members.length - 1} more`;
}

function startOf(group: ActivityGroup): string {
  return group.members[0]?.startedAt ?? "";
}
