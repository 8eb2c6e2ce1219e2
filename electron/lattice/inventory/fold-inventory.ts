import type { ComponentRow, ProviderRow } from "../../../shared/lattice/schema.ts";
import type { Host, HostInventory } from "../client/control-types.ts";
import { afterHeartbeat, afterReply, type HostTrack, hasRestarted } from "./host-track.ts";
import { twinsOf, twinsProblem, withBeat } from "./host-twins.ts";
import type { InventoryDraft } from "./inventory-draft.ts";
import { inventoryLimits } from "./inventory-limits.ts";
import { componentRow, isoTime, providerRow } from "./inventory-rows.ts";

/** A start time that is computed from whole seconds of uptime wavers by this much. */
const uptimeSlackMs = 2_000;
/** A heartbeat and an event this close to each other may have been made in either order by the host. */
const raceMs = 1_000;

/** Folds a host's answer to the ping (wasmcloud-control §3.1). */
export function foldHost(draft: InventoryDraft, host: Host, askedAt: number): void {
  if (host.id === "" || stoppedSince(draft, host.id, askedAt) || draft.isFullFor(host.id, "answered")) return;
  draft.patchHost(host.id, {
    friendlyName: host.friendlyName || draft.host(host.id).friendlyName,
    version: host.version ?? draft.host(host.id).version,
    labels: host.labels,
    controlHost: host.controlHost,
    jetStreamDomain: host.jetStreamDomain,
    startedAt: startedAt(draft, host.id, host.uptimeSeconds),
  });
  draft.setTrack({ ...draft.track(host.id), lastSeenMs: draft.now, answered: true, identified: true });
  draft.alive(host.id);
  if (!draft.entry(host.id)?.row.inventoryAt) draft.needsRead(host.id);
}

/** Folds a host's answer to an inventory query that was asked at `askedAt`; one that a later answer overtook shows nothing but life. */
export function foldReply(
  draft: InventoryDraft,
  reply: { hostId: string; inventory: HostInventory; askedAt: number },
): void {
  const { hostId, inventory, askedAt } = reply;
  if (stoppedSince(draft, hostId, askedAt) || draft.isFullFor(hostId, "answered")) return;
  if (askedAt < (draft.track(hostId).askedMs ?? askedAt)) {
    draft.setTrack({ ...draft.track(hostId), lastSeenMs: draft.now });
    draft.alive(hostId);
    return;
  }
  replaceWorkloads(draft, hostId, inventory);
  draft.setTrack(
    afterReply(draft.track(hostId), { askedAt, uptimeSeconds: inventory.uptimeSeconds }, draft.now),
  );
  draft.alive(hostId);
}

/** Folds a heartbeat that is not older than what is known. */
export function foldHeartbeat(
  draft: InventoryDraft,
  hostId: string,
  beat: { inventory: HostInventory; timeMs?: number },
): void {
  const before = withNames(draft.track(hostId), beat, draft.now);
  draft.setTrack(before);
  const changed = replaceWorkloads(draft, hostId, beat.inventory);
  const { uptimeSeconds } = beat.inventory;
  const track = afterHeartbeat(draft.track(hostId), { timeMs: beat.timeMs, uptimeSeconds }, draft.now);
  draft.setTrack(track);
  draft.patchHost(hostId, { heartbeatSeconds: Math.round(track.periodMs / 10) / 100 });
  draft.alive(hostId);
  // What the host was asked to do at this very moment may be missing in what it collected just before.
  const apart = beat.timeMs === undefined ? Infinity : beat.timeMs - (before.lastWorkloadMs ?? -Infinity);
  if (changed && apart < raceMs) draft.needsRead(hostId);
  draft.forgetMemos(hostId, draft.now - 2 * track.periodMs);
}

function withNames(
  track: HostTrack,
  { inventory, timeMs }: { inventory: HostInventory; timeMs?: number },
  now: number,
): HostTrack {
  const { friendlyName: name, uptimeSeconds } = inventory;
  if (name === "") return track;
  const beat = { name, timeMs, uptimeSeconds };
  const names = withBeat(track.names, beat, { now, periodMs: track.periodMs });
  return { ...track, names, twins: twinsOf(names, beat, now) };
}

/** The whole inventory takes the place of what was known; tells whether anything on the host differs. */
function replaceWorkloads(draft: InventoryDraft, hostId: string, inventory: HostInventory): boolean {
  const known = draft.host(hostId).inventoryAt !== undefined;
  const restarted = hasRestarted(draft.track(hostId), inventory.uptimeSeconds);
  const { twins } = draft.track(hostId);
  const { friendlyName, version } = draft.host(hostId);
  draft.patchHost(hostId, {
    friendlyName: inventory.friendlyName || friendlyName,
    version: inventory.version || version,
    labels: inventory.labels,
    startedAt: startedAt(draft, hostId, inventory.uptimeSeconds),
    inventoryAt: draft.nowText,
    problem:
      inventory.skipped > 0
        ? `${inventory.skipped === 1 ? "One part" : `${inventory.skipped} parts`} of its inventory could not be read.`
        : twins && twinsProblem(twins),
  });
  const components = replaceComponents(draft, { hostId, inventory, known });
  const providers = replaceProviders(draft, { hostId, inventory, known, restarted });
  const inventoryOf = draft.host(hostId).startedAt;
  draft.setTrack({ ...draft.track(hostId), inventoryOf, missedEvents: false });
  return components || providers;
}

