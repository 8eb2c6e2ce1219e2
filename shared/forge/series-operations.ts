import { z } from "zod";
import { query } from "../contract/index.ts";
import { forgePath, forgeScopeSchema, queueNameSchema } from "./schema.ts";
import {
  historySchema,
  hostSeriesSchema,
  metricBucketSchema,
  metricsSchema,
  queueWindowSchema,
  timelineBucketSchema,
  windowSchema,
} from "./series-schema.ts";

/** Operations that read figures over time. */
export const seriesOperations = {
  "forge.metrics.get": query({
    method: "GET",
    path: `${forgePath}/metrics`,
    summary: "Reads and parses the server's Prometheus text.",
    refresh: { everyMs: 15_000 },
    input: forgeScopeSchema,
    output: metricsSchema,
  }),
  "forge.history.get": query({
    method: "GET",
    path: `${forgePath}/history`,
    summary: "Reads what the console has recorded of the queues' figures.",
    refresh: "by hand",
    input: forgeScopeSchema.extend({
      from: z.iso.datetime({ offset: true }),
      to: z.iso.datetime({ offset: true }),
      points: z.number().int().min(2).max(2_000).default(240),
      family: z.string().max(200).optional(),
      queue: queueNameSchema.optional(),
    }),
    output: historySchema,
  }),
  "forge.timeline.get": query({
    method: "GET",
    path: `${forgePath}/timeline`,
    summary:
      "Reads how many jobs were enqueued, started, retried, completed and given up, in the whole installation.",
    refresh: "by hand",
    input: windowSchema,
    output: z.array(timelineBucketSchema),
  }),
  "forge.series.queue": query({
    method: "GET",
    path: `${forgePath}/series/queue`,
    summary: "Reads throughput and latency of one queue from the server's rollup; it lags a minute or two.",
    refresh: "by hand",
    input: queueWindowSchema,
    output: z.array(metricBucketSchema),
  }),
  "forge.series.resources": query({
    method: "GET",
    path: `${forgePath}/series/resources`,
    summary: "Reads processor, memory and disk of the worker that coordinates.",
    refresh: "by hand",
    input: windowSchema,
    output: z.array(hostSeriesSchema),
  }),
  "forge.series.database": query({
    method: "GET",
    path: `${forgePath}/series/database`,
    summary: "Reads latencies, pool and size of the database as the coordinating worker sees it.",
    refresh: "by hand",
    input: windowSchema,
    output: z.array(hostSeriesSchema),
  }),
};
