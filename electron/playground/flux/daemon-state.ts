import type { Registry } from "./registry.ts";
import type { SimulatedRepository } from "./repository.ts";
import type { ViewSettings } from "./wire-views.ts";
import { releaseNumber } from "./wire-views.ts";
import type { SimulatedWorkload } from "./workload.ts";

/** Everything that one simulated daemon has to do with. */
export interface DaemonState {
  readonly protocol: number;
  readonly version: string;
  readonly workloads: SimulatedWorkload[];
  readonly registry: Registry;
  readonly repository: SimulatedRepository;
  /** Relayed by flux-adapter: plain errors become application errors (flux-rpc §6.5). */
  readonly relayed: boolean;
}

/** What decides how things are shown. */
export function viewSettings({ protocol, version, repository }: DaemonState): ViewSettings {
  return {
    protocol,
    release: releaseNumber(version),
    gitReady: repository.status === "ready",
    readOnly: repository.readOnly,
  };
}
