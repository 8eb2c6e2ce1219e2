import type { OperationName } from "../../shared/catalogue.ts";

type ForgeOperation = Extract<OperationName, `forge.${string}`>;

/** One input that fits for every operation on a jobs server. */
export function forgeInputs(connectionId: string): Record<ForgeOperation, Record<string, unknown>> {
  const scope = { connectionId };
  const queue = { connectionId, name: "mailers" };
  const schedule = { connectionId, name: "stock-sync" };
  const jobs = { connectionId, ids: ["01JX91M3Y8E4T0V6S2QAGF7PZK"] };
  const job = { connectionId, id: "01JX91M3Y8E4T0V6S2QAGF7PZK" };
  const span = { connectionId, from: "2026-07-01T00:00:00Z", to: "2026-07-01T01:00:00Z" };
  const window = { ...span, bucketSeconds: 300 };
  const filter = { statuses: ["failed"], queues: ["mailers"] };
  return {
    "forge.server.get": scope,
    "forge.queues.list": scope,
    "forge.processes.list": scope,
    "forge.workers.list": scope,
    "forge.storage.get": scope,
    "forge.queues.set-backoff": { ...queue, enabled: true, baseSeconds: 15, maxSeconds: 600 },
    "forge.queues.set-paused": { ...queue, paused: false },
    "forge.queues.set-max-workers": { ...queue, workers: 4 },
    "forge.queues.set-retention": { ...queue, doneDays: 7, deadDays: 30 },
    "forge.cleanup.preview": scope,
    "forge.cleanup": scope,
    "forge.jobs.list": { connectionId, filter, limit: 10, offset: 0 },
    "forge.jobs.match": { connectionId, filter },
    "forge.jobs.count": { connectionId, filter },
    "forge.jobs.failed": { connectionId, limit: 5 },
    "forge.jobs.scheduled": { connectionId, queueName: "reports" },
    "forge.jobs.kinds": { connectionId, queueName: "a b" },
    "forge.jobs.get": job,
    "forge.jobs.enqueue": { connectionId, queueName: "mailers", kind: "send_receipt", payload: '{"n":1}' },
    "forge.jobs.enqueue-demo": { connectionId, payload: "{}" },
    "forge.jobs.run-now": job,
    "forge.jobs.retry": jobs,
    "forge.jobs.requeue": jobs,
    "forge.jobs.retry-all-failed": scope,
    "forge.jobs.retry-all-by-status": { connectionId, status: "dead" },
    "forge.jobs.delete": jobs,
    "forge.jobs.delete-by-status": { connectionId, status: "dead", queueName: "mailers" },
    "forge.jobs.delete-done": { connectionId, olderThanDays: 30 },
    "forge.cron.list": scope,
    "forge.cron.set-enabled": { ...schedule, enabled: true },
    "forge.cron.set-expression": { ...schedule, expression: "0 0 * * * *" },
    "forge.cron.set-dedupe": { ...schedule, dedupe: true },
    "forge.cron.trigger": schedule,
    "forge.metrics.get": scope,
    "forge.history.get": { ...span, points: 10, queue: "mailers" },
    "forge.timeline.get": window,
    "forge.series.queue": { ...window, queue: "mailers" },
    "forge.series.resources": window,
    "forge.series.database": window,
  };
}
