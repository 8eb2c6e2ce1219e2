import { z } from "zod";

/** A schedule as the server has it (forge-jobs §5, CronSchedule). */
export const scheduleSchema = z.object({
  name: z.string(),
  kind: z.string(),
  payload: z.string().describe("JSON text."),
  queueName: z.string().optional(),
  expression: z.string(),
  enabled: z.boolean(),
  maxAttempts: z.number().int().optional(),
  dedupeKey: z.string().optional(),
  dedupeKnown: z.boolean().describe("False before 0.2.1, where nothing tells."),
  lastFiredAt: z.string().optional(),
  nextFireAt: z.string().optional(),
  lastError: z.string().optional(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Schedule = z.infer<typeof scheduleSchema>;
