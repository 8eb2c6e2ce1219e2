import type { z } from "zod";
import type { enqueueSchema } from "./job-schema.ts";
import type { BackoffSettings, JobStatus } from "./schema.ts";

/** One command as it will be sent. */
export interface ForgeCommand {
  path: string;
  /** JSON text; a few routes take none (forge-jobs §3). */
  body?: string;
  /** Works on many rows: the server answers only when all are done. */
  long?: boolean;
}

/** A name as one part of a path. */
export function segment(name: string): string {
  return encodeURIComponent(name);
}

/** The requests of all commands, exactly as they go out (forge-jobs §6.11, §6.14, §6.15). */
export const commands = {
  setBackoff: (queue: string, { enabled, baseSeconds, maxSeconds }: BackoffSettings) =>
    onQueue(queue, "backoff", { enabled, base_seconds: baseSeconds, max_seconds: maxSeconds }),
  setPaused: (queue: string, paused: boolean) => onQueue(queue, "paused", { paused }),
  setMaxWorkers: (queue: string, workers: number) => onQueue(queue, "max-workers", { n: workers }),
  setRetention: (queue: string, doneDays: number, deadDays: number) =>
    onQueue(queue, "retention", { done_days: doneDays, dead_days: deadDays }),
  cleanup: (): ForgeCommand => ({ path: "/queue/cleanup", long: true }),
  enqueue,
  enqueueDemo: (payload: string): ForgeCommand => ({
    path: "/jobs/enqueue-demo",
    body: `{"payload":${payload}}`,
  }),
  runNow: (id: string): ForgeCommand => ({ path: `/jobs/run-now/${segment(id)}` }),
  retry: (ids: readonly string[]) => onJobs("retry", { ids }),
  requeue: (ids: readonly string[]) => onJobs("requeue", { ids }),
  retryAllFailed: (): ForgeCommand => ({ path: "/jobs/retry-all-failed", long: true }),
  retryAllByStatus: (status: JobStatus) => onJobs("retry-all-by-status", { status }),
  delete: (ids: readonly string[]) => onJobs("delete", { ids }),
  deleteByStatus: (status: JobStatus, queueName: string | undefined) =>
    onJobs("delete-by-status", { status, queue_name: queueName }),
  deleteDone: (days: number, queueName: string | undefined) =>
    onJobs("delete-done-older-than", { days, queue_name: queueName }),
  setEnabled: (schedule: string, enabled: boolean) => onSchedule(schedule, "enabled", { enabled }),
  setExpression: (schedule: string, expression: string) => onSchedule(schedule, "expr", { expr: expression }),
  setDedupe: (schedule: string, dedupe: boolean) => onSchedule(schedule, "dedupe", { dedupe }),
  trigger: (schedule: string): ForgeCommand => ({ path: `/cron/${segment(schedule)}/trigger` }),
};

function onQueue(queue: string, verb: string, body: object): ForgeCommand {
  return { path: `/queue/${segment(queue)}/${verb}`, body: JSON.stringify(body) };
}

function onJobs(verb: string, body: object): ForgeCommand {
  return { path: `/jobs/${verb}`, body: JSON.stringify(body), long: true };
}

function onSchedule(schedule: string, verb: string, body: object): ForgeCommand {
  return { path: `/cron/${segment(schedule)}/${verb}`, body: JSON.stringify(body) };
}

/** The payload goes into the body as it was written, so that long numbers arrive whole. */
function enqueue(
  params: Omit<z.output<typeof enqueueSchema>, "connectionId" | "allowUnknownQueue">,
): ForgeCommand {
  const rest = JSON.stringify({
    kind: params.kind,
    queue_name: params.queueName,
    dedupe_key: params.dedupeKey,
    run_at: params.runAt,
    priority: params.priority,
    max_attempts: params.maxAttempts,
  });
  return { path: "/jobs/enqueue", body: `${rest.slice(0, -1)},"payload":${params.payload}}` };
}
