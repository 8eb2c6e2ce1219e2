import type { Random } from "../kit/random.ts";
import type { SimulatedLattice } from "./lattice.ts";
import type { SimulatedHost } from "./lattice-host.ts";
import { sampleComponents, sampleProviders } from "./sample-app.ts";

/** A workload at a host. */
export interface Target {
  host: SimulatedHost;
  id: string;
}

const belongsToOperators = new Set(
  [...sampleComponents, ...sampleProviders]
    .filter((workload) => !workload.volatile)
    .map((workload) => workload.id),
);

/** Finds what random activity may touch: nothing of what operators own, started themselves or have touched. */
export class ActivityTargets {
  readonly #known: ReadonlySet<string>;

  constructor(
    private readonly lattice: SimulatedLattice,
    private readonly random: Random,
  ) {
    const states = lattice.hosts.map((host) => host.context.state);
    this.#known = new Set(states.flatMap((state) => [...state.components.keys(), ...state.providers.keys()]));
  }

  /** Whether random activity may change this workload. */
  isFree(host: SimulatedHost, id: string): boolean {
    return this.#known.has(id) && !belongsToOperators.has(id) && !host.touched.has(id);
  }

  /** Some running host that fits, if there is one. */
  pickHost(fits: (host: SimulatedHost) => boolean = () => true): SimulatedHost | undefined {
    const hosts = this.lattice.running().filter(fits);
    return hosts.length === 0 ? undefined : this.random.pick(hosts);
  }

  /** Some workload at some host that random activity may change. */
  pickWorkload(kind: "components" | "providers"): Target | undefined {
    const host = this.pickHost();
    if (!host) return undefined;
    const ids = [...host.context.state[kind].keys()].filter((id) => this.isFree(host, id));
    return ids.length === 0 ? undefined : { host, id: this.random.pick(ids) };
  }
}
