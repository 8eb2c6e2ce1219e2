import type { ComponentRow, HostRow, LinkRow, ProviderRow } from "../../../shared/lattice/schema.ts";
import type { HostTrack } from "./host-track.ts";

/** What the newest event about one workload said; it outlives the row, so that an older event cannot revive it. */
export interface WorkloadMemo {
  /** By the host's clock. */
  timeMs?: number;
  /** By the console's clock. */
  seenMs: number;
  /** When the last event with a count above 0 came, by the host's clock where known. */
  positiveMs?: number;
  /** That event changed the image: an update, whose zero event is still to come (wasmcloud-control §2.7). */
  zeroExpected: boolean;
}

/** What is remembered of a provider's signs of life, all by the console's clock. */
export interface ProviderPulse {
  /** From when on silence counts: its last health event, or when it could begin to be heard. */
  readonly fromMs: number;
  /** Its last health event of any kind; absent: none was heard so far. */
  readonly heardMs?: number | undefined;
}

/** One host with everything on it. */
export interface HostEntry {
  row: HostRow;
  track: HostTrack;
  readonly components: Map<string, ComponentRow>;
  readonly providers: Map<string, ProviderRow>;
  readonly memos: Map<string, WorkloadMemo>;
  readonly pulses: Map<string, ProviderPulse>;
}

export interface WorkloadReference {
  hostId: string;
  id: string;
}

/** What one fact changes; committing it twice is the same as once. */
export interface InventoryChanges {
  readonly hosts: readonly HostRow[];
  readonly tracks: readonly { hostId: string; track: HostTrack }[];
  readonly memos: readonly { hostId: string; key: string; memo: WorkloadMemo }[];
  /** Memos of this host that were last seen before `seenMs` have no more effect. */
  readonly forgottenMemos: readonly { hostId: string; seenMs: number }[];
  readonly removedHosts: readonly string[];
  readonly components: readonly ComponentRow[];
  readonly removedComponents: readonly WorkloadReference[];
  /** Components whose image was another one before the connection was lost, in the same process of their host. */
  readonly changedImages: readonly WorkloadReference[];
  readonly providers: readonly ProviderRow[];
  readonly pulses: readonly { hostId: string; id: string; pulse: ProviderPulse }[];
  readonly removedProviders: readonly WorkloadReference[];
  readonly links: readonly LinkRow[];
  readonly removedLinks: readonly string[];
  /** Hosts whose inventory must be read, because the fact alone cannot tell. */
  readonly needsRead: readonly string[];
  readonly needsLinks: boolean;
}

/** Sums over the lattice, kept up to date by `commit`. */
export interface InventoryTotals {
  readonly hosts: Readonly<Record<HostRow["status"], number>>;
  /** Hosts that have not answered a request so far. */
  readonly unansweredHosts: number;
  readonly components: number;
  readonly providers: number;
  readonly unhealthyProviders: number;
  readonly silentProviders: number;
}

/** All that is known of one lattice, indexed by host. Only `commit` changes it. */
export class InventoryState {
  readonly hosts: ReadonlyMap<string, HostEntry> = new Map();
  readonly links: ReadonlyMap<string, LinkRow> = new Map();
  /** On how many hosts each component id runs. */
  readonly spread: ReadonlyMap<string, number> = new Map();
  readonly totals: InventoryTotals = {
    hosts: { live: 0, stale: 0, lost: 0, stopped: 0 },
    unansweredHosts: 0,
    components: 0,
    providers: 0,
    unhealthyProviders: 0,
    silentProviders: 0,
  };

  component(hostId: string, id: string): ComponentRow | undefined {
    return this.hosts.get(hostId)?.components.get(id);
  }

  provider(hostId: string, id: string): ProviderRow | undefined {
    return this.hosts.get(hostId)?.providers.get(id);
  }
}
