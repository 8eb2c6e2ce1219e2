import { nextTurn, type TimerGroup } from "../../kit/timers.ts";
import type { ImageClaims } from "./images.ts";

export type StringMap = Record<string, string>;

/** One link as it is stored and sent (wasmcloud-control §3.8). */
export interface Link {
  source_id: string;
  target: string;
  name: string;
  wit_namespace: string;
  wit_package: string;
  interfaces: string[];
  source_config: string[];
  target_config: string[];
}

/** What is stored under a source: never changed in place (wasmcloud-control §5.1). */
export interface ComponentSpec {
  readonly url: string;
  readonly links: readonly Link[];
}

export interface StoredClaims {
  readonly kind: "component" | "provider";
  readonly claims: ImageClaims;
}

/** The named configs of a lattice; reports each change. */
class ConfigMap extends Map<string, StringMap> {
  /** Called for each config that is stored, or deleted (`undefined`). */
  onChange: ((name: string, config: StringMap | undefined) => void) | undefined;

  override set(name: string, config: StringMap): this {
    super.set(name, config);
    this.onChange?.(name, config);
    return this;
  }

  override delete(name: string): boolean {
    const was = super.delete(name);
    if (was) this.onChange?.(name, undefined);
    return was;
  }
}

interface Change {
  revision: number;
  apply(cache: LatticeCache): void;
  key: string;
}

/** Tells whether a name may be a key of a bucket (wasmcloud-control §1.6). */
export function isLegalKey(key: string): boolean {
  return /^[-/_=.a-zA-Z0-9]+$/.test(key) && !key.startsWith(".") && !key.endsWith(".");
}

/** What the NATS library says of any name that is not a key, whatever is wrong with it (wasmcloud-control §2.17). */
export const illegalKeyText = "key cannot be empty or start/end with `.`";

/** What all hosts of a lattice share and what survives their restarts (wasmcloud-control §5.1). */
export class LatticeState {
  readonly configs = new ConfigMap();
  readonly specs = new Map<string, ComponentSpec>();
  readonly claims = new Map<string, StoredClaims>();
  readonly #followers = new Set<LatticeCache>();
  #revision = 0;

  constructor(readonly name: string) {}

  /** Stores a spec and lets the caches follow. */
  putSpec(id: string, spec: ComponentSpec): void {
    this.specs.set(id, spec);
    this.#announce(`spec/${id}`, (cache) => cache.specs.set(id, spec));
  }

  /** Creates an empty spec when a workload starts for the first time (wasmcloud-control §5.7). */
  ensureSpec(id: string, url: string): void {
    if (!this.specs.has(id)) this.putSpec(id, { url, links: [] });
  }

  /** As a host does it: read, then written back in a later turn, whatever others wrote meanwhile (wasmcloud-control §5.7). */
  async createSpec(id: string, url: string): Promise<void> {
    const known = this.specs.has(id);
    await nextTurn();
    if (!known) this.putSpec(id, { url, links: [] });
  }

  /** Stores the claims of a signed image; they are never removed (wasmcloud-control §2.3). */
  putClaims(stored: StoredClaims): void {
    const key = stored.claims.publicKey;
    this.claims.set(key, stored);
    this.#announce(`claims/${key}`, (cache) => cache.claims.set(key, stored));
  }

  /** The first of these configs that does not exist. */
  firstMissingConfig(names: readonly string[]): string | undefined {
    return names.find((name) => !this.configs.has(name));
  }

  /** Lets a cache follow from the present state on; returns how to stop. */
  follow(cache: LatticeCache): () => void {
    for (const [id, spec] of this.specs) cache.specs.set(id, spec);
    for (const [key, stored] of this.claims) cache.claims.set(key, stored);
    this.#followers.add(cache);
    return () => this.#followers.delete(cache);
  }

  #announce(key: string, apply: (cache: LatticeCache) => void): void {
    this.#revision += 1;
    for (const cache of this.#followers) cache.receive({ revision: this.#revision, key, apply });
  }
}

/** One host's copy of links and claims, a few milliseconds behind (wasmcloud-control §5.7). */
export class LatticeCache {
  readonly specs = new Map<string, ComponentSpec>();
  readonly claims = new Map<string, StoredClaims>();
  readonly #seen = new Map<string, number>();

  constructor(
    private readonly timers: TimerGroup,
    private readonly lag: () => number,
    /** Taking a change over may have to wait for what the host does. */
    private readonly enter: (work: () => void) => void = (work) => work(),
  ) {}

  /** Takes a change over after the lag, never an older one over a newer one. */
  receive(change: Change): void {
    this.timers.after(this.lag(), () => {
      this.enter(() => {
        if ((this.#seen.get(change.key) ?? 0) > change.revision) return;
        this.#seen.set(change.key, change.revision);
        change.apply(this);
      });
    });
  }

  /** All links in the cache. */
  links(): Link[] {
    return [...this.specs.values()].flatMap((spec) => [...spec.links]);
  }
}
