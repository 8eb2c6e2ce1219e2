import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { openActivityLog } from "./activity-key.ts";
import { ActivityLog } from "./activity-log.ts";
import { checkContent, checkHeader, isDamage, putAside } from "./damage.ts";
import type { DataFolder } from "./data-folder.ts";
import { type Database, type DatabaseOptions, inMemory, openDatabase, openForReading } from "./database.ts";
import { EventLog } from "./event-log.ts";
import { FluxEventLog } from "./flux-event-log.ts";
import { moveFluxEvents } from "./flux-event-move.ts";
import { MetricStore } from "./metric-store.ts";
import {
  consoleMigrations,
  eventMigrations,
  fluxEventMigrations,
  metricMigrations,
} from "./migrations/index.ts";
import { type PreferenceStore, preferenceStore } from "./preference-store.ts";
import { type ProfileStore, profileStore } from "./profile-store.ts";
import { type RotationStore, rotationStore } from "./rotation-store.ts";

export interface Storage {
  profiles: ProfileStore;
  preferences: PreferenceStore;
  activities: ActivityLog;
  rotations: RotationStore;
  events: EventLog;
  metrics: MetricStore;
  fluxEvents: FluxEventLog;
  /** What went wrong with the files, in sentences for a person; more may be added while the console runs. */
  notices: string[];
  close(): void;
}

interface Opening {
  file: string;
  /** What the file holds, for a notice. */
  holds: string;
  options: DatabaseOptions;
  now: () => number;
  notices: string[];
}

const fullCheckBytes = 64 * 1024 * 1024;

/**
 * Opens everything that the console keeps in a folder. Never throws for what it finds there: damaged files are put aside,
 * and where nothing can be written the console works in memory; `notices` says so.
 */
export function openStorage(folder: DataFolder, now: () => number = Date.now): Storage {
  return folder.readOnly ? openReadOnly(folder, now) : openWritable(folder, now);
}

function openWritable(folder: DataFolder, now: () => number): Storage {
  const { directory } = folder;
  const notices: string[] = [];
  const fluxEvents = openOrReplace({
    file: join(directory, "flux-events.db"),
    holds: "events of Flux daemons",
    options: { migrations: fluxEventMigrations, durable: false },
    now,
    notices,
  });
  const before = notices.length;
  const main = openOrReplace({
    file: join(directory, "switchyard.db"),
    holds: "connections and activities",
    options: {
      migrations: consoleMigrations,
      durable: true,
      inspect: (database) => takeOver(database, fluxEvents, notices),
    },
    now,
    notices,
  });
  const keyFile = join(directory, "activity.key");
  // A log that begins anew has a key of its own; the old one checks what was kept.
  if (main.file !== inMemory && notices.length > before && existsSync(keyFile)) putAside(keyFile, now());
  const activities = openActivityLog(main, keyFile, notices);
  const events = openEvents({
    file: join(directory, "events.db"),
    holds: "the event log",
    options: { migrations: eventMigrations, durable: false },
    now,
    notices,
  });
  const metrics = openOrReplace({
    file: join(directory, "metrics.db"),
    holds: "recorded metrics",
    options: { migrations: metricMigrations, durable: false },
    now,
    notices,
  });
  return {
    profiles: profileStore(main),
    preferences: preferenceStore(main),
    activities,
    rotations: rotationStore(main),
    events,
    metrics: new MetricStore(metrics, now),
    fluxEvents: new FluxEventLog(fluxEvents),
    notices,
    close: () => {
      events.close();
      metrics.close();
      fluxEvents.close();
      main.close();
      folder.release();
    },
  };
}

/** The main database goes on in any case: it holds what every command depends on. */
function takeOver(main: Database, fluxEvents: Database, notices: string[]): void {
  try {
    moveFluxEvents(main, fluxEvents);
  } catch (error) {
    if (isDamage(error)) throw error;
    notices.push(`Earlier events of Flux daemons could not be taken over (${reasonOf(error)}).`);
  }
}

/** Connections, preferences and activities as they are in the folder; everything else begins empty, in memory. */
function openReadOnly(folder: DataFolder, now: () => number): Storage {
  const notices = [readOnlyNotice];
  const main = openToRead(join(folder.directory, "switchyard.db"), notices);
  const rest = (migrations: DatabaseOptions["migrations"]) =>
    openDatabase(inMemory, { migrations, durable: false });
  const unsaved = rest(consoleMigrations);
  const events = new EventLog(rest(eventMigrations), { now, onNotice: (text) => notices.push(text) });
  const metrics = rest(metricMigrations);
  const fluxEvents = rest(fluxEventMigrations);
  return {
    profiles: profileStore(main),
    preferences: preferenceStore(main),
    activities: new ActivityLog(main),
    // The rotations of the folder are under way in the console that has it.
    rotations: rotationStore(unsaved),
    events,
    metrics: new MetricStore(metrics, now),
    fluxEvents: new FluxEventLog(fluxEvents),
    notices,
    close: () => {
      events.close();
      metrics.close();
      fluxEvents.close();
      unsaved.close();
      main.close();
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

function openEvents(opening: Opening): EventLog {
  let database = openOrReplace(opening);
  return new EventLog(database, {
    now: opening.now,
    onNotice: (text) => opening.notices.push(text),
    replace: (error) => {
      if (!isDamage(error)) return undefined;
      closeDamaged(database);
      database = replaceDamaged(opening, error);
      return database;
    },
  });
}

function openOrReplace(opening: Opening): Database {
  try {
    return openChecked(opening);
  } catch (error) {
    return isDamage(error) ? replaceDamaged(opening, error) : openInMemory(opening, error);
  }
}

function openChecked({ file, options }: Opening): Database {
  if (file === inMemory) return openDatabase(file, options);
  checkHeader(file);
  // A large event log would take seconds to read; damage inside it shows, and is handled, when it is met.
  const full = existsSync(file) && (options.durable || statSync(file).size <= fullCheckBytes);
  if (!full) return openDatabase(file, options);
  const inspect = (database: Database): void => {
    checkContent(database);
    options.inspect?.(database);
  };
  return openDatabase(file, { ...options, inspect });
}

function replaceDamaged(opening: Opening, error: unknown): Database {
  try {
    const backup = putAside(opening.file, opening.now());
    const database = openDatabase(opening.file, opening.options);
    opening.notices.push(
      `The file with ${opening.holds} was damaged (${reasonOf(error)}). It was kept as ${backup}, and a new, empty one is in use.`,
    );
    return database;
  } catch (secondError) {
    return openInMemory(opening, secondError);
  }
}

function openInMemory(opening: Opening, error: unknown): Database {
  opening.notices.push(
    `${opening.file} cannot be used (${reasonOf(error)}). Until that is put right and Switchyard is started again, it keeps ${opening.holds} in memory only, and loses them when it ends.`,
  );
  return openDatabase(inMemory, opening.options);
}

function closeDamaged(database: Database): void {
  try {
    database.close();
  } catch {
    // What is left of the file is put aside as it is.
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, "") : "unknown reason";
}
