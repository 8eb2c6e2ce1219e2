import { z } from "zod";
import { type ActivityTarget, command, query, textWithoutCredentials } from "../contract/index.ts";
import {
  enqueueSchema,
  isJson,
  jobDetailSchema,
  jobFilterSchema,
  jobIdsSchema,
  jobMatchSchema,
  jobPageSchema,
  jobRowSchema,
  jobSearchSchema,
  oldJobsSchema,
} from "./job-schema.ts";
import {
  forgePath,
  forgeScopeSchema,
  jobIdSchema,
  jobStatusSchema,
  limits,
  queueNameSchema,
} from "./schema.ts";

const jobsPath = `${forgePath}/jobs` as const;
const oneJobSchema = forgeScopeSchema.extend({ id: jobIdSchema });
const restingStatusSchema = jobStatusSchema.exclude(["in_progress"]);

const ageSchema = forgeScopeSchema.extend({
  olderThanDays: z.number().int().min(0).max(limits.deadDays.max),
  queueName: queueNameSchema.optional(),
});

/** Operations that read jobs. */
export const jobQueries = {
  "forge.jobs.list": query({
    method: "POST",
    path: `${jobsPath}/list`,
    summary: "Searches jobs, newest first; the server reports no total, only whether there are more.",
    refresh: { everyMs: 5_000 },
    input: jobSearchSchema,
    output: jobPageSchema,
  }),
  "forge.jobs.match": query({
    method: "POST",
    path: `${jobsPath}/match`,
    summary: "Reads the ids of all jobs that a filter finds, for commands on all of them.",
    refresh: "once",
    input: forgeScopeSchema.extend({
      filter: jobFilterSchema.default({}),
      limit: z.number().int().min(1).max(100_000).default(100_000),
    }),
    output: jobMatchSchema,
  }),
  "forge.jobs.count": query({
    method: "POST",
    path: `${jobsPath}/count`,
    summary: "Counts all jobs that a filter finds; the server reads every job of the wanted statuses for it.",
    refresh: "once",
    input: forgeScopeSchema.extend({ filter: jobFilterSchema.default({}) }),
    output: z.object({ count: z.number().int(), readAt: z.string() }),
  }),
  "forge.jobs.count-old": query({
    method: "GET",
    path: `${jobsPath}/old`,
    summary:
      "Counts done jobs that were completed so many days ago; without a queue, of every configured one.",
    refresh: "once",
    input: ageSchema,
    output: oldJobsSchema,
  }),
  "forge.jobs.failed": query({
    method: "GET",
    path: `${jobsPath}/failed`,
    summary: "Lists jobs that wait for a retry, newest first; dead ones are not among them.",
    refresh: { everyMs: 5_000 },
    input: forgeScopeSchema.extend({ limit: z.number().int().min(1).max(5_000).default(200) }),
    output: z.array(jobRowSchema),
  }),
  "forge.jobs.scheduled": query({
    method: "GET",
    path: `${jobsPath}/scheduled`,
    summary: "Lists pending jobs that are due later, soonest first, 500 at most.",
    refresh: { everyMs: 5_000 },
    input: forgeScopeSchema.extend({ queueName: queueNameSchema.optional() }),
    output: z.array(jobRowSchema),
  }),
  "forge.jobs.kinds": query({
    method: "GET",
    path: `${jobsPath}/kinds`,
    summary: "Lists the kinds of the jobs that are stored.",
    refresh: "by hand",
    input: forgeScopeSchema.extend({ queueName: queueNameSchema.optional() }),
    output: z.array(z.string()),
  }),
  "forge.jobs.get": query({
    method: "GET",
    path: `${jobsPath}/{id}`,
    summary: "Reads a job with its payload and its errors.",
    refresh: { everyMs: 5_000 },
    input: oneJobSchema,
    output: jobDetailSchema,
  }),
};

