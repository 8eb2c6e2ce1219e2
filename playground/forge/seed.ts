import type { Job, Status } from "./model.ts";
import { hostMinute } from "./rollup.ts";
import type { Behaviour } from "./runtime.ts";
import type { ForgeStore, NewJob } from "./store.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** How the shop's jobs behave. */
export const sampleBehaviours: Readonly<Record<string, Behaviour>> = {
  send_receipt: { milliseconds: [300, 1_800], failing: 0.06, message: "smtp 451 greylisted" },
  send_newsletter: { milliseconds: [200, 900], throttled: 0.02 },
  render_report: { milliseconds: [2_000, 9_000], failing: 0.12, message: "render: chart service timed out" },
  resize_image: { milliseconds: [400, 2_500], failing: 0.02, message: "unsupported colour space" },
  sync_stock: { milliseconds: [800, 3_000], failing: 0.2, message: "warehouse api: 503 service unavailable" },
  charge_card: {
    milliseconds: [500, 1_500],
    failing: 0.08,
    message: "acquirer declined: insufficient funds",
  },
  noop_echo: { milliseconds: [100, 100] },
};

interface Flow {
  queue: string;
  kind: string;
  /** Jobs a minute. */
  rate: number;
}

/** What comes in by itself. */
export const sampleFlows: readonly Flow[] = [
  { queue: "mailers", kind: "send_receipt", rate: 70 },
  { queue: "mailers", kind: "send_newsletter", rate: 40 },
  { queue: "reports", kind: "render_report", rate: 14 },
  { queue: "media", kind: "resize_image", rate: 60 },
  { queue: "warehouse", kind: "sync_stock", rate: 22 },
  { queue: "payments", kind: "charge_card", rate: 30 },
];

/** A believable payload of a kind. */
export function payloadOf(store: ForgeStore, kind: string): string {
  const number = store.random.integer(1_000, 99_999);
  switch (kind) {
    case "send_receipt":
      return `{"order":${number},"to":"customer${number % 500}@example.test"}`;
    case "render_report":
      return `{"month":${(number % 12) + 1},"report":"sales"}`;
    case "resize_image":
      return `{"height":480,"object":"img/${number}.png","width":640}`;
    case "sync_stock":
      return `{"cursor":90071992547409${String(number).padStart(5, "0")},"site":"eu-${(number % 3) + 1}"}`;
    case "charge_card":
      return `{"amount_cents":${number},"attempt_id":"pay-${number}"}`;
    default:
      return `{"n":${number}}`;
  }
}

/** The queues, schedules and past of a small shop. */
export function seedSampleApp(store: ForgeStore): void {
  store.addQueue("default");
  store.addQueue("mailers", { maxWorkers: 4, backoffEnabled: true, backoffBase: 15, backoffMax: 600 });
  store.addQueue("media", { maxWorkers: 3, retainDoneDays: 1 });
  store.addQueue("payments", { maxWorkers: 2, backoffEnabled: true, backoffBase: 5, backoffMax: 300 });
  store.addQueue("reports", { maxWorkers: 2, backoffEnabled: true, backoffBase: 60, backoffMax: 1_800 });
  store.addQueue("warehouse", { maxWorkers: 1, backoffEnabled: true, backoffBase: 30, backoffMax: 900 });
  store.addQueue("exports", { maxWorkers: 1 });
  addSchedules(store);
  for (const flow of sampleFlows) addPast(store, flow);
  for (let index = 0; index < 6; index += 1) {
    store.enqueue(
      { queue: "exports", kind: "export_ledger", payload: `{"year":${2020 + index}}` },
      store.now() - (40 - index) * minuteMs,
    );
  }
  for (let index = 0; index < 4; index += 1) {
    store.enqueue({
      queue: "reports",
      kind: "render_report",
      payload: `{"month":${index + 1},"report":"year"}`,
      runAt: store.now() + (index + 1) * 3_600_000,
      dedupeKey: `year:${index + 1}`,
    });
  }
}

