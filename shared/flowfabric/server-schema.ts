import { z } from "zod";

/** What keeps the server's state; no route tells, so this is what replies gave away or what the operator said. */
export const backendSchema = z.enum(["unknown", "valkey", "postgres", "sqlite"]);
export type Backend = z.infer<typeof backendSchema>;

export const serverHealthSchema = z.object({
  http: z
    .object({
      status: z
        .enum(["ok", "backend-down", "no-ping", "failed"])
        .describe("no-ping: SQLite, perfectly alive."),
      message: z.string(),
      roundTripMs: z.number().optional(),
    })
    .optional(),
  valkey: z
    .object({
      status: z.enum(["ok", "failed"]),
      message: z.string(),
      roundTripMs: z.number().optional(),
      server: z.string().optional().describe("Kind and version, such as Valkey 8.0.1."),
      refused: z.string().optional().describe("Why ff-server does not start on it: it is no Valkey."),
      libraryVersion: z.string().optional(),
      partitions: z.number().int().optional(),
    })
    .optional(),
  backend: z.object({ kind: backendSchema, because: z.string() }),
  token: z.enum(["sent", "not-configured"]),
});
export type ServerHealth = z.infer<typeof serverHealthSchema>;

const metricSampleSchema = z.object({
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  value: z.number(),
});
export type MetricSample = z.infer<typeof metricSampleSchema>;

export const metricsSchema = z.object({
  available: z.boolean(),
  reason: z.string().optional().describe("Why there are none."),
  samples: z.array(metricSampleSchema).describe("Without histogram buckets: below 5 s they say nothing."),
  malformedLines: z.number().int(),
});

/** Amounts are u64 and may not fit a number, so they are decimal text (flowfabric-admin §1.7.9). */
const amountsSchema = z.record(z.string(), z.string().regex(/^\d+$/));

export const budgetSchema = z.object({
  id: z.string(),
  scopeType: z.string(),
  scopeId: z.string(),
  enforcementMode: z.string(),
  usage: amountsSchema,
  hardLimits: amountsSchema.describe("0 means no limit."),
  softLimits: amountsSchema,
  breaches: z.string(),
  softBreaches: z.string(),
  lastBreachAt: z.iso.datetime().optional(),
  lastBreachDimension: z.string().optional(),
  nextResetAt: z.iso.datetime().optional(),
  createdAt: z.iso.datetime().optional(),
  stub: z.boolean().describe("A record that usage reports left behind: the budget was never created."),
});
export type Budget = z.infer<typeof budgetSchema>;
