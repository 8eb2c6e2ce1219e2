import type { Schedule } from "../../shared/forge/cron-schema.ts";

export type ScheduleChange = "enabled" | "dedupe" | "trigger";

interface ChangePlan {
  command: ScheduleChange;
  /** What the switch becomes; without meaning for a trigger. */
  value: boolean;
  title: string;
  text: string;
}

/** What each change of a schedule is called and means, from how the schedule is now. */
export const scheduleChanges: Readonly<Record<ScheduleChange, (schedule: Schedule) => ChangePlan>> = {
  enabled: ({ name, enabled }) => ({
    command: "enabled",
    value: !enabled,
    title: `Turn ${name} ${enabled ? "off" : "on"}`,
    text: enabled
      ? "It fires no more until it is turned on again. Jobs that it has enqueued stay."
      : "Its next time is worked out within five seconds; times that it missed are not made up for. Its last error is cleared.",
  }),
  dedupe: ({ name, dedupeKey }) => ({
    command: "dedupe",
    value: dedupeKey === undefined,
    title: dedupeKey === undefined ? `Skip overlapping runs of ${name}` : `Allow overlapping runs of ${name}`,
    text: overlapText(name, dedupeKey),
  }),
  trigger: ({ name, dedupeKey }) => ({
    command: "trigger",
    value: true,
    title: `Trigger ${name}`,
    text: `Its job is enqueued at once, even if the schedule is off${dedupeKey === undefined ? "" : ", and even if one with its dedupe key is active"}. On servers whose clock is not in UTC the next time may be shown shifted until it has fired again.`,
  }),
};

function overlapText(name: string, key: string | undefined): string {
  if (key === undefined)
    return `While a job of ${name} is pending or running, the next time is skipped. Its dedupe key becomes its name.`;
  const custom =
    key === name ? "" : ` Its own key ${key} is lost: skipping again would use the schedule's name.`;
  return `A new job is enqueued at every time, whether or not the one before is over.${custom}`;
}