/** Operations that change jobs. */
export const jobCommands = {
  "forge.jobs.enqueue": command({
    method: "POST",
    path: jobsPath,
    summary: "Enqueues a job.",
    hazard: "change",
    input: enqueueSchema,
    redact: (input) => ({ ...input, payload: textWithoutCredentials(input.payload) }),
    target: ({ queueName }) => ({ kind: "queue", id: queueName, label: queueName }),
    title: ({ kind, queueName }) => `Enqueue ${kind} on ${queueName}`,
  }),
  "forge.jobs.enqueue-demo": command({
    method: "POST",
    path: `${jobsPath}/demo`,
    summary: "Enqueues the bundled demonstration job (noop_echo) on the queue default.",
    hazard: "change",
    input: forgeScopeSchema.extend({
      payload: z.string().max(65_536).default("{}").describe("JSON text.").refine(isJson, "is not JSON"),
    }),
    redact: (input) => ({ ...input, payload: textWithoutCredentials(input.payload) }),
    target: () => ({ kind: "queue", id: "default", label: "default" }),
    title: () => "Enqueue a demonstration job",
  }),
  "forge.jobs.run-now": command({
    method: "POST",
    path: `${jobsPath}/{id}/run-now`,
    summary: "Makes a pending job due now; a pause or a cool-down stays.",
    hazard: "change",
    input: oneJobSchema,
    target: ({ id }) => jobTarget([id]),
    title: ({ id }) => `Run ${id} now`,
  }),
  "forge.jobs.retry": command({
    method: "POST",
    path: `${jobsPath}/retry`,
    summary: "Makes failed and dead jobs pending again; their attempts stay counted.",
    hazard: "change",
    input: jobIdsSchema,
    target: ({ ids }) => jobTarget(ids),
    title: ({ ids }) => `Retry ${jobsText(ids)}`,
  }),
  "forge.jobs.requeue": command({
    method: "POST",
    path: `${jobsPath}/requeue`,
    summary: "Puts failed and dead jobs back into their queue; the server's other name for a retry.",
    hazard: "change",
    input: jobIdsSchema,
    target: ({ ids }) => jobTarget(ids),
    title: ({ ids }) => `Requeue ${jobsText(ids)}`,
  }),
  "forge.jobs.retry-all-failed": command({
    method: "POST",
    path: `${jobsPath}/retry-all-failed`,
    summary: "Makes all failed jobs of every queue pending again.",
    hazard: "change",
    input: forgeScopeSchema,
    target: () => ({ kind: "queue", id: "*", label: "all queues" }),
    title: () => "Retry all failed jobs of every queue",
  }),
  "forge.jobs.retry-all-by-status": command({
    method: "POST",
    path: `${jobsPath}/retry-all-by-status`,
    summary:
      "Makes all failed, or all dead, jobs of every queue pending again. Other statuses would run jobs twice or never return.",
    hazard: "change",
    input: forgeScopeSchema.extend({ status: jobStatusSchema.extract(["failed", "dead"]) }),
    target: () => ({ kind: "queue", id: "*", label: "all queues" }),
    title: ({ status }) => `Retry all ${status} jobs of every queue`,
  }),
  "forge.jobs.delete": command({
    method: "POST",
    path: `${jobsPath}/delete`,
    summary: "Deletes jobs; one that is running is asked to stop instead, and stays.",
    hazard: "destructive",
    input: jobIdsSchema,
    target: ({ ids }) => jobTarget(ids),
    title: ({ ids }) => `Delete ${jobsText(ids)}`,
  }),
  "forge.jobs.delete-by-status": command({
    method: "POST",
    path: `${jobsPath}/delete-by-status`,
    summary: "Deletes every job of a status, of one queue or of all; pending means ready and scheduled ones.",
    hazard: "destructive",
    input: forgeScopeSchema.extend({ status: restingStatusSchema, queueName: queueNameSchema.optional() }),
    target: ({ queueName }) => ({ kind: "queue", id: queueName ?? "*", label: queueName ?? "all queues" }),
    title: ({ status, queueName }) => `Delete all ${status} jobs of ${queueName ?? "every queue"}`,
  }),
  "forge.jobs.delete-done": command({
    method: "POST",
    path: `${jobsPath}/delete-done`,
    summary:
      "Deletes done jobs that were completed so many days ago; without a queue, of every configured one.",
    hazard: "destructive",
    input: ageSchema,
    target: ({ queueName }) => ({ kind: "queue", id: queueName ?? "*", label: queueName ?? "all queues" }),
    title: ({ olderThanDays, queueName }) =>
      `Delete done jobs of ${queueName ?? "every queue"} older than ${olderThanDays} d`,
  }),
};

function jobTarget(ids: readonly string[]): ActivityTarget {
  return { kind: "job", id: ids[0] ?? "", label: jobsText(ids) };
}

function jobsText(ids: readonly string[]): string {
  return ids.length === 1 ? `job ${ids[0]}` : `${ids.length} jobs`;
}
