import { bucketCount, mergePercentiles, percentiles, type Window } from "./buckets.ts";
import { readQuery, readTime } from "./extractor.ts";
import type { Rollup } from "./model.ts";
import { prometheusText } from "./prometheus.ts";
import { type ForgeVersion, get, isAtLeast, type Route, type RouteRequest } from "./route.ts";
import { type Answer, json, timestamp } from "./wire.ts";

const windowFields = { from: { type: "time" }, to: { type: "time" }, bucket_secs: { type: "u32" } } as const;

function readWindow(query: URLSearchParams): Window {
  const values = readQuery(query, windowFields);
  return {
    from: readTime(values.from ?? "") ?? 0,
    to: readTime(values.to ?? "") ?? 0,
    bucketSeconds: Number(values.bucket_secs),
  };
}

/** Counts by event and percentiles of done jobs, whole installation (forge-jobs §6.7). */
function timeline({ store, query }: RouteRequest): Answer {
  const window = readWindow(query);
  if (window.to <= window.from || window.bucketSeconds === 0) return json([]);
  const step = window.bucketSeconds * 1000;
  const count = bucketCount(window);
  const bucketOf = (at: number): number =>
    Math.floor(Math.floor((at - window.from) / 1000) / window.bucketSeconds);
  const isInside = (at: number): boolean => at >= window.from && at < window.from + count * step;
  const buckets = Array.from({ length: count }, (_, index) => ({
    at: timestamp(window.from + index * step),
    counts: { enqueued: 0, started: 0, retried: 0, completed: 0, failed: 0 },
    processing: [] as number[],
    total: [] as number[],
  }));
  for (const { at, type } of store.livingEvents()) {
    const bucket = isInside(at) ? buckets[bucketOf(at)] : undefined;
    if (bucket) bucket.counts[type] += 1;
  }
  for (const job of store.jobs.values()) {
    if (job.status !== "done" || job.completedAt === null || !isInside(job.completedAt)) continue;
    const bucket = buckets[bucketOf(job.completedAt)];
    bucket?.processing.push(Math.max(0, job.completedAt - (job.startedAt ?? job.completedAt)));
    bucket?.total.push(Math.max(0, job.completedAt - job.enqueuedAt));
  }
  return json(
    buckets.map(({ at, counts, processing, total }) => ({
      at,
      ...counts,
      ...percentiles("processing", processing),
      ...percentiles("total", total),
    })),
  );
}

/** Windows over the per-minute rollup: at least a minute a bucket (forge-jobs §6.8). */
function minuteBuckets(query: URLSearchParams): { window: Window; starts: number[] } {
  const asked = readWindow(query);
  const window = { ...asked, bucketSeconds: Math.max(asked.bucketSeconds, 60) };
  if (window.to <= window.from) return { window, starts: [] };
  const starts = Array.from(
    { length: bucketCount(window) },
    (_, index) => window.from + index * window.bucketSeconds * 1000,
  );
  return { window, starts };
}

function rowsIn(rollups: readonly Rollup[], start: number, seconds: number): Rollup[] {
  return rollups.filter(({ minute }) => minute >= start && minute < start + seconds * 1000);
}

function metricSeries({ store, query }: RouteRequest): Answer {
  const { queue } = readQuery(query, { queue: { type: "string" } });
  const { window, starts } = minuteBuckets(query);
  const own = store.rollups.filter(({ owner }) => owner === queue);
  const sum = (rows: readonly Rollup[], metric: string): number =>
    rows.filter((row) => row.metric === metric).reduce((total, row) => total + row.count, 0);
  return json(
    starts.map((start) => {
      const rows = rowsIn(own, start, window.bucketSeconds);
      const proc = mergePercentiles(rows.filter(({ metric }) => metric === "proc_ms"));
      const total = mergePercentiles(rows.filter(({ metric }) => metric === "total_ms"));
      return {
        at: timestamp(start),
        enqueued: sum(rows, "enqueued"),
        completed: sum(rows, "completed"),
        failed: sum(rows, "failed"),
        proc_p50_ms: proc.p50,
        proc_p95_ms: proc.p95,
        proc_p99_ms: proc.p99,
        total_p50_ms: total.p50,
        total_p95_ms: total.p95,
        total_p99_ms: total.p99,
      };
    }),
  );
}

