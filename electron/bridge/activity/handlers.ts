import { setImmediate } from "node:timers/promises";
import type { Activity, ActivityCheckpoint, ActivityRecord } from "../../../shared/contract/index.ts";
import { Failure } from "../../../shared/contract/index.ts";
import type { ActivityEngine } from "./engine.ts";

/** The part of the log that is read for people. */
export interface ActivityReader {
  get(id: string): Activity | undefined;
  records(id: string): ActivityRecord[];
  /** Where the log begins since its oldest records were removed; undefined while it is whole. */
  checkpoint(): ActivityCheckpoint | undefined;
  /** The whole log from there on, oldest first. */
  chain(): Iterable<ActivityRecord>;
  list(query: { limit: number }): Activity[];
  extent(): { count: number; since?: string | undefined };
  /** The last record of an export, with a seal for all up to it where the log is what was sealed. */
  withSeal(record: ActivityRecord, at: string): ActivityRecord;
}

/** Handlers of `activity.*`. */
export function activityHandlers(engine: ActivityEngine, log: ActivityReader) {
  return {
    "activity.list": (query: Parameters<ActivityReader["list"]>[0]) => log.list(query),
    "activity.get": ({ activityId }: { activityId: string }) => {
      const activity = log.get(activityId);
      if (!activity) throw new Failure({ code: "not_found", message: `There is no activity ${activityId}.` });
      return { activity, records: log.records(activityId) };
    },
    "activity.extent": () => log.extent(),
    "activity.export": async () => ({
      fileName: "activities.ndjson",
      mediaType: "application/x-ndjson",
      text: await lines(log),
    }),
    "activity.reconcile": ({ activityId }: { activityId: string }) => engine.reconcile(activityId),
  };
}

/** One record a line, with room for other work after each five hundred. */
async function lines(log: ActivityReader): Promise<string> {
  const checkpoint = log.checkpoint();
  const parts = checkpoint ? [`${JSON.stringify({ checkpoint })}\n`] : [];
  let last: ActivityRecord | undefined;
  for (const record of log.chain()) {
    parts.push(`${JSON.stringify(record)}\n`);
    last = record;
    if (parts.length % 500 === 0) await setImmediate();
  }
  if (last) parts.splice(-1, 1, `${JSON.stringify(log.withSeal(last, new Date().toISOString()))}\n`);
  return parts.join("");
}
