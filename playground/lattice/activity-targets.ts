import type { Random } from "../kit/random.ts";
import type { SimulatedLattice } from "./lattice.ts";
import type { SimulatedHost } from "./lattice-host.ts";
import { shopComponents, shopProviders } from "./sample-app.ts";

/** A workload at a host. */
export interface Place {
  host: SimulatedHost;
  id: string;
}

const belongsToOperators = new Set(
  [...shopComponents, ...shopProviders].filter((workload) => !workload.lively).map((workload) => workload.id),
);

/** Finds where life may play: not with what operators own, started themselves or have touched. */
export class LifePlaces {
  readonly #known: ReadonlySet<string>;

  constructor(
    private readonly lattice: SimulatedLattice,
    private readonly random: Random,
  ) {
    const states = lattice.hosts.map((host) => host.context.state);
    this.#known = new Set(states.flatMap((state) => [...state.components.keys(), ...state.providers.keys()]));
  }

  /** Whether life may play with this workload. */
  isFree(host: SimulatedHost, id: string): boolean {
    return this.#known.has(id) && !belongsToOperators.has(id) && !host.touched.has(id);
  }

  /** Some running host that fits, if there is one. */
  someHost(fits: (host: SimulatedHost) => boolean = () => true): SimulatedHost | undefined {
    const hosts = this.lattice.running().filter(fits);
    return hosts.length === 0 ? undefined : this.random.pick(hosts);
  }

  /** Some workload at some host that life may play with. */
  somewhere(kind: "components" | "providers"): Place | undefined {
    const host = this.someHost();
    if (!host) return undefined;
    const ids = [...host.context.state[kind].keys()].filter((id) => this.isFree(host, id));
    return ids.length === 0 ? undefined : { host, id: this.random.pick(ids) };
  }
}
