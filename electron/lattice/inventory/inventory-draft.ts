import type { ComponentRow, HostRow, LinkRow, ProviderRow } from "../../../shared/lattice/schema.ts";
import { type HostTrack, newTrack } from "./host-track.ts";
import { inventoryLimits } from "./inventory-limits.ts";
import { instancesOf, isoTime, newHostRow, sameHost, withoutUndefined } from "./inventory-rows.ts";
import type {
  HostEntry,
  InventoryChanges,
  InventoryState,
  ProviderPulse,
  WorkloadMemo,
} from "./inventory-state.ts";

type Growing<T> = { -readonly [Key in keyof T]: T[Key] };

const none: readonly never[] = Object.freeze([]);
const noChanges: InventoryChanges = {
  hosts: none,
  tracks: none,
  memos: none,
  forgottenMemos: none,
  removedHosts: none,
  components: none,
  removedComponents: none,
  changedImages: none,
  providers: none,
  pulses: none,
  removedProviders: none,
  links: none,
  removedLinks: none,
  needsRead: none,
  needsLinks: false,
};

/** Most facts change next to nothing, so a list is made when its first item comes. */
function grown<Item>(list: readonly Item[], item: Item): readonly Item[] {
  if (list.length === 0) return [item];
  (list as Item[]).push(item);
  return list;
}

/** The time a host was last seen is worth a new row once a second: date text up to its seconds. */
const secondsLength = "2026-01-01T00:00:00".length;

export interface FoldContext {
  state: InventoryState;
  now: number;
  /** Heartbeat period of hosts whose own is not learned yet. */
  defaultPeriodMs: number;
}

/** Changes in the making; reads the state and leaves it alone. One draft is about one host at most. */
export class InventoryDraft {
  readonly state: InventoryState;
  readonly now: number;
  readonly #defaultPeriodMs: number;
  readonly #changes: Growing<InventoryChanges> = { ...noChanges };
  #row: HostRow | undefined;
  #track: HostTrack | undefined;

  constructor({ state, now, defaultPeriodMs }: FoldContext) {
    this.state = state;
    this.now = now;
    this.#defaultPeriodMs = defaultPeriodMs;
  }

  get nowText(): string {
    return isoTime(this.now);
  }

  entry(hostId: string): HostEntry | undefined {
    return this.state.hosts.get(hostId);
  }

  /** Whether there is no room for a host that is not listed yet; one that answered is more than one that events name. */
  isFullFor(hostId: string, known: "answered" | "by-event"): boolean {
    const { hosts, totals } = this.state;
    if (hosts.has(hostId)) return false;
    if (hosts.size >= inventoryLimits.hosts) return true;
    return known === "by-event" && totals.unansweredHosts >= inventoryLimits.unansweredHosts;
  }

  /** The host's row as changed so far; a new one for a host that was not known. */
  host(hostId: string): HostRow {
    this.#row ??= this.entry(hostId)?.row ?? newHostRow(hostId, this.#defaultPeriodMs, this.now);
    return this.#row;
  }

  patchHost(hostId: string, patch: Partial<HostRow>): void {
    this.#row = withoutUndefined({ ...this.host(hostId), ...patch });
  }

  /** The host's track as changed so far. */
  track(hostId: string): HostTrack {
    this.host(hostId);
    this.#track ??= this.entry(hostId)?.track ?? newTrack(this.#defaultPeriodMs);
    return this.#track;
  }

  setTrack(track: HostTrack): void {
    this.#track = track;
  }

  /** Marks the host alive and notes when, to the second. */
  alive(hostId: string): void {
    const row = this.host(hostId);
    if (row.status !== "live") {
      this.restartPulses(hostId);
      this.patchHost(hostId, { status: "live", statusSince: this.nowText, lastSeenAt: this.nowText });
    } else if (row.lastSeenAt?.slice(0, secondsLength) !== this.nowText.slice(0, secondsLength)) {
      this.patchHost(hostId, { lastSeenAt: this.nowText });
    }
  }

  putMemo(hostId: string, key: string, memo: WorkloadMemo): void {
    this.#changes.memos = grown(this.#changes.memos, { hostId, key, memo });
  }

  forgetMemos(hostId: string, seenMs: number): void {
    this.#changes.forgottenMemos = grown(this.#changes.forgottenMemos, { hostId, seenMs });
  }

  putComponent(row: ComponentRow): void {
    const before = this.state.component(row.hostId, row.id);
    if (row === before || (!before && !this.#hasRoomFor("components", row.hostId))) return;
    this.#changes.components = grown(this.#changes.components, row);
    this.#count(row.hostId, {
      components: before ? 0 : 1,
      instances: instancesOf(row) - instancesOf(before),
      providers: 0,
    });
  }

