import type { Migration } from "../database.ts";
import { profiles } from "./console/001-profiles.ts";
import { activityRecords } from "./console/002-activity-records.ts";
import { fluxEvents } from "./console/003-flux-events.ts";
import { flowfabricRotations } from "./console/004-flowfabric-rotations.ts";
import { preferences } from "./console/005-preferences.ts";
import { activitySeal } from "./console/006-activity-seal.ts";
import { events } from "./events/001-events.ts";
import { samples } from "./metrics/001-samples.ts";

/** The schema of `switchyard.db`: profiles, activities, events of Flux daemons, rotations, preferences, seal of the activities. A migration that was released is never changed, only followed. */
export const consoleMigrations: readonly Migration[] = [
  profiles,
  activityRecords,
  fluxEvents,
  flowfabricRotations,
  preferences,
  activitySeal,
];

/** The schema of `events.db`. */
export const eventMigrations: readonly Migration[] = [events];

/** The schema of `metrics.db`. */
export const metricMigrations: readonly Migration[] = [samples];
