import type { Activity, CallContext, CommandExecution } from "../../shared/contract/index.ts";
import { ActivityEngine } from "../bridge/activity/engine.ts";
import type { PendingChanges } from "../flux/commands/resume-changes.ts";
import type { Storage } from "../storage/stores.ts";
import { systemClock } from "../upstream/clock.ts";
import type { Log } from "./log.ts";

/** A change that is open for longer than a day is left to the operator. */
const resumedForMs = 86_400_000;

export interface Activities {
  engine: ActivityEngine;
  /** Calls back with each step of each activity; returns what ends it. */
  onActivity(listener: (activity: Activity) => void): () => void;
  /** What earlier runs left open, to be resumed; none in a console that only reads. */
  pending: PendingChanges | undefined;
}

/** The activities of the console, written to its log. */
export function consoleActivities({
  storage,
  log,
  readOnly,
  prepareAgain,
}: {
  storage: Storage;
  log: Log;
  readOnly: boolean;
  prepareAgain(activity: Activity, context: CallContext): Promise<CommandExecution>;
}): Activities {
  const engine = new ActivityEngine({
    journal: {
      append: (activity) => storage.activities.append(activity),
      get: (id) => storage.activities.get(id),
      unsettled: () => storage.activities.unsettled(),
      newest: (limit) => storage.activities.list({ limit }),
    },
    clock: systemClock,
    prepareAgain,
    onJournalError: (error) =>
      log.error("steps of activities cannot be written; they are kept in memory until they can", error),
    onJournalRestored: () => log.info("all steps of activities are written again"),
  });
  const pending: PendingChanges = {
    list: (connectionId) =>
      storage.activities.list({
        connectionId,
        state: "unknown,confirmed",
        from: new Date(Date.now() - resumedForMs).toISOString(),
        limit: 50,
      }),
    resume: (id) => engine.resume(id),
    reconcile: (id) => engine.reconcile(id),
  };
  return {
    engine,
    onActivity: (listener) =>
      engine.follow(undefined, (upsert) => {
        for (const activity of upsert) listener(activity);
      }),
    pending: readOnly ? undefined : pending,
  };
}
