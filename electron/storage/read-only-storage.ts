import { join } from "node:path";
import { ActivityLog } from "./activity-log.ts";
import type { DataFolder } from "./data-folder.ts";
import { type Database, type DatabaseOptions, inMemory, openDatabase, openForReading } from "./database.ts";
import { EventLog } from "./event-log.ts";
import { FluxEventLog } from "./flux-event-log.ts";
import { MetricStore } from "./metric-store.ts";
import {
  consoleMigrations,
  eventMigrations,
  fluxEventMigrations,
  metricMigrations,
} from "./migrations/index.ts";
import { reasonOf } from "./opening.ts";
import { preferenceStore } from "./preference-store.ts";
import { profileStore } from "./profile-store.ts";
import { rotationStore } from "./rotation-store.ts";
import type { Storage } from "./stores.ts";

/** Connections, preferences and activities as they are in the folder; everything else begins empty, in memory. */
export function openReadOnly(folder: DataFolder, now: () => number): Storage {
  const notices = [readOnlyNotice];
  const main = openToRead(join(folder.directory, "switchyard.db"), notices);
  const rest = (migrations: DatabaseOptions["migrations"]) =>
    openDatabase(inMemory, { migrations, durable: false });
  const unsaved = rest(consoleMigrations);
  const events = new EventLog(rest(eventMigrations), { now });
  const metrics = new MetricStore(rest(metricMigrations), now);
  const fluxEvents = new FluxEventLog(rest(fluxEventMigrations));
  return {
    profiles: profileStore(main),
    preferences: preferenceStore(main),
    activities: new ActivityLog(main),
    // The rotations of the folder are under way in the console that has it.
    rotations: rotationStore(unsaved),
    events,
    metrics,
    fluxEvents,
    notices,
    forget: () => undefined,
    pruneActivities: () => undefined,
    close: () => {
      for (const store of [events, metrics, fluxEvents, unsaved, main]) store.close();
      folder.release();
    },
  };
}

const readOnlyNotice =
  "This console is read-only: it shows the connections and activities of its data folder, changes nothing, and keeps events and figures only until it ends.";

function openToRead(file: string, notices: string[]): Database {
  const options = { migrations: consoleMigrations, durable: false };
  try {
    return openForReading(file, consoleMigrations);
  } catch (error) {
    notices.push(
      `${file} cannot be read (${reasonOf(error)}): connections and activities in it are not shown.`,
    );
    return openDatabase(inMemory, options);
  }
}
