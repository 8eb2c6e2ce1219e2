import { z } from "zod";

const severities = ["info", "good", "warning", "bad"] as const;

/** One kept event; its raw text is fetched on its own. */
export const eventRowSchema = z.object({
  sequence: z.number().int(),
  connectionId: z.string(),
  lattice: z.string(),
  receivedAt: z.iso.datetime(),
  time: z.string().optional().describe("The far side's own time, as sent."),
  type: z.string().describe("Short name, such as component_scaled; `malformed` for what could not be read."),
  known: z.boolean(),
  severity: z.enum(severities),
  source: z.string().optional().describe("Host id that published it."),
  sourceName: z.string().optional(),
  entityKind: z.enum(["host", "component", "provider", "link", "config", "other"]),
  entityId: z.string(),
  summary: z.string(),
});
export type EventRow = z.infer<typeof eventRowSchema>;

export const eventFilterSchema = z.object({
  connectionId: z.string().optional(),
  lattice: z.string().optional(),
  filter: z
    .string()
    .max(500)
    .default("")
    .describe("Filter text, such as `type:component_scaled host:quiet`."),
  after: z.number().int().optional().describe("Only events with a greater sequence."),
  before: z.number().int().optional().describe("Only events with a smaller sequence."),
});
