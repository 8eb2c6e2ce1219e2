import { z } from "zod";

const timing = { p50: 0, p95: 0, p99: 0 };

/** What is no number counts as none. */
function figure(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

function percentiles(row: Record<string, unknown>, prefix: string): typeof timing {
  const read = (rank: string): number => figure(row[`${prefix}_${rank}_ms`]);
  return { p50: read("p50"), p95: read("p95"), p99: read("p99") };
}

const counts = { enqueued: z.number(), completed: z.number(), failed: z.number() };

/** The timeline says `processing_*`, the series of a queue `proc_*` (forge-jobs §5). */
export const timelineWire = z.array(
  z.looseObject({ at: z.string(), ...counts, started: z.number(), retried: z.number() }).transform((row) => ({
    at: row.at,
    enqueued: row.enqueued,
    started: row.started,
    retried: row.retried,
    completed: row.completed,
    failed: row.failed,
    processingMs: percentiles(row, "processing"),
    totalMs: percentiles(row, "total"),
  })),
);

export const metricSeriesWire = z.array(
  z.looseObject({ at: z.string(), ...counts }).transform((row) => ({
    at: row.at,
    enqueued: row.enqueued,
    completed: row.completed,
    failed: row.failed,
    processingMs: percentiles(row, "proc"),
    totalMs: percentiles(row, "total"),
  })),
);

interface Measure {
  field: string;
  name: string;
  unit: string;
}

const resourceMeasures: readonly Measure[] = [
  { field: "cpu_pct", name: "Processor", unit: "%" },
  { field: "rss_bytes", name: "Memory", unit: "B" },
  { field: "disk_read_bytes", name: "Disk read", unit: "B" },
  { field: "disk_write_bytes", name: "Disk written", unit: "B" },
  { field: "disk_used_pct", name: "Disk used", unit: "%" },
];

const databaseMeasures: readonly Measure[] = [
  { field: "read_p50_ms", name: "Read p50", unit: "ms" },
  { field: "read_p95_ms", name: "Read p95", unit: "ms" },
  { field: "read_p99_ms", name: "Read p99", unit: "ms" },
  { field: "write_p50_ms", name: "Write p50", unit: "ms" },
  { field: "write_p95_ms", name: "Write p95", unit: "ms" },
  { field: "write_p99_ms", name: "Write p99", unit: "ms" },
  { field: "reads_per_min", name: "Reads", unit: "/min" },
  { field: "writes_per_min", name: "Writes", unit: "/min" },
  { field: "pool_active", name: "Pool active", unit: "" },
  { field: "pool_idle", name: "Pool idle", unit: "" },
  { field: "pool_max", name: "Pool size", unit: "" },
  { field: "pool_used_pct", name: "Pool used", unit: "%" },
  { field: "db_size_bytes", name: "Database size", unit: "B" },
  { field: "wal_bytes", name: "Write-ahead log", unit: "B" },
];

/** Servers from 0.3.1 on answer zero for these, whatever they are (forge-jobs §6.10). */
const notToldWithNames = ["db_size_bytes", "wal_bytes"];

/** The key `name`, null or not, came with 0.3.1 (forge-jobs §2). */
function hostSeries(measures: readonly Measure[]) {
  const bucket = z.record(z.string(), z.union([z.number(), z.string()]));
  const host = z.object({ host: z.string(), name: z.string().nullish(), buckets: z.array(bucket) });
  return z.array(
    host.transform(({ host, name, buckets }) => {
      const everyWorker = name !== undefined;
      const told = measures.filter(({ field }) => !everyWorker || !notToldWithNames.includes(field));
      return {
        host,
        ...(typeof name === "string" && { name }),
        everyWorker,
        times: buckets.map(({ at }) => String(at)),
        measures: told.map((measure) => ({
          name: measure.name,
          unit: measure.unit,
          values: buckets.map((each) => figure(each[measure.field])),
        })),
      };
    }),
  );
}

export const resourceSeriesWire = hostSeries(resourceMeasures);
export const databaseSeriesWire = hostSeries(databaseMeasures);
