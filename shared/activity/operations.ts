import { z } from "zod";
import { activityRecordSchema, activitySchema, local, query, topic } from "../contract/index.ts";
import { activityQuerySchema } from "./query.ts";

export const activityOperations = {
  "activity.list": query({
    method: "GET",
    path: "/activity",
    summary: "Lists activities, newest first.",
    refresh: "live",
    input: activityQuerySchema.extend({
      before: z.string().optional().describe("Only activities older than this id."),
      limit: z.number().int().min(1).max(1_000).default(200),
    }),
    output: z.array(activitySchema),
  }),
  "activity.extent": query({
    method: "GET",
    path: "/activity/extent",
    summary: "Says how many activities are kept, and since when.",
    refresh: "by hand",
    input: z.object({}),
    output: z.object({
      count: z.number().int(),
      since: z.iso.datetime().optional().describe("When the oldest of them began."),
    }),
  }),
  "activity.export": query({
    method: "GET",
    path: "/activity/export",
    summary:
      "Exports the log as NDJSON, oldest first; each line is chained by hash to the one before. The first is a checkpoint where older ones were removed.",
    refresh: "once",
    input: z.object({}),
    output: z.object({ fileName: z.string(), mediaType: z.string(), text: z.string() }),
    download: true,
  }),
  "activity.get": query({
    method: "GET",
    path: "/activity/{activityId}",
    summary: "Shows one activity with each recorded step.",
    refresh: "by hand",
    input: z.object({ activityId: z.string() }),
    output: z.object({ activity: activitySchema, records: z.array(activityRecordSchema) }),
  }),
  "activity.reconcile": local({
    method: "POST",
    path: "/activity/{activityId}/reconcile",
    summary: "Reads the present state of the target and settles an unknown outcome.",
    input: z.object({ activityId: z.string() }),
    output: activitySchema,
  }),
};

export const activityTopics = {
  activity: topic({ scope: "console", row: activitySchema, key: (row) => row.id, newest: 500 }),
};