function addSchedules(store: ForgeStore): void {
  const at = store.now() - 20 * dayMs;
  const add = (
    name: string,
    expression: string,
    params: Pick<NewJob, "kind" | "queue">,
    enabled = true,
  ): void => {
    store.schedules.set(name, {
      name,
      kind: params.kind,
      payload: "{}",
      queue: params.queue,
      expression,
      enabled,
      maxAttempts: 3,
      dedupeKey: name === "nightly-report" ? name : null,
      lastFiredAt: enabled ? store.now() - 45_000 : null,
      nextFireAt: null,
      lastError: enabled ? null : "warehouse api: 404 not found",
      createdAt: at,
      updatedAt: at,
    });
  };
  add("heartbeat", "*/20 * * * * *", { kind: "noop_echo", queue: "default" });
  add("nightly-report", "0 30 2 * * *", { kind: "render_report", queue: "reports" });
  add("stock-sync", "0 */10 * * * *", { kind: "sync_stock", queue: "warehouse" });
  add("weekly-newsletter", "0 0 9 * * MON", { kind: "send_newsletter", queue: "mailers" });
  add("legacy-import", "0 0 4 1 * *", { kind: "import_legacy", queue: "warehouse" }, false);
}

/** An hour of jobs that are over, so that charts are not empty. */
function addPast(store: ForgeStore, { queue, kind, rate }: Flow): void {
  const behaviour = sampleBehaviours[kind];
  const count = Math.round(rate * 12);
  for (let index = 0; index < count; index += 1) {
    const enqueuedAt = store.now() - 3_600_000 + Math.floor((index * 3_540_000) / count);
    const job = store.enqueue({ queue, kind, payload: payloadOf(store, kind) }, enqueuedAt);
    const takes = store.random.integer(...(behaviour?.milliseconds ?? [100, 200]));
    endInPast(store, job, {
      startedAt: enqueuedAt + store.random.integer(20, 4_000),
      takes,
      message: behaviour?.message,
    });
  }
}

function endInPast(
  store: ForgeStore,
  job: Job,
  run: { startedAt: number; takes: number; message: string | undefined },
): void {
  const dead = run.message !== undefined && store.random.chance(0.015);
  const at = run.startedAt + run.takes;
  const event = (type: "enqueued" | "started" | "completed" | "failed", time: number): void => {
    store.events.push({ at: time, queue: job.queue, type, jobId: job.id });
  };
  job.startedAt = run.startedAt;
  job.completedAt = at;
  job.attempts = dead ? job.maxAttempts : 1;
  store.setStatus(job, dead ? "dead" : "done");
  if (dead) {
    job.lastError = run.message ?? null;
    job.errors = [{ at, attempt: job.attempts, message: run.message ?? "" }];
  }
  event("enqueued", job.enqueuedAt);
  event("started", run.startedAt);
  event(dead ? "failed" : "completed", at);
}

/** Gauges of the last hour, as this worker would have written them. */
export function addGaugesOfPast(store: ForgeStore, host: string): void {
  const current = Math.floor(store.now() / minuteMs) * minuteMs;
  for (let back = 60; back >= 1; back -= 1)
    store.rollups.push(...hostMinute(store, host, current - back * minuteMs));
}

/** Many jobs on one queue, to be looked through. */
export function seedJobs(store: ForgeStore, params: { queue: string; count: number; status: Status }): void {
  if (!store.queues.has(params.queue)) store.addQueue(params.queue, { maxWorkers: 0 });
  const start = store.now() - params.count * 50;
  for (let index = 0; index < params.count; index += 1) {
    const job = store.enqueue(
      { queue: params.queue, kind: "archive_order", payload: `{"order":${index}}` },
      start + index * 50,
    );
    store.setStatus(job, params.status);
    if (params.status === "failed" || params.status === "dead") {
      job.attempts = params.status === "dead" ? 5 : 2;
      job.lastError = "archive: bucket not found";
      job.errors = [{ at: job.enqueuedAt, attempt: job.attempts, message: job.lastError }];
    }
    if (params.status === "dead" || params.status === "done") job.completedAt = job.enqueuedAt + 1_000;
  }
}
