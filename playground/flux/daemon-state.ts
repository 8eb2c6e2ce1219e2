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
  /** Runs with `--git-set-author` (flux-rpc §3.1.7). */
  readonly setsAuthor: boolean;
  /** Runs with `--k8s-allow-namespace`, without which nothing can be exported (flux-rpc §3.4). */
  readonly allowsNamespaces: boolean;
  /** Relayed by flux-adapter: plain errors become application errors (flux-rpc §6.5). */
  readonly relayed: boolean;
}

/** What decides how things are shown. */
export function viewSettings({ protocol, version, repository }: DaemonState): ViewSettings {
  return {
    protocol,
    release: releaseNumber(version),
    gitReady: repository.status === "ready",
    unconfigured: repository.status === "unconfigured",
    readOnly: repository.readOnly,
  };
}