type Measure = (
  rows: readonly Rollup[],
  span: { minutes: number; version: ForgeVersion },
) => Record<string, number>;

function mean(rows: readonly Rollup[], metric: string): number {
  const values = rows.filter((row) => row.metric === metric);
  const count = values.reduce((total, row) => total + row.count, 0);
  return count === 0 ? 0 : values.reduce((total, row) => total + row.sum, 0) / count;
}

const describeResources: Measure = (rows) => ({
  cpu_pct: mean(rows, "cpu_pct"),
  rss_bytes: Math.round(mean(rows, "rss_bytes")),
  disk_read_bytes: Math.round(mean(rows, "disk_read_bytes")),
  disk_write_bytes: Math.round(mean(rows, "disk_write_bytes")),
  disk_used_pct: mean(rows, "disk_used_pct"),
});

const describeDatabase: Measure = (rows, { minutes, version }) => {
  // From 0.3.1 on they are stored where this route does not read (forge-jobs §6.10).
  const written = isAtLeast(version, "0.3.7") ? [] : rows;
  const reads = mergePercentiles(rows.filter(({ metric }) => metric === "db_read_ms"));
  const writes = mergePercentiles(rows.filter(({ metric }) => metric === "db_write_ms"));
  return {
    read_p50_ms: reads.p50,
    read_p95_ms: reads.p95,
    read_p99_ms: reads.p99,
    reads_per_min: Math.floor(reads.count / minutes),
    write_p50_ms: writes.p50,
    write_p95_ms: writes.p95,
    write_p99_ms: writes.p99,
    writes_per_min: Math.floor(writes.count / minutes),
    pool_active: 0,
    pool_idle: 0,
    pool_max: 0,
    pool_used_pct: 0,
    db_size_bytes: Math.round(mean(written, "db_size_bytes")),
    wal_bytes: Math.round(mean(written, "db_wal_bytes")),
  };
};

const staleMs = 60_000;

/** One series for each host with a sample in the window, from 0.3.1 on only of those alive now (forge-jobs §6.9, §6.10). */
function hostSeries(prefix: string, measure: Measure): Route["answer"] {
  return ({ store, query, version }) => {
    const { window, starts } = minuteBuckets(query);
    const end = window.from + starts.length * window.bucketSeconds * 1000;
    const inside = store.rollups.filter(({ metric, minute }) => {
      const isDatabase = metric.startsWith("db_");
      const isHost = isDatabase || /^(cpu|rss|disk)_/.test(metric);
      return isHost && isDatabase === (prefix === "db") && minute >= window.from && minute < end;
    });
    const isNamed = isAtLeast(version, "0.3.7");
    const isTold = (host: string): boolean =>
      !isNamed || store.now() - (store.pods.get(host)?.heartbeatAt ?? 0) <= staleMs;
    const hosts = [...new Set(inside.map(({ owner }) => owner))].filter(isTold).sort();
    return json(
      hosts.map((host) => {
        const own = inside.filter(({ owner }) => owner === host);
        const minutes = window.bucketSeconds / 60;
        const buckets = starts.map((start) => ({
          at: timestamp(start),
          ...measure(rowsIn(own, start, window.bucketSeconds), { minutes, version }),
        }));
        return { host, ...(isNamed && { name: store.pods.get(host)?.name ?? null }), buckets };
      }),
    );
  };
}

/** Routes of metrics and series (forge-jobs §6.2, §6.7–§6.10). */
export const seriesRoutes: readonly Route[] = [
  get("/metrics", "0.1.0", ({ store }) => ({
    kind: "text",
    text: prometheusText(store),
    contentType: "text/plain; version=0.0.4; charset=utf-8",
  })),
  get("/queue/timeline", "0.2.0", timeline),
  get("/queue/metric-series", "0.2.0", metricSeries),
  get("/queue/resource-series", "0.2.0", hostSeries("host", describeResources)),
  get("/queue/db-series", "0.2.0", hostSeries("db", describeDatabase)),
];
