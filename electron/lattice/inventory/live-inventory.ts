import type { ComponentRow, HostRow, LinkRow, ProviderRow } from "../../../shared/lattice/schema.ts";
import { latticeTopics, workloadKey } from "../../../shared/lattice/topics.ts";
import {
  commit,
  emptyInventory,
  type Fact,
  fold,
  type InventoryChanges,
  type InventoryState,
} from "./inventory.ts";

const linkKey = latticeTopics["lattice.links"].key;

/** Rows of one kind that changed, and the keys of those that went. */
export interface RowChanges<Row> {
  upsert: readonly Row[];
  remove: readonly string[];
}

/** What one batch of facts changed; kinds without a change are absent. */
export interface LatticeChanges {
  hosts?: RowChanges<HostRow>;
  components?: RowChanges<ComponentRow>;
  providers?: RowChanges<ProviderRow>;
  links?: RowChanges<LinkRow>;
}

class Collected<Row> {
  readonly #upserts = new Map<string, Row>();
  readonly #removes = new Set<string>();

  put(key: string, row: Row): void {
    this.#removes.delete(key);
    this.#upserts.set(key, row);
  }

  remove(key: string): void {
    this.#upserts.delete(key);
    this.#removes.add(key);
  }

  take(): RowChanges<Row> | undefined {
    if (this.#upserts.size === 0 && this.#removes.size === 0) return undefined;
    const changes = { upsert: [...this.#upserts.values()], remove: [...this.#removes] };
    this.#upserts.clear();
    this.#removes.clear();
    return changes;
  }
}

/** The state of a lattice with its changes collected until `flush`. */
export class LiveInventory {
  readonly state: InventoryState;
  readonly #hosts = new Collected<HostRow>();
  readonly #components = new Collected<ComponentRow>();
  readonly #providers = new Collected<ProviderRow>();
  readonly #links = new Collected<LinkRow>();

  constructor(defaultPeriodMs: number) {
    this.state = emptyInventory(defaultPeriodMs);
  }

  /** Folds and commits a fact; answers with what it changed. */
  apply(fact: Fact, now: number): InventoryChanges {
    const changes = fold(this.state, fact, now);
    commit(this.state, changes);
    this.#collect(changes);
    return changes;
  }

  /** What changed since the last flush; undefined when nothing did. */
  flush(): LatticeChanges | undefined {
    const hosts = this.#hosts.take();
    const components = this.#components.take();
    const providers = this.#providers.take();
    const links = this.#links.take();
    if (!hosts && !components && !providers && !links) return undefined;
    return {
      ...(hosts ? { hosts } : {}),
      ...(components ? { components } : {}),
      ...(providers ? { providers } : {}),
      ...(links ? { links } : {}),
    };
  }

  #collect({ hosts, components, providers, links }: InventoryChanges): void {
    for (const row of hosts.rows) this.#hosts.put(row.id, row);
    for (const id of hosts.removed) this.#hosts.remove(id);
    for (const row of components.removed) this.#components.remove(workloadKey(row));
    for (const row of components.rows) this.#components.put(workloadKey(row), row);
    for (const row of providers.removed) this.#providers.remove(workloadKey(row));
    for (const row of providers.rows) this.#providers.put(workloadKey(row), row);
    for (const key of links.removed) this.#links.remove(key);
    for (const row of links.rows) this.#links.put(linkKey(row), row);
  }
}
