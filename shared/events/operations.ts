import { z } from "zod";
import { query, topic } from "../contract/index.ts";
import { eventFilterSchema, eventRowSchema } from "./schema.ts";

export const eventsOperations = {
  "events.search": query({
    method: "GET",
    path: "/events",
    summary: "Searches the event log, newest first.",
    refresh: "by hand",
    input: eventFilterSchema.extend({ limit: z.number().int().min(1).max(5_000).default(500) }),
    output: z.object({
      rows: z.array(eventRowSchema),
      more: z.boolean(),
      oldestKept: z
        .number()
        .int()
        .optional()
        .describe("Sequence of the oldest event that the log still holds."),
    }),
  }),
  "events.get": query({
    method: "GET",
    path: "/events/{sequence}",
    summary: "Shows one event with its raw text.",
    refresh: "immutable",
    input: z.object({ sequence: z.number().int() }),
    output: z.object({ row: eventRowSchema, subject: z.string(), raw: z.string() }),
  }),
  "events.export": query({
    method: "GET",
    path: "/events/export",
    summary: "Exports matching events as NDJSON, oldest first.",
    refresh: "once",
    input: eventFilterSchema.extend({ limit: z.number().int().min(1).max(200_000).default(50_000) }),
    output: z.object({ fileName: z.string(), mediaType: z.string(), text: z.string() }),
    download: true,
  }),
};

export const eventsTopics = {
  events: topic({ scope: "lattice", row: eventRowSchema, key: (row) => String(row.sequence), newest: 500 }),
};
