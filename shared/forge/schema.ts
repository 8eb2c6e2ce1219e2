import { z } from "zod";
import { connectionIdSchema } from "../connections/schema.ts";

/** Where the routes of a forge-jobs server begin. */
export const forgePath = "/connections/{connectionId}/forge" as const;

export const forgeScopeSchema = z.object({ connectionId: connectionIdSchema });

/** A name that is one path segment on the wire; anything but blank, `.` and `..` (forge-jobs §3). */
function segmentSchema(what: string) {
  return z
    .string()
    .max(512)
    .refine((name) => name.trim() !== "", `the ${what} must not be blank`)
    .refine((name) => name !== "." && name !== "..", `"." and ".." cannot be part of an address`);
}

export const queueNameSchema = segmentSchema("queue's name");
export const scheduleNameSchema = segmentSchema("schedule's name");
export const jobIdSchema = segmentSchema("job's id").max(64);

/** In the order in which they are shown; "scheduled" is a view of `pending`, no status (forge-jobs §5). */
const jobStatuses = ["pending", "in_progress", "done", "failed", "dead"] as const;
export const jobStatusSchema = z.enum(jobStatuses);
export type JobStatus = z.infer<typeof jobStatusSchema>;

const countSchema = z.number().int().min(0);

const statusCountsSchema = z.object({
  pending: countSchema.describe("Ready to run now."),
  scheduled: countSchema.describe("Pending, but due later."),
  inProgress: countSchema,
  done: countSchema.describe("Done and not yet cleaned up."),
  failed: countSchema.describe("Waiting for the next retry."),
  dead: countSchema.describe("Given up."),
});

/** One worker slot of a queue (forge-jobs §5, QueueProcess). */
export const queueProcessSchema = z.object({
  processId: z.string(),
  queueName: z.string().describe("Empty for a slot that was reaped and came back (trap 12)."),
  hostId: z.string(),
  startedAt: z.string(),
  heartbeatAt: z.string(),
  currentJobId: z.string().optional(),
});

/** The bounds that servers apply silently; the console asks for nothing outside of them (forge-jobs §6.11, trap 17). */
export const limits = {
  workers: { min: 0, max: 64 },
  backoffSeconds: { min: 1, max: 86_400 },
  doneDays: { min: 0, max: 365 },
  deadDays: { min: 0, max: 3_650 },
  idsPerCall: 500,
} as const;

export const backoffSettingsSchema = z.object({
  enabled: z.boolean(),
  baseSeconds: z.number().int().min(limits.backoffSeconds.min).max(limits.backoffSeconds.max),
  maxSeconds: z.number().int().min(limits.backoffSeconds.min).max(limits.backoffSeconds.max),
});
export type BackoffSettings = z.infer<typeof backoffSettingsSchema>;

/** A queue as the overview has it. */
export const queueRowSchema = z.object({
  name: z.string(),
  paused: z.boolean(),
  maxWorkers: z.number().int().describe("Slots in the whole cluster, not in each process."),
  counts: statusCountsSchema,
  processes: z.array(queueProcessSchema),
  retainDoneDays: z.number().int(),
  retainDeadDays: z.number().int(),
  backoff: z.object({ enabled: z.boolean(), baseSeconds: z.number(), maxSeconds: z.number() }),
  throttledUntil: z
    .string()
    .optional()
    .describe("End of the cool-down; absent when it is over (forge-jobs §7.4)."),
  lagSeconds: countSchema.describe("Age of the oldest job that is ready."),
  unassigned: z.boolean().optional().describe("No worker serves it; known from 0.3 on."),
  readAt: z.string(),
});
export type QueueRow = z.infer<typeof queueRowSchema>;

/** What the routes that a server has tell of its version; there is no version route (forge-jobs §2). */
export const serverLevels = ["0.1", "0.2.0", "0.2.1", "0.3"] as const;
export const serverLevelSchema = z.enum(serverLevels);
export type ServerLevel = z.infer<typeof serverLevelSchema>;

export const storageInfoSchema = z.object({
  backend: z.string(),
  fields: z.array(z.object({ name: z.string(), value: z.string() })),
});

export const serverInfoSchema = z.object({
  address: z.string(),
  level: serverLevelSchema,
  authenticated: z
    .boolean()
    .describe("The connection sends credentials, for a proxy in front; the server asks for none."),
  sharedNetwork: z.boolean().describe("The address is not on this machine."),
  storage: storageInfoSchema,
  health: z.string(),
  readAt: z.string(),
});

const workerSchema = z.object({
  hostId: z.string().describe("New with every start of the process (trap 19)."),
  workerName: z.string().optional(),
  queues: z.array(z.string()).describe("Empty: a worker older than 0.3, which takes every queue."),
  slots: z.array(z.object({ queueName: z.string(), slots: z.number().int() })),
  workersLive: z.number().int(),
  inFlight: z.number().int(),
  heartbeatAt: z.string(),
  heartbeatAgeSeconds: z.number().int(),
});

export const workersOverviewSchema = z.object({
  workers: z.array(workerSchema),
  unassignedQueues: z.array(z.string()),
});