  noteChangedImage({ hostId, id }: ComponentRow): void {
    this.#changes.changedImages = grown(this.#changes.changedImages, { hostId, id });
  }

  removeComponent(row: ComponentRow): void {
    this.#changes.removedComponents = grown(this.#changes.removedComponents, {
      hostId: row.hostId,
      id: row.id,
    });
    this.#count(row.hostId, { components: -1, instances: -instancesOf(row), providers: 0 });
  }

  putProvider(row: ProviderRow): void {
    const before = this.state.provider(row.hostId, row.id);
    if (row === before || (!before && !this.#hasRoomFor("providers", row.hostId))) return;
    this.#changes.providers = grown(this.#changes.providers, row);
    if (!before) this.putPulse(row.hostId, row.id, { fromMs: this.now });
    this.#count(row.hostId, { components: 0, instances: 0, providers: before ? 0 : 1 });
  }

  removeProvider(row: ProviderRow): void {
    this.#changes.removedProviders = grown(this.#changes.removedProviders, {
      hostId: row.hostId,
      id: row.id,
    });
    this.#count(row.hostId, { components: 0, instances: 0, providers: -1 });
  }

  /** Everything that runs on the host is gone (wasmcloud-control §4.5). */
  removeWorkloads(hostId: string): void {
    const entry = this.entry(hostId);
    if (!entry) return;
    for (const row of entry.components.values()) this.removeComponent(row);
    for (const row of entry.providers.values()) this.removeProvider(row);
  }

  putLink(row: LinkRow): void {
    this.#changes.links = grown(this.#changes.links, row);
  }

  removeLink(key: string): void {
    this.#changes.removedLinks = grown(this.#changes.removedLinks, key);
  }

  removeHost(row: HostRow): void {
    const entry = this.entry(row.id);
    for (const component of entry?.components.values() ?? []) {
      this.#changes.removedComponents = grown(this.#changes.removedComponents, {
        hostId: row.id,
        id: component.id,
      });
    }
    for (const provider of entry?.providers.values() ?? []) {
      this.#changes.removedProviders = grown(this.#changes.removedProviders, {
        hostId: row.id,
        id: provider.id,
      });
    }
    this.#changes.removedHosts = grown(this.#changes.removedHosts, row.id);
  }

  putPulse(hostId: string, id: string, pulse: ProviderPulse): void {
    this.#changes.pulses = grown(this.#changes.pulses, { hostId, id, pulse });
  }

  /** Nothing could be heard of the host's providers for a while: their silence counts from now. */
  restartPulses(hostId: string): void {
    for (const [id, { heardMs }] of this.entry(hostId)?.pulses ?? [])
      this.putPulse(hostId, id, { fromMs: this.now, heardMs });
  }

  /** Changes a provider of any host; for facts about several hosts. */
  putProviderRow(row: ProviderRow): void {
    this.#changes.providers = grown(this.#changes.providers, row);
  }

  /** Puts a row of any host; for facts about several hosts. */
  putHostRow(row: HostRow): void {
    this.#changes.hosts = grown(this.#changes.hosts, row);
  }

  putTrack(hostId: string, track: HostTrack): void {
    this.#changes.tracks = grown(this.#changes.tracks, { hostId, track });
  }

  needsRead(hostId: string): void {
    if (!this.#changes.needsRead.includes(hostId))
      this.#changes.needsRead = grown(this.#changes.needsRead, hostId);
  }

  needsLinks(): void {
    this.#changes.needsLinks = true;
  }

  /** The finished changes; a host's row is among them only where it differs. */
  finish(): InventoryChanges {
    if (this.#row) {
      const before = this.entry(this.#row.id)?.row;
      if (before !== this.#row && (!before || !sameHost(before, this.#row)))
        this.#changes.hosts = grown(this.#changes.hosts, this.#row);
      if (this.#track)
        this.#changes.tracks = grown(this.#changes.tracks, { hostId: this.#row.id, track: this.#track });
    }
    return this.#changes;
  }

  #hasRoomFor(kind: "components" | "providers", hostId: string): boolean {
    const added = this.#changes[kind].length;
    const onHost = this.entry(hostId)?.[kind].size ?? 0;
    const perHost = inventoryLimits[kind === "components" ? "componentsPerHost" : "providersPerHost"];
    return onHost + added < perHost && this.state.totals[kind] + added < inventoryLimits[kind];
  }

  #count(hostId: string, by: { components: number; instances: number; providers: number }): void {
    const row = this.host(hostId);
    if (by.components === 0 && by.instances === 0 && by.providers === 0) return;
    this.#row = {
      ...row,
      componentCount: row.componentCount + by.components,
      instanceCount: row.instanceCount + by.instances,
      providerCount: row.providerCount + by.providers,
    };
  }
}
