import type { ActivityLog } from "./activity-log.ts";
import type { EventLog } from "./event-log.ts";
import type { FluxEventLog } from "./flux-event-log.ts";
import type { MetricStore } from "./metric-store.ts";
import type { PreferenceStore } from "./preference-store.ts";
import type { ProfileStore } from "./profile-store.ts";
import type { RotationStore } from "./rotation-store.ts";

/** Everything that the console keeps. */
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
  /** Takes out what was kept of a connection that was removed; its activities stay, for they are the record. */
  forget(connectionId: string): void;
  /** Removes activities that are beyond the bounds that the preferences set, in small steps from now on. */
  pruneActivities(): void;
  close(): void;
}
