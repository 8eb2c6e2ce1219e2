import type { Job, Queue } from "./model.ts";
import type { ForgeStore } from "./store.ts";

const historyCap = 32;
const decayGraceMs = 120_000;

/** A job ends well; a cool-down that ended two minutes ago is forgotten (forge-jobs §7.1, §7.4). */
export function succeed(store: ForgeStore, job: Job): void {
  const now = store.now();
  store.setStatus(job, "done");
  job.completedAt = now;
  release(job);
  store.record("completed", job);
  const queue = store.queues.get(job.queue);
  if (queue && queue.throttledUntil !== null && queue.throttledUntil <= now - decayGraceMs) {
    queue.throttledUntil = null;
    queue.throttles = 0;
  }
}

/** A job fails: it waits for its next run, or is dead after the last (forge-jobs §7.1). */
export function fail(store: ForgeStore, job: Job, message: string): void {
  const now = store.now();
  const final = job.attempts >= job.maxAttempts || message === "cancelled by user";
  job.lastError = message;
  job.errors = [...job.errors, { at: now, attempt: job.attempts, message }].slice(-historyCap);
  release(job);
  if (final) {
    store.setStatus(job, "dead");
    job.completedAt = now;
    store.record("failed", job);
    return;
  }
  store.setStatus(job, "failed");
  job.scheduledAt = now + failureDelay(store.queues.get(job.queue), job.attempts) * 1000;
  store.record("retried", job);
}

/** A job is throttled: it goes back unharmed, and its queue cools down (forge-jobs §7.4). */
export function throttle(store: ForgeStore, job: Job): void {
  const now = store.now();
  const queue = store.queues.get(job.queue);
  job.attempts = Math.max(0, job.attempts - 1);
  release(job);
  store.setStatus(job, "pending");
  job.scheduledAt = now + throttleDelay(queue) * 1000;
  store.record("retried", job);
  if (!queue || (queue.throttledUntil ?? 0) > now) return;
  queue.throttledUntil = job.scheduledAt;
  queue.throttles = Math.min(queue.throttles + 1, 30);
}

function release(job: Job): void {
  job.processId = null;
  job.heartbeatAt = null;
  job.cancelRequested = false;
}

/** Seconds until a failed job may run again (forge-jobs §7.3). */
export function failureDelay(queue: Queue | undefined, attempts: number): number {
  return queue?.backoffEnabled ? doubled(queue, attempts) : 0;
}

/** Seconds that a throttled queue cools down (forge-jobs §7.4). */
export function throttleDelay(queue: Queue | undefined): number {
  return queue?.backoffEnabled ? doubled(queue, queue.throttles) : 60;
}

function doubled({ backoffBase, backoffMax }: Queue, exponent: number): number {
  return Math.min(backoffBase * 2 ** Math.min(exponent, 30), backoffMax);
}
