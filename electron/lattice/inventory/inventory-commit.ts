import type { ComponentRow, HostRow, LinkRow, ProviderRow } from "../../../shared/lattice/schema.ts";
import { latticeTopics } from "../../../shared/lattice/topics.ts";
import { type HostTrack, newTrack } from "./host-track.ts";
import { inventoryLimits } from "./inventory-limits.ts";
import type { HostEntry, InventoryChanges, InventoryState, WorkloadMemo } from "./inventory-state.ts";

const linkKey = latticeTopics["lattice.links"].key;

interface Writable {
  hosts: Map<string, HostEntry>;
  links: Map<string, LinkRow>;
  spread: Map<string, number>;
  totals: {
    hosts: Record<HostRow["status"], number>;
    unansweredHosts: number;
    components: number;
    providers: number;
    unhealthyProviders: number;
    silentProviders: number;
  };
}

/** Applies changes to the indexes and sums of the state: the only thing that mutates it. */
export function commit(state: InventoryState, changes: InventoryChanges): void {
  const target = state as unknown as Writable;
  for (const row of changes.hosts) putHost(target, row);
  for (const { hostId, track } of changes.tracks) {
    putTrack(target, hostId, track);
  }
  for (const { hostId, key, memo } of changes.memos) putMemo(target.hosts.get(hostId), key, memo);
  for (const { hostId, seenMs } of changes.forgottenMemos) forgetMemos(target.hosts.get(hostId), seenMs);
  for (const { hostId, id } of changes.removedComponents) removeComponent(target, hostId, id);
  for (const row of changes.components) putComponent(target, row);
  for (const { hostId, id } of changes.removedProviders) removeProvider(target, hostId, id);
  for (const row of changes.providers) putProvider(target, row);
  for (const { hostId, id, pulse } of changes.pulses) {
    const entry = target.hosts.get(hostId);
    if (entry?.providers.has(id)) entry.pulses.set(id, pulse);
  }
  for (const key of changes.removedLinks) target.links.delete(key);
  for (const row of changes.links) target.links.set(linkKey(row), row);
  for (const hostId of changes.removedHosts) removeHost(target, hostId);
}

function putHost({ hosts, totals }: Writable, row: HostRow): void {
  const entry = hosts.get(row.id);
  totals.hosts[row.status] += 1;
  if (entry) {
    totals.hosts[entry.row.status] -= 1;
    entry.row = row;
    return;
  }
  totals.unansweredHosts += 1;
  hosts.set(row.id, {
    row,
    track: newTrack(row.heartbeatSeconds * 1_000),
    components: new Map(),
    providers: new Map(),
    memos: new Map(),
    pulses: new Map(),
  });
}

function putTrack({ hosts, totals }: Writable, hostId: string, track: HostTrack): void {
  const entry = hosts.get(hostId);
  if (!entry) return;
  totals.unansweredHosts += Number(!track.answered) - Number(!entry.track.answered);
  entry.track = track;
}

function putMemo(entry: HostEntry | undefined, key: string, memo: WorkloadMemo): void {
  if (!entry) return;
  entry.memos.set(key, memo);
  const [oldest] = entry.memos.keys();
  if (entry.memos.size > inventoryLimits.memosPerHost && oldest !== undefined) entry.memos.delete(oldest);
}

function putComponent({ hosts, totals, spread }: Writable, row: ComponentRow): void {
  const components = hosts.get(row.hostId)?.components;
  if (!components) return;
  if (!components.has(row.id)) {
    totals.components += 1;
    spread.set(row.id, (spread.get(row.id) ?? 0) + 1);
  }
  components.set(row.id, row);
}

function removeComponent({ hosts, totals, spread }: Writable, hostId: string, id: string): void {
  if (!hosts.get(hostId)?.components.delete(id)) return;
  totals.components -= 1;
  const left = (spread.get(id) ?? 1) - 1;
  if (left === 0) spread.delete(id);
  else spread.set(id, left);
}

function putProvider({ hosts, totals }: Writable, row: ProviderRow): void {
  const providers = hosts.get(row.hostId)?.providers;
  if (!providers) return;
  const before = providers.get(row.id);
  if (!before) totals.providers += 1;
  totals.unhealthyProviders += has("unhealthy", row) - has("unhealthy", before);
  totals.silentProviders += has("silent", row) - has("silent", before);
  providers.set(row.id, row);
}

function removeProvider({ hosts, totals }: Writable, hostId: string, id: string): void {
  const entry = hosts.get(hostId);
  const before = entry?.providers.get(id);
  if (!before) return;
  totals.providers -= 1;
  totals.unhealthyProviders -= has("unhealthy", before);
  totals.silentProviders -= has("silent", before);
  entry?.providers.delete(id);
  entry?.pulses.delete(id);
}

function has(health: ProviderRow["health"], row: ProviderRow | undefined): number {
  return row?.health === health ? 1 : 0;
}

function removeHost(target: Writable, hostId: string): void {
  const entry = target.hosts.get(hostId);
  if (!entry) return;
  for (const id of [...entry.components.keys()]) removeComponent(target, hostId, id);
  for (const id of [...entry.providers.keys()]) removeProvider(target, hostId, id);
  target.totals.hosts[entry.row.status] -= 1;
  target.totals.unansweredHosts -= Number(!entry.track.answered);
  target.hosts.delete(hostId);
}

function forgetMemos(entry: HostEntry | undefined, seenMs: number): void {
  if (!entry) return;
  for (const [key, memo] of entry.memos) if (memo.seenMs < seenMs) entry.memos.delete(key);
}
