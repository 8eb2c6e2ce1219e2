import { nearestRank } from "./buckets.ts";
import type { Job, Rollup } from "./model.ts";
import type { ForgeStore } from "./store.ts";

const minuteMs = 60_000;

/** Rolls the last three closed minutes up again, and adds the gauges of these hosts (forge-jobs §7.9). */
export function rollUp(store: ForgeStore, hosts: readonly string[]): void {
  const current = Math.floor(store.now() / minuteMs) * minuteMs;
  const minutes = [1, 2, 3].map((back) => current - back * minuteMs);
  store.rollups = store.rollups.filter(({ minute, metric }) => minute < (minutes[2] ?? 0) || isGauge(metric));
  for (const minute of minutes) {
    for (const queue of store.queues.keys()) store.rollups.push(...queueMinute(store, queue, minute));
  }
  for (const host of hosts) store.rollups.push(...hostMinute(store, host, current - minuteMs));
}

function isGauge(metric: string): boolean {
  return /^(cpu|rss|disk|db)_/.test(metric);
}

function queueMinute(store: ForgeStore, queue: string, minute: number): Rollup[] {
  const inMinute = (at: number | null): boolean => at !== null && at >= minute && at < minute + minuteMs;
  const events = store.livingEvents().filter((event) => event.queue === queue && inMinute(event.at));
  const counts = (["enqueued", "completed", "failed"] as const).map((type) => {
    const count = events.filter((event) => event.type === type).length;
    return row(queue, type, minute, { count });
  });
  const done = [...store.jobs.values()].filter(
    (job) => job.queue === queue && job.status === "done" && inMinute(job.completedAt),
  );
  return [
    ...counts,
    timing(queue, "proc_ms", minute, done.map(processing)),
    timing(queue, "total_ms", minute, done.map(total)),
  ];
}

function processing(job: Job): number {
  return Math.max(0, (job.completedAt ?? 0) - (job.startedAt ?? 0));
}

function total(job: Job): number {
  return Math.max(0, (job.completedAt ?? 0) - job.enqueuedAt);
}

function timing(owner: string, metric: string, minute: number, values: readonly number[]): Rollup {
  const sum = values.reduce((all, value) => all + value, 0);
  const [p50, p95, p99] = [50, 95, 99].map((percent) => nearestRank(values, percent)) as [
    number,
    number,
    number,
  ];
  return row(owner, metric, minute, { count: values.length, sum, p50, p95, p99 });
}

/** A minute of gauges of a worker, made up but steady. */
export function hostMinute(store: ForgeStore, host: string, minute: number): Rollup[] {
  const wave = (Math.sin(minute / 900_000) + 1) / 2;
  const noise = store.random.next();
  const gauge = (metric: string, value: number): Rollup =>
    row(host, metric, minute, { count: 1, sum: value });
  const latency = (metric: string, count: number, p50: number): Rollup =>
    row(host, metric, minute, { count, sum: count * p50, p50, p95: p50 * 4, p99: p50 * 9 });
  return [
    gauge("cpu_pct", 6 + wave * 22 + noise * 5),
    gauge("rss_bytes", 96_000_000 + wave * 20_000_000),
    gauge("disk_read_bytes", noise * 400_000),
    gauge("disk_write_bytes", 900_000 + wave * 2_400_000),
    gauge("disk_used_pct", 41.5 + wave),
    latency("db_read_ms", 900 + Math.round(wave * 600), 1 + Math.round(noise)),
    latency("db_write_ms", 240 + Math.round(wave * 300), 2 + Math.round(noise * 2)),
    gauge("db_size_bytes", 38_000_000 + (minute % 86_400_000) / 10),
    gauge("db_wal_bytes", 400_000 + noise * 3_000_000),
  ];
}

function row(owner: string, metric: string, minute: number, values: Partial<Rollup>): Rollup {
  return { owner, metric, minute, count: 0, sum: 0, p50: 0, p95: 0, p99: 0, ...values };
}
