import type { Migration } from "../database.ts";
import { profiles } from "./console/001-profiles.ts";
import { activityRecords } from "./console/002-activity-records.ts";
import { fluxEvents as consoleFluxEvents } from "./console/003-flux-events.ts";
import { flowfabricRotations } from "./console/004-flowfabric-rotations.ts";
import { preferences } from "./console/005-preferences.ts";
import { activitySeal } from "./console/006-activity-seal.ts";
import { withoutFluxEvents } from "./console/007-without-flux-events.ts";
import { activityRetention } from "./console/008-activity-retention.ts";
import { events } from "./events/001-events.ts";
import { eventErasure } from "./events/002-event-erasure.ts";
import { fluxEvents } from "./flux-events/001-flux-events.ts";
import { fluxEventErasure } from "./flux-events/002-flux-event-erasure.ts";
import { samples } from "./metrics/001-samples.ts";

/** The schema of `switchyard.db`: profiles, activities, rotations, preferences, seal of the activities. A migration that was released is never changed, only followed. */
export const consoleMigrations: readonly Migration[] = [
  profiles,
  activityRecords,
  consoleFluxEvents,
  flowfabricRotations,
  preferences,
  activitySeal,
  withoutFluxEvents,
  activityRetention,
];

/** The schema of `events.db`. */
export const eventMigrations: readonly Migration[] = [events, eventErasure];

/** The schema of `flux-events.db`. */
export const fluxEventMigrations: readonly Migration[] = [fluxEvents, fluxEventErasure];

/** The schema of `metrics.db`. */
export const metricMigrations: readonly Migration[] = [samples];
