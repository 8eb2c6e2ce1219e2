import type { HostRow } from "../../../shared/lattice/schema.ts";
import { type HostTrack, newTrack } from "./host-track.ts";
import { inventoryLimits } from "./inventory-limits.ts";
import { isoTime } from "./rows.ts";

/** A host as it is shown, and what is remembered of it beside. */
export interface HostEntry {
  readonly row: HostRow;
  readonly track: HostTrack;
}

/** What a fact changes in the hosts. */
export interface HostChanges {
  /** Rows that differ from what was shown. */
  readonly rows: readonly HostRow[];
  readonly tracks: readonly { hostId: string; track: HostTrack }[];
  readonly removed: readonly string[];
}

export const noHostChanges: HostChanges = { rows: [], tracks: [], removed: [] };

/** The hosts of a lattice by their ids. */
export class Hosts {
  readonly #entries = new Map<string, HostEntry>();
  readonly #byStatus: Record<HostRow["status"], number> = { live: 0, stale: 0, lost: 0, stopped: 0 };
  /** Heartbeat period of hosts whose own is not learned yet. */
  readonly #defaultPeriodMs: number;
  #unanswered = 0;

  constructor(defaultPeriodMs: number) {
    this.#defaultPeriodMs = defaultPeriodMs;
  }

  get entries(): ReadonlyMap<string, HostEntry> {
    return this.#entries;
  }

  get byStatus(): Readonly<Record<HostRow["status"], number>> {
    return this.#byStatus;
  }

  /** Hosts that have not answered a request so far. */
  get unanswered(): number {
    return this.#unanswered;
  }

  /** Whether hosts are left out of the list for want of room. */
  get isFull(): boolean {
    return !this.hasRoomFor("answered") || !this.hasRoomFor("by-event");
  }

  get(hostId: string): HostEntry | undefined {
    return this.#entries.get(hostId);
  }

  /** The host, or a new one under that id as a fact may introduce it. */
  getOrNew(hostId: string, now: number): HostEntry {
    const periodMs = this.#defaultPeriodMs;
    return this.#entries.get(hostId) ?? { row: newRow(hostId, periodMs, now), track: newTrack(periodMs) };
  }

  /** Whether one more host can be listed; one that answered is more than one that events name. */
  hasRoomFor(known: "answered" | "by-event"): boolean {
    if (this.#entries.size >= inventoryLimits.hosts) return false;
    return known === "answered" || this.#unanswered < inventoryLimits.unansweredHosts;
  }

  commit({ rows, tracks, removed }: HostChanges): void {
    for (const row of rows) this.#set(row.id, { row, track: this.getOrNew(row.id, 0).track });
    for (const { hostId, track } of tracks) {
      const entry = this.#entries.get(hostId);
      if (entry) this.#set(hostId, { row: entry.row, track });
    }
    for (const hostId of removed) {
      this.#count(this.#entries.get(hostId), -1);
      this.#entries.delete(hostId);
    }
  }

  #set(hostId: string, entry: HostEntry): void {
    this.#count(this.#entries.get(hostId), -1);
    this.#count(entry, 1);
    this.#entries.set(hostId, entry);
  }

  #count(entry: HostEntry | undefined, by: number): void {
    if (!entry) return;
    this.#byStatus[entry.row.status] += by;
    if (!entry.track.answered) this.#unanswered += by;
  }
}

/** A host that was only heard of. */
function newRow(id: string, periodMs: number, now: number): HostRow {
  return {
    id,
    friendlyName: `${id.slice(0, 8)}…`,
    version: "",
    labels: {},
    status: "live",
    statusSince: isoTime(now),
    heartbeatSeconds: periodMs / 1_000,
    componentCount: 0,
    instanceCount: 0,
    providerCount: 0,
  };
}

/** The connection was lost: the next gap between heartbeats means nothing, and events may be missed. */
export function foldOutage({ entries }: Hosts): HostChanges {
  const tracks = [...entries].map(([hostId, { track }]) => ({
    hostId,
    track: { ...track, lastHeartbeatMs: undefined, missedEvents: true },
  }));
  return { ...noHostChanges, tracks };
}

/** Nobody is called lost because the console was away. */
export function foldResumed({ entries }: Hosts, now: number): HostChanges {
  const listening = [...entries].filter(([, { row }]) => row.status === "live" || row.status === "stale");
  const tracks = listening.map(([hostId, { track }]) => ({ hostId, track: { ...track, lastSeenMs: now } }));
  return { ...noHostChanges, tracks };
}

/** A host is stale after two periods without a sign of life, lost after four. */
export function foldSilence(hosts: Hosts, now: number): HostChanges {
  const rows: HostRow[] = [];
  for (const { row, track } of hosts.entries.values()) {
    if (row.status === "stopped" || row.status === "lost") continue;
    const silentMs = now - track.lastSeenMs;
    if (silentMs > 4 * track.periodMs) rows.push({ ...row, status: "lost", statusSince: isoTime(now) });
    else if (row.status === "live" && silentMs > 2 * track.periodMs)
      rows.push({ ...row, status: "stale", statusSince: isoTime(now) });
  }
  const { lost, stopped } = hosts.byStatus;
  const removed = [
    ...(stopped > inventoryLimits.stoppedHosts
      ? oldest(hosts, "stopped", inventoryLimits.stoppedHosts, now)
      : []),
    ...(lost > 0 ? oldest(hosts, "lost", inventoryLimits.lostHosts, now) : []),
  ];
  return rows.length + removed.length === 0 ? noHostChanges : { ...noHostChanges, rows, removed };
}

/** Hosts that are gone stay visible; of too many those go first that never answered, and then the oldest. */
function oldest({ entries }: Hosts, status: "stopped" | "lost", kept: number, now: number): string[] {
  const gone = [...entries.values()].filter(({ row }) => row.status === status);
  const since = isoTime(now - inventoryLimits.lostForMs);
  gone.sort(
    (a, b) =>
      Number(a.track.answered) - Number(b.track.answered) || (a.row.statusSince < b.row.statusSince ? -1 : 1),
  );
  return gone
    .filter(({ row }, place) => place < gone.length - kept || (status === "lost" && row.statusSince < since))
    .map(({ row }) => row.id);
}
