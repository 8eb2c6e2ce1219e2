import type { ConnectionManager } from "../connections/manager.ts";
import type { SecretStore } from "../connections/secrets.ts";
import { flowfabricFeature } from "../flowfabric/feature.ts";
import { flowfabricSystem } from "../flowfabric/system.ts";
import type { CommandWaits as FluxWaits } from "../flux/commands/command-parts.ts";
import { fluxFeature } from "../flux/feature.ts";
import { fluxSystem } from "../flux/system.ts";
import { forgeFeature } from "../forge/feature.ts";
import { forgeSystem } from "../forge/system.ts";
import type { CommandWaits as LatticeWaits } from "../lattice/commands/command-parts.ts";
import { latticeFeature } from "../lattice/feature.ts";
import { latticeSystem } from "../lattice/system.ts";
import type { Storage } from "../storage/stores.ts";
import { systemClock } from "../upstream/clock.ts";
import type { Activities } from "./activities.ts";
import type { Log } from "./log.ts";

export type Systems = ReturnType<typeof openSystems>;
export type Features = ReturnType<typeof systemFeatures>;

/** The four systems as the connections see them. */
export function openSystems({ storage, log }: { storage: Storage; log: Log }) {
  const clock = systemClock;
  const logged =
    (what: string) =>
    (error: unknown): void =>
      log.error(what, error);
  return {
    lattice: latticeSystem({ sink: storage.events, clock, onError: logged("following a lattice failed") }),
    flowfabric: flowfabricSystem(),
    forge: forgeSystem({
      recorder: storage.metrics,
      clock,
      onError: logged("figures of a jobs server could not be recorded"),
    }),
    flux: fluxSystem({
      events: storage.fluxEvents,
      clock,
      onError: logged("listening for Flux daemons failed"),
    }),
  };
}

export interface FeatureParts {
  systems: Systems;
  connections: ConnectionManager;
  storage: Storage;
  secrets: SecretStore;
  activities: Activities;
  log: Log;
  /** How long evidence is waited for, where the defaults do not suit. */
  waits: { lattice: Partial<LatticeWaits> | undefined; flux: Partial<FluxWaits> | undefined };
}

/** What the console offers for each system: its operations and its live topics. */
export function systemFeatures({
  systems,
  connections,
  storage,
  secrets,
  activities,
  log,
  waits,
}: FeatureParts) {
  const common = { connections, now: () => Date.now() };
  return {
    lattice: latticeFeature({
      ...common,
      system: systems.lattice,
      activities: storage.activities,
      onActivity: (listener) => activities.onActivity(listener),
      events: storage.events,
      waits: waits.lattice,
    }),
    flowfabric: flowfabricFeature({
      ...common,
      system: systems.flowfabric,
      rotations: storage.rotations,
      secrets,
      onError: (error) => log.error("a rotation could not be kept", error),
    }),
    forge: forgeFeature({ ...common, system: systems.forge, metrics: storage.metrics }),
    flux: fluxFeature({
      ...common,
      system: systems.flux,
      events: storage.fluxEvents,
      pending: activities.pending,
      waits: waits.flux,
    }),
  };
}
