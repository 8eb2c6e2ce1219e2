import type { ServerResponse } from "node:http";
import type { Job, Queue, Schedule, Slot } from "./model.ts";

/** A time as SQLite-backed servers write it: no digits of a second, or three (forge-jobs §3). */
export function timestamp(at: number): string {
  const text = new Date(at).toISOString();
  return text.endsWith(".000Z") ? `${text.slice(0, -5)}Z` : text;
}

function optionalTime(at: number | null): string | null {
  return at === null ? null : timestamp(at);
}

/** An error's time has the clock's full precision (forge-jobs §3). */
export function errorTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, -1)}203945Z`;
}

export function jobRow(job: Job): object {
  return {
    id: job.id,
    queue_name: job.queue,
    kind: job.kind,
    status: job.status,
    priority: job.priority,
    attempts: job.attempts,
    max_attempts: job.maxAttempts,
    enqueued_at: timestamp(job.enqueuedAt),
    scheduled_at: timestamp(job.scheduledAt),
    started_at: optionalTime(job.startedAt),
    completed_at: optionalTime(job.completedAt),
    last_error: job.lastError,
    process_id: job.processId,
    dedupe_key: job.dedupeKey,
    heartbeat_at: optionalTime(job.heartbeatAt),
  };
}

export function slotRow(slot: Slot): object {
  return {
    process_id: slot.processId,
    queue_name: slot.queue,
    host_id: slot.hostId,
    started_at: timestamp(slot.startedAt),
    heartbeat_at: timestamp(slot.heartbeatAt),
    current_job_id: slot.currentJob,
  };
}

/** A schedule's row but for its payload, which is spliced in as text. */
export function scheduleRow(schedule: Schedule, withDedupe: boolean): object {
  return {
    name: schedule.name,
    kind: schedule.kind,
    payload: null,
    queue_name: schedule.queue,
    cron_expr: schedule.expression,
    enabled: schedule.enabled,
    max_attempts: schedule.maxAttempts,
    ...(withDedupe ? { dedupe_key: schedule.dedupeKey } : {}),
    last_fired_at: optionalTime(schedule.lastFiredAt),
    next_fire_at: optionalTime(schedule.nextFireAt),
    last_error: schedule.lastError,
    created_at: timestamp(schedule.createdAt),
    updated_at: timestamp(schedule.updatedAt),
  };
}

export function queueSettings(queue: Queue): object {
  return {
    retain_done_days: queue.retainDoneDays,
    retain_dead_days: queue.retainDeadDays,
    backoff_enabled: queue.backoffEnabled,
    backoff_base_seconds: queue.backoffBase,
    backoff_max_seconds: queue.backoffMax,
    throttled_until: optionalTime(queue.throttledUntil),
  };
}

/** What a route answers. */
export type Answer =
  | { kind: "json"; status?: number; text: string }
  | { kind: "unit" }
  | { kind: "text"; status?: number; text: string; contentType?: string }
  | { kind: "empty"; status: 404 | 405; allow?: string };

export function json(value: unknown): Answer {
  return { kind: "json", text: JSON.stringify(value) };
}

/** An error of a handler: flat and tagged (forge-jobs §4.1). */
export function tagged(status: number, body: { kind: string; [key: string]: unknown }): Answer {
  return { kind: "json", status, text: JSON.stringify(body) };
}

export function send(response: ServerResponse, answer: Answer, headOnly: boolean): void {
  const body = answer.kind === "json" || answer.kind === "text" ? Buffer.from(answer.text) : Buffer.alloc(0);
  const headers: Record<string, string | number> = { "content-length": body.length };
  if (answer.kind === "json") headers["content-type"] = "application/json";
  if (answer.kind === "text") headers["content-type"] = answer.contentType ?? "text/plain; charset=utf-8";
  if (answer.kind === "empty" && answer.allow) headers.allow = answer.allow;
  const status = answer.kind === "unit" ? 200 : (answer.status ?? 200);
  response.writeHead(status, headers);
  response.end(headOnly ? undefined : body);
}
