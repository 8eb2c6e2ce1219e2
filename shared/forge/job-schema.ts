import { z } from "zod";
import { forgeScopeSchema, jobIdSchema, jobStatusSchema, limits, queueNameSchema } from "./schema.ts";

/** A job without its payload (forge-jobs §5, JobRow). */
export const jobRowSchema = z.object({
  id: z.string(),
  queueName: z.string(),
  kind: z.string(),
  status: jobStatusSchema,
  priority: z.number().int().describe("Lower runs first."),
  attempts: z.number().int(),
  maxAttempts: z.number().int(),
  enqueuedAt: z.string(),
  scheduledAt: z.string(),
  startedAt: z.string().optional(),
  completedAt: z.string().optional(),
  lastError: z.string().optional().describe("Kept even after a later success."),
  processId: z.string().optional(),
  dedupeKey: z.string().optional(),
  heartbeatAt: z.string().optional(),
});
export type JobRow = z.infer<typeof jobRowSchema>;

export const jobDetailSchema = z.object({
  row: jobRowSchema,
  payload: z.string().describe("JSON text with every digit as the server sent it."),
  errors: z.array(z.object({ at: z.string(), attempt: z.number().int(), message: z.string() })),
});

/** What a search of jobs can ask for (forge-jobs §6.12). */
export const jobFilterSchema = z.object({
  queues: z.array(queueNameSchema).max(100).optional(),
  kinds: z.array(z.string().min(1)).max(100).optional(),
  // Repeated values would give rows twice (trap 22).
  statuses: z.array(jobStatusSchema).max(5).refine(isDistinct, "each status once").optional(),
  from: z.iso.datetime({ offset: true }).optional().describe("Enqueued at this time or later."),
  to: z.iso.datetime({ offset: true }).optional().describe("Enqueued at this time or earlier."),
  payloadText: z
    .string()
    .max(1_000)
    .optional()
    .describe("A part of the compact JSON of the payload; case is ignored."),
});
export type JobFilter = z.infer<typeof jobFilterSchema>;

function isDistinct(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}

export const jobSearchSchema = forgeScopeSchema.extend({
  filter: jobFilterSchema.default({}),
  limit: z.number().int().min(1).max(5_000).default(200),
  offset: z.number().int().min(0).max(10_000_000).default(0),
});

export const jobPageSchema = z.object({
  rows: z.array(jobRowSchema),
  offset: z.number().int(),
  limit: z.number().int(),
  more: z.boolean().describe("There is at least one job after these; found by asking for one more row."),
  readAt: z.string(),
});
export type JobPage = z.infer<typeof jobPageSchema>;

/** Every job that a filter finds at one moment. */
export const jobMatchSchema = z.object({
  jobs: z.array(z.object({ id: z.string(), status: jobStatusSchema, queueName: z.string() })),
  complete: z.boolean().describe("False: there are more than were read."),
  readAt: z.string(),
});
export type JobMatch = z.infer<typeof jobMatchSchema>;

/** How many jobs were completed before a time. */
export const oldJobsSchema = z.object({
  rows: z.number().int(),
  exact: z.boolean().describe("False: a bound from above; so many were enqueued before that time."),
  before: z.string(),
});
export type OldJobs = z.infer<typeof oldJobsSchema>;

export const jobIdsSchema = forgeScopeSchema.extend({
  ids: z.array(jobIdSchema).min(1).max(limits.idsPerCall).refine(isDistinct, "each job once"),
});

export const enqueueSchema = forgeScopeSchema.extend({
  queueName: queueNameSchema,
  kind: z.string().trim().min(1).max(512),
  payload: z
    .string()
    .max(2_097_152)
    .default("{}")
    .describe("JSON text, sent as it is written.")
    .refine(isJson, "is not JSON"),
  dedupeKey: z.string().min(1).max(512).optional(),
  runAt: z.iso.datetime({ offset: true }).optional(),
  priority: z.number().int().min(-2_147_483_648).max(2_147_483_647).optional(),
  maxAttempts: z.number().int().min(1).max(1_000).optional(),
  allowUnknownQueue: z
    .boolean()
    .default(false)
    .describe("The queue is not configured: the job would stay invisible and not run."),
});

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
