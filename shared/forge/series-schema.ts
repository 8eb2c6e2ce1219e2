import { z } from "zod";
import { forgeScopeSchema, queueNameSchema } from "./schema.ts";

/** A span of time in buckets. Servers cut the newest part beyond 2000 buckets (trap 15), so more are refused. */
export const windowSchema = forgeScopeSchema.extend({
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  bucketSeconds: z.number().int().min(1).max(86_400),
});

export const queueWindowSchema = windowSchema.extend({ queue: queueNameSchema });

export const timelineBucketSchema = z.object({
  at: z.string(),
  enqueued: z.number(),
  started: z.number(),
  retried: z.number(),
  completed: z.number(),
  failed: z.number().describe("Became dead; a failure that is retried counts as retried."),
  processingMs: z.object({ p50: z.number(), p95: z.number(), p99: z.number() }),
  totalMs: z.object({ p50: z.number(), p95: z.number(), p99: z.number() }),
});

export const metricBucketSchema = timelineBucketSchema.omit({ started: true, retried: true });

/** Values of one measure over time, for one host; zero may also mean that there was no sample (trap 14). */
export const hostSeriesSchema = z.object({
  host: z.string(),
  name: z.string().optional().describe("The worker's label; servers before 0.3.1 do not tell it."),
  everyWorker: z
    .boolean()
    .describe(
      "From 0.3.1 on every worker that is alive now has figures, and stopped ones are left out; before, the coordinating ones.",
    ),
  times: z.array(z.string()),
  measures: z.array(z.object({ name: z.string(), unit: z.string(), values: z.array(z.number()) })),
});

export const metricFamilySchema = z.object({
  name: z.string(),
  type: z.enum(["counter", "gauge", "histogram", "summary", "untyped"]),
  help: z.string(),
  explained: z.string().optional().describe("What the console knows of it beyond the server's words."),
  samples: z.array(
    z.object({
      name: z.string().describe("The family's name, with _bucket, _sum or _count for histograms."),
      labels: z.record(z.string(), z.string()),
      value: z.number().nullable().describe("Null where it is not a finite number; `text` has it."),
      text: z.string(),
    }),
  ),
});
export type MetricFamily = z.infer<typeof metricFamilySchema>;

export const metricsSchema = z.object({
  families: z.array(metricFamilySchema),
  problems: z.array(z.object({ line: z.number().int(), message: z.string() })),
  readAt: z.string(),
});

/** What the console itself has recorded of the queues. */
export const historySchema = z.object({
  times: z.array(z.number()).describe("Seconds since 1970, rising; middle of each step."),
  series: z.array(
    z.object({
      family: z.string(),
      queue: z.string(),
      values: z.array(z.number().nullable()).describe("Null where nothing was recorded."),
    }),
  ),
  stepSeconds: z.number(),
});
export type History = z.infer<typeof historySchema>;
