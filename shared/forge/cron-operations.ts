import { z } from "zod";
import { type ActivityTarget, command, query } from "../contract/index.ts";
import { scheduleSchema } from "./cron-schema.ts";
import { forgePath, forgeScopeSchema, scheduleNameSchema } from "./schema.ts";

const onSchedule = `${forgePath}/cron/{name}` as const;
const onScheduleSchema = forgeScopeSchema.extend({ name: scheduleNameSchema });

/** Operations on the schedules of a forge-jobs server. */
export const cronOperations = {
  "forge.cron.list": query({
    method: "GET",
    path: `${forgePath}/cron`,
    summary: "Lists the schedules.",
    refresh: { everyMs: 5_000 },
    input: forgeScopeSchema,
    output: z.array(scheduleSchema),
  }),
  "forge.cron.set-enabled": command({
    method: "POST",
    path: `${onSchedule}/enabled`,
    summary: "Turns a schedule on or off; its next time is worked out anew.",
    hazard: "change",
    input: onScheduleSchema.extend({ enabled: z.boolean() }),
    target: scheduleTarget,
    title: ({ name, enabled }) => `${enabled ? "Enable" : "Disable"} schedule ${name}`,
  }),
  "forge.cron.set-expression": command({
    method: "POST",
    path: `${onSchedule}/expression`,
    summary: "Gives a schedule another expression; it stays on or off.",
    hazard: "change",
    input: onScheduleSchema.extend({ expression: z.string().trim().min(1).max(500) }),
    target: scheduleTarget,
    title: ({ name, expression }) => `Set schedule ${name} to ${expression}`,
  }),
  "forge.cron.set-dedupe": command({
    method: "POST",
    path: `${onSchedule}/dedupe`,
    summary:
      "Lets a schedule skip a run while the one before is active, or not; a key of the host's own is lost (trap 18).",
    hazard: "change",
    input: onScheduleSchema.extend({ dedupe: z.boolean() }),
    target: scheduleTarget,
    title: ({ name, dedupe }) => `${dedupe ? "Skip" : "Allow"} overlapping runs of schedule ${name}`,
  }),
  "forge.cron.trigger": command({
    method: "POST",
    path: `${onSchedule}/trigger`,
    summary: "Enqueues a schedule's job at once, even if it is off, and whatever its dedupe key.",
    hazard: "change",
    input: onScheduleSchema,
    target: scheduleTarget,
    title: ({ name }) => `Trigger schedule ${name}`,
  }),
};

function scheduleTarget({ name }: { name: string }): ActivityTarget {
  return { kind: "schedule", id: name, label: name };
}
