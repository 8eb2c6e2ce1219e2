import { z } from "zod";
import { jobStatusSchema } from "../../../shared/forge/schema.ts";

/** What servers send, tolerant in reading: unknown keys are ignored, optional ones may lack (forge-jobs §5, §17). */
const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);
const optionalNumber = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined);
const count = z.number().nonnegative();

const process = z
  .object({
    process_id: z.string(),
    queue_name: z.string(),
    host_id: z.string(),
    started_at: z.string(),
    heartbeat_at: z.string(),
    current_job_id: optionalText,
  })
  .transform((row) => ({
    processId: row.process_id,
    queueName: row.queue_name,
    // A slot that was reaped comes back without its host; its id ends with it (trap 12).
    hostId: row.host_id || row.process_id.slice(-26),
    startedAt: row.started_at,
    heartbeatAt: row.heartbeat_at,
    ...(row.current_job_id !== undefined && { currentJobId: row.current_job_id }),
  }));
export const processesWire = z.array(process);

export const overviewWire = z.array(
  z
    .object({
      name: z.string(),
      paused: z.boolean(),
      max_workers: z.number(),
      counts: z.object({
        pending: count,
        scheduled: count,
        in_progress: count,
        done: count,
        failed: count,
        dead: count,
      }),
      processes: z.array(process).default([]),
      retain_done_days: z.number(),
      retain_dead_days: z.number(),
      backoff_enabled: z.boolean(),
      backoff_base_seconds: z.number(),
      backoff_max_seconds: z.number(),
      throttled_until: optionalText,
      oldest_pending_age_seconds: count,
    })
    .transform(({ counts, ...row }) => ({
      name: row.name,
      paused: row.paused,
      maxWorkers: row.max_workers,
      counts: {
        pending: counts.pending,
        scheduled: counts.scheduled,
        inProgress: counts.in_progress,
        done: counts.done,
        failed: counts.failed,
        dead: counts.dead,
      },
      processes: row.processes,
      retainDoneDays: row.retain_done_days,
      retainDeadDays: row.retain_dead_days,
      backoff: {
        enabled: row.backoff_enabled,
        baseSeconds: row.backoff_base_seconds,
        maxSeconds: row.backoff_max_seconds,
      },
      throttledUntil: row.throttled_until,
      lagSeconds: Math.floor(row.oldest_pending_age_seconds),
    })),
);
export type QueueOverview = z.output<typeof overviewWire>[number];

export const storageWire = z
  .object({ backend: z.string(), fields: z.array(z.tuple([z.string(), z.string()])) })
  .transform(({ backend, fields }) => ({
    backend,
    fields: fields.map(([name, value]) => ({ name, value })),
  }));

export const workersWire = z
  .object({
    workers: z.array(
      z.object({
        host_id: z.string(),
        worker_name: optionalText,
        queues: z.array(z.string()),
        slots: z.array(z.object({ queue_name: z.string(), slots: z.number() })),
        workers_live: count,
        in_flight: count,
        heartbeat_at: z.string(),
        heartbeat_age_seconds: z.number(),
      }),
    ),
    unassigned_queues: z.array(z.string()),
  })
  .transform(({ workers, unassigned_queues }) => ({
    workers: workers.map((row) => ({
      hostId: row.host_id,
      ...(row.worker_name !== undefined && { workerName: row.worker_name }),
      queues: row.queues,
      slots: row.slots.map(({ queue_name, slots }) => ({ queueName: queue_name, slots })),
      workersLive: row.workers_live,
      inFlight: row.in_flight,
      heartbeatAt: row.heartbeat_at,
      heartbeatAgeSeconds: row.heartbeat_age_seconds,
    })),
    unassignedQueues: unassigned_queues,
  }));

const job = z
  .object({
    id: z.string(),
    queue_name: z.string(),
    kind: z.string(),
    status: jobStatusSchema,
    priority: z.number(),
    attempts: z.number(),
    max_attempts: z.number(),
    enqueued_at: z.string(),
    scheduled_at: z.string(),
    started_at: optionalText,
    completed_at: optionalText,
    last_error: optionalText,
    process_id: optionalText,
    dedupe_key: optionalText,
    heartbeat_at: optionalText,
  })
  .transform((row) => ({
    id: row.id,
    queueName: row.queue_name,
    kind: row.kind,
    status: row.status,
    priority: row.priority,
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    enqueuedAt: row.enqueued_at,
    scheduledAt: row.scheduled_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    lastError: row.last_error,
    processId: row.process_id,
    dedupeKey: row.dedupe_key,
    heartbeatAt: row.heartbeat_at,
  }));
export const jobsWire = z.array(job);
export const jobPageWire = z.object({ rows: jobsWire, total: count });
export const jobNamesWire = z.object({
  rows: z.array(
    z
      .object({ id: z.string(), queue_name: z.string(), status: jobStatusSchema })
      .transform(({ id, queue_name, status }) => ({ id, queueName: queue_name, status })),
  ),
});
export const inspectWire = z.object({
  row: job,
  error_history: z.array(z.object({ at: z.string(), attempt: z.number(), message: z.string() })),
});

export const schedulesWire = z.array(
  z
    .object({
      name: z.string(),
      kind: z.string(),
      queue_name: optionalText,
      cron_expr: z.string(),
      enabled: z.boolean(),
      max_attempts: optionalNumber,
      dedupe_key: z.string().nullable().optional(),
      last_fired_at: optionalText,
      next_fire_at: optionalText,
      last_error: optionalText,
      created_at: z.string(),
      updated_at: z.string(),
    })
    .transform((row) => ({
      name: row.name,
      kind: row.kind,
      queueName: row.queue_name,
      expression: row.cron_expr,
      enabled: row.enabled,
      maxAttempts: row.max_attempts,
      dedupeKey: row.dedupe_key ?? undefined,
      // The field came with 0.2.1, and is null there, not absent.
      dedupeKnown: row.dedupe_key !== undefined,
      lastFiredAt: row.last_fired_at,
      nextFireAt: row.next_fire_at,
      lastError: row.last_error,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    })),
);

export const cleanupWire = z.object({ done_deleted: count, dead_deleted: count });
export const countWire = count;
export const booleanWire = z.boolean();
export const idWire = z.string();
