import { z } from "zod";
import { type ActivityTarget, command, query } from "../contract/index.ts";
import { oldJobsSchema } from "./job-schema.ts";
import {
  backoffSettingsSchema,
  forgePath,
  forgeScopeSchema,
  limits,
  queueNameSchema,
  queueProcessSchema,
  queueRowSchema,
  serverInfoSchema,
  serverLevelSchema,
  storageInfoSchema,
  workersOverviewSchema,
} from "./schema.ts";

const onQueue = `${forgePath}/queues/{name}` as const;
const onQueueSchema = forgeScopeSchema.extend({ name: queueNameSchema });

/** How many rows a clean-up would remove of one queue. */
export const cleanupPreviewSchema = z.object({
  queues: z.array(
    z.object({
      name: z.string(),
      done: oldJobsSchema,
      dead: oldJobsSchema,
    }),
  ),
  warnings: z.array(z.string()),
  readAt: z.string(),
});
export type CleanupPreview = z.infer<typeof cleanupPreviewSchema>;

/** Operations on the queues of a forge-jobs server, and on the server itself. */
export const queueOperations = {
  "forge.server.get": query({
    method: "GET",
    path: `${forgePath}/server`,
    summary: "Describes the server: its version as far as its API shows, its storage and its health.",
    refresh: { everyMs: 10_000, requests: 2 },
    input: forgeScopeSchema,
    output: serverInfoSchema,
  }),
  "forge.server.level": query({
    method: "GET",
    path: `${forgePath}/level`,
    summary: "Reports the server's version as detected when the connection was opened; makes no request.",
    refresh: "by hand",
    input: forgeScopeSchema,
    output: z.object({ level: serverLevelSchema }),
  }),
  "forge.queues.list": query({
    method: "GET",
    path: `${forgePath}/queues`,
    summary: "Lists the configured queues with counts, lag, workers and settings.",
    refresh: { everyMs: 5_000, requests: 2 },
    input: forgeScopeSchema,
    output: z.array(queueRowSchema),
  }),
  "forge.processes.list": query({
    method: "GET",
    path: `${forgePath}/processes`,
    summary: "Lists registered worker slots, dead ones that are not yet reaped included.",
    refresh: { everyMs: 2_000 },
    input: forgeScopeSchema.extend({ queueName: z.string().max(512).optional() }),
    output: z.array(queueProcessSchema),
  }),
  "forge.workers.list": query({
    method: "GET",
    path: `${forgePath}/workers`,
    summary: "Lists live worker processes and the queues that none of them serves (0.3 and later).",
    refresh: { everyMs: 2_000 },
    input: forgeScopeSchema,
    output: workersOverviewSchema,
  }),
  "forge.storage.get": query({
    method: "GET",
    path: `${forgePath}/storage`,
    summary: "Reads what the server reports about its database.",
    refresh: "by hand",
    input: forgeScopeSchema,
    output: storageInfoSchema,
  }),
  "forge.queues.set-backoff": command({
    method: "POST",
    path: `${onQueue}/backoff`,
    summary: "Sets how long failed jobs of a queue wait; jobs that already wait keep their time.",
    hazard: "change",
    input: onQueueSchema.extend(backoffSettingsSchema.shape),
    target: queueTarget,
    title: ({ name, enabled, baseSeconds, maxSeconds }) =>
      enabled
        ? `Set backoff of ${name} to ${baseSeconds} s base, ${maxSeconds} s at most`
        : `Turn off backoff of ${name}`,
  }),
  "forge.queues.set-paused": command({
    method: "POST",
    path: `${onQueue}/paused`,
    summary: "Pauses or resumes a queue; pausing asks running handlers to stop, jobs can still be enqueued.",
    hazard: "change",
    input: onQueueSchema.extend({ paused: z.boolean() }),
    target: queueTarget,
    title: ({ name, paused }) => `${paused ? "Pause" : "Resume"} ${name}`,
  }),
  "forge.queues.set-max-workers": command({
    method: "POST",
    path: `${onQueue}/max-workers`,
    summary: "Sets the number of worker slots of a queue in the whole cluster.",
    hazard: "change",
    input: onQueueSchema.extend({
      workers: z.number().int().min(limits.workers.min).max(limits.workers.max),
    }),
    target: queueTarget,
    title: ({ name, workers }) => `Set workers of ${name} to ${workers}`,
  }),
  "forge.queues.set-retention": command({
    method: "POST",
    path: `${onQueue}/retention`,
    summary: "Sets how many days done and dead jobs of a queue are kept; 0 deletes them at the next sweep.",
    hazard: "change",
    input: onQueueSchema.extend({
      doneDays: z.number().int().min(limits.doneDays.min).max(limits.doneDays.max),
      deadDays: z.number().int().min(limits.deadDays.min).max(limits.deadDays.max),
    }),
    target: queueTarget,
    title: ({ name, doneDays, deadDays }) => `Keep jobs of ${name}: done ${doneDays} d, dead ${deadDays} d`,
  }),
  "forge.cleanup.preview": query({
    method: "GET",
    path: `${forgePath}/cleanup`,
    summary: "Counts what a clean-up would remove of each queue.",
    refresh: "once",
    input: forgeScopeSchema,
    output: cleanupPreviewSchema,
  }),
  "forge.cleanup": command({
    method: "POST",
    path: `${forgePath}/cleanup`,
    summary:
      "Runs the retention sweep now: removes done and dead jobs that are older than their queue keeps them.",
    hazard: "destructive",
    input: forgeScopeSchema,
    target: () => ({ kind: "queue", id: "*", label: "all queues" }),
    title: () => "Clean up old jobs of all queues",
  }),
};

function queueTarget({ name }: { name: string }): ActivityTarget {
  return { kind: "queue", id: name, label: name };
}
