import { existsSync } from "node:fs";
import { join } from "node:path";
import { openActivityLog } from "./activity-key.ts";
import { ActivityLog } from "./activity-log.ts";
import { ActivityRetention } from "./activity-retention.ts";
import { isDamage, putAside } from "./damage.ts";
import { DamageWatch } from "./damage-watch.ts";
import type { DataFolder } from "./data-folder.ts";
import { type Database, type DatabaseOptions, inMemory } from "./database.ts";
import { Erasures } from "./erasures.ts";
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
import { closeDamaged, type Opening, openOrReplace, openStore, reasonOf, replaceDamaged } from "./opening.ts";
import { preferenceStore } from "./preference-store.ts";
import { profileStore } from "./profile-store.ts";
import { openReadOnly } from "./read-only-storage.ts";
import { rotationStore } from "./rotation-store.ts";
import type { Storage } from "./stores.ts";
import { OpenMark } from "./unclean-end.ts";
import { WriteHealth } from "./write-health.ts";

const stepMs = 20;
const pauseMs = 3_600_000;

/** Removes what is kept too long: after the start, every hour, and when it is asked to, in steps so small that nobody waits. */
class Pruning {
  #timer: NodeJS.Timeout | undefined;

  /** `step` removes a little, and answers whether there may be more. It may throw: it is tried again with the next hour. */
  constructor(private readonly step: () => boolean) {
    this.begin();
  }

  begin(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#step(), stepMs);
    this.#timer.unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #step(): void {
    let hasMore = false;
    try {
      hasMore = this.step();
    } catch {
      // The disk may be full, or busy; damage is told by whoever reads or records.
    }
    this.#timer = setTimeout(() => this.#step(), hasMore ? stepMs : pauseMs);
    this.#timer.unref();
  }
}

/**
 * Opens everything that the console keeps in a folder. Never throws for what it finds there: damaged files are put aside,
 * and where nothing can be written the console works in memory; `notices` says so.
 */
export function openStorage(folder: DataFolder, now: () => number = Date.now): Storage {
  if (folder.readOnly) return openReadOnly(folder, now);
  const { directory } = folder;
  const mark = new OpenMark(directory);
  const notices: string[] = [];
  const health = new WriteHealth(inPlace(notices));
  const damage = new DamageWatch(mark, notices);
  const watch = (database: Database): Database => damage.watch(database);
  const opening = (name: string, holds: string, options: DatabaseOptions) => {
    const suspect = mark.knownDamaged.includes(name);
    return { file: join(directory, name), holds, options, suspect, now, notices, watch };
  };
  const fluxEvents = openStore(
    opening("flux-events.db", "events of Flux daemons", { migrations: fluxEventMigrations, durable: false }),
    (database) => new FluxEventLog(database, undefined, health),
  );
  const before = notices.length;
  const leftBehind: string[] = [];
  const main = openStore(
    opening("switchyard.db", "connections and activities", {
      migrations: consoleMigrations,
      durable: true,
      inspect: (database) => takeOver(database, fluxEvents.database, leftBehind),
    }),
    mainStores,
  );
  const keyFile = join(directory, "activity.key");
  // A log that begins anew has a key of its own; the old one checks what was kept.
  if (main.database.file !== inMemory && notices.length > before && existsSync(keyFile))
    putAside(keyFile, now());
  notices.push(...leftBehind);
  const activities = openActivityLog(main.database, keyFile, notices);
  const events = openEvents(
    opening("events.db", "the event log", { migrations: eventMigrations, durable: false }),
    health,
  );
  const metrics = openStore(
    opening("metrics.db", "recorded metrics", { migrations: metricMigrations, durable: false }),
    (database) => new MetricStore(database, now, health),
  );
  damage.start([fluxEvents.database, metrics.database, main.database]);
  let closed = false;
  const erasures = new Erasures([events, fluxEvents.store, metrics.store]);
  const retention = new ActivityRetention(main.database, activities);
  const pruning = new Pruning(() => retention.prune(main.store.preferences.load().keepActivities, now()));
  return {
    ...main.store,
    activities,
    events,
    metrics: metrics.store,
    fluxEvents: fluxEvents.store,
    notices,
    forget: (connectionId) => erasures.forget(connectionId),
    pruneActivities: () => pruning.begin(),
    close: () => {
      // The mark and the folder may be another console's by now.
      if (closed) return;
      closed = true;
      damage.end();
      erasures.close();
      pruning.close();
      for (const store of [events, fluxEvents.store, metrics.store, main.database]) store.close();
      mark.clear();
      folder.release();
    },
  };
}

/** Reads what the start reads: damage there has to show before anything depends on it. */
function mainStores(database: Database): Pick<Storage, "profiles" | "preferences" | "rotations"> {
  const profiles = profileStore(database);
  const preferences = preferenceStore(database);
  const rotations = rotationStore(database);
  const activities = new ActivityLog(database);
  profiles.load();
  preferences.load();
  rotations.load();
  activities.end();
  activities.unsettled();
  return { profiles, preferences, rotations };
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

/** Shows a notice in the place of the one before it. */
function inPlace(notices: string[]): (notice: string) => void {
  let shown: string | undefined;
  return (notice) => {
    const place = shown === undefined ? -1 : notices.indexOf(shown);
    if (place < 0) notices.push(notice);
    else notices[place] = notice;
    shown = notice;
  };
}

function openEvents(opening: Opening, health: WriteHealth): EventLog {
  let database = openOrReplace(opening);
  return new EventLog(database, {
    now: opening.now,
    health,
    replace: (error) => {
      if (!isDamage(error)) return undefined;
      closeDamaged(database);
      database = replaceDamaged(opening, error);
      return database;
    },
  });
}
