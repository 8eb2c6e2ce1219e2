import { setImmediate } from "node:timers/promises";
import type { Activity, ActivityRecord } from "../../../shared/contract/index.ts";
import { Failure } from "../../../shared/contract/index.ts";
import type { ActivityEngine } from "./engine.ts";

/** The part of the log that is read for people. */
export interface ActivityReader {
  get(id: string): Activity | undefined;
  records(id: string): ActivityRecord[];
  /** The log as lines of an export made at this time. */
  exportLines(at: string): Iterable<string>;
  list(query: { limit: number }): Activity[];
  extent(): { count: number; since?: string | undefined };
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
      text: await exported(log),
    }),
    "activity.reconcile": ({ activityId }: { activityId: string }) => engine.reconcile(activityId),
  };
}

/** With room for other work after each five hundred lines. */
async function exported(log: ActivityReader): Promise<string> {
  const lines: string[] = [];
  for (const line of log.exportLines(new Date().toISOString())) {
    lines.push(line);
    if (lines.length % 500 === 0) await setImmediate();
  }
  return lines.join("");
}