interface Replacement {
  hostId: string;
  inventory: HostInventory;
  /** The host's inventory was known before, so a difference is a change and no discovery. */
  known: boolean;
}

function replaceComponents(draft: InventoryDraft, { hostId, inventory, known }: Replacement): boolean {
  const before: ReadonlyMap<string, ComponentRow> = draft.entry(hostId)?.components ?? new Map();
  const host = draft.host(hostId);
  const unwitnessed = isUnwitnessed(draft, hostId);
  const after = new Map<string, ComponentRow>();
  for (const description of inventory.components) {
    if (description.id !== "")
      after.set(description.id, componentRow(host, description, before.get(description.id)));
  }
  let changed = false;
  for (const row of after.values()) {
    const old = before.get(row.id);
    if (row === old) continue;
    changed = true;
    if (unwitnessed && old && old.imageReference !== row.imageReference) draft.noteChangedImage(row);
    draft.putComponent(known && differs(row, old) ? { ...row, changedAt: draft.nowText } : row);
  }
  for (const row of missing(before, after, inventory.skipped)) {
    changed = true;
    draft.removeComponent(row);
  }
  return changed;
}

/** Whether what differs from the inventory that is shown may have come about without an event, in the same process. */
function isUnwitnessed(draft: InventoryDraft, hostId: string): boolean {
  const { missedEvents, inventoryOf } = draft.track(hostId);
  const { startedAt } = draft.host(hostId);
  if (!missedEvents || inventoryOf === undefined || startedAt === undefined) return false;
  return Math.abs(Date.parse(startedAt) - Date.parse(inventoryOf)) < uptimeSlackMs;
}

function replaceProviders(
  draft: InventoryDraft,
  { hostId, inventory, known, restarted }: Replacement & { restarted: boolean },
): boolean {
  const before: ReadonlyMap<string, ProviderRow> = draft.entry(hostId)?.providers ?? new Map();
  const host = draft.host(hostId);
  const after = new Map<string, ProviderRow>();
  for (const description of inventory.providers) {
    if (description.id === "") continue;
    const row = providerRow(host, description, before.get(description.id));
    after.set(row.id, restarted ? unknownHealth(draft, row) : row);
  }
  let changed = false;
  for (const row of after.values()) {
    if (row === before.get(row.id)) continue;
    changed = true;
    draft.putProvider(known && differs(row, before.get(row.id)) ? { ...row, changedAt: draft.nowText } : row);
  }
  for (const row of missing(before, after, inventory.skipped)) {
    changed = true;
    draft.removeProvider(row);
  }
  return changed;
}

/** What is no longer listed; but as many as could not be read may well be among the unreadable ones. */
function missing<Row>(
  before: ReadonlyMap<string, Row>,
  after: ReadonlyMap<string, Row>,
  unreadable: number,
): Row[] {
  const gone: Row[] = [];
  for (const [id, row] of before) if (!after.has(id)) gone.push(row);
  const unknowable = gone.length <= unreadable && before.size <= inventoryLimits.componentsPerHost / 2;
  return unknowable ? [] : gone;
}

/** Whether more differs than the name of the host. */
function differs<Row extends { hostName: string }>(row: Row, before: Row | undefined): boolean {
  if (!before) return true;
  const fields = Object.keys({ ...before, ...row }) as (keyof Row)[];
  return fields.some(
    (field) => field !== "hostName" && JSON.stringify(row[field]) !== JSON.stringify(before[field]),
  );
}

/** What was known of a provider's health was that of a process that is no more. */
function unknownHealth(draft: InventoryDraft, provider: ProviderRow): ProviderRow {
  draft.putPulse(provider.hostId, provider.id, { fromMs: draft.now });
  if (provider.health === "unknown") return provider;
  const { healthAt: _at, healthBefore: _before, healthSeenAt: _seen, ...row } = provider;
  return { ...row, health: "unknown" };
}

/** The host's start by the console's clock, kept as long as it only wavers. */
function startedAt(
  draft: InventoryDraft,
  hostId: string,
  uptimeSeconds: number | undefined,
): string | undefined {
  const known = draft.host(hostId).startedAt;
  if (uptimeSeconds === undefined) return known;
  const startMs = draft.now - uptimeSeconds * 1_000;
  return known && Math.abs(Date.parse(known) - startMs) < uptimeSlackMs ? known : isoTime(startMs);
}

function stoppedSince(draft: InventoryDraft, hostId: string, askedAt: number): boolean {
  const stoppedMs = draft.track(hostId).stoppedMs;
  return stoppedMs !== undefined && stoppedMs >= askedAt;
}
