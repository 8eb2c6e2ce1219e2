import type { HostRow } from "../../../shared/lattice/schema.ts";
import type { Host, HostInventory } from "../client/control-types.ts";
import { isHostEvent } from "../events/decode-event-data.ts";
import type { DecodedEvent, KnownEvent } from "../events/event-types.ts";
import {
  afterEvent,
  afterHeartbeat,
  afterReply,
  type HostTrack,
  hasRestarted,
  isOlder,
  isSignOfLife,
} from "./host-track.ts";
import { twinsOf, twinsProblem, withBeat } from "./host-twins.ts";
import type { HostEntry, Hosts } from "./hosts.ts";
import { isoTime, withoutUndefined } from "./rows.ts";

/** What a fact about one host says about what runs on it. */
export type WorkloadFact =
  | { readonly kind: "event"; readonly event: KnownEvent; readonly overlapping: boolean }
  | ListedWorkloads
  /** Everything that ran there is gone. */
  | { readonly kind: "gone" };

/** The whole inventory, which takes the place of what was known. */
export interface ListedWorkloads {
  readonly kind: "listed";
  readonly inventory: HostInventory;
  /** The host's inventory was known before, so a difference is a change and no discovery. */
  readonly known: boolean;
  /** It is that of another process than the one that was known. */
  readonly restarted: boolean;
  /** What differs may have come about without an event, in the same process. */
  readonly unwitnessed: boolean;
  /** An event came so shortly before that the list may lack what it said. */
  readonly raced: boolean;
  /** What events before this said has no more effect. */
  readonly forgetBeforeMs?: number;
}

/** What a fact means for the one host it is about. */
export interface HostStep {
  readonly hostId: string;
  /** The host as the fact leaves it; absent where the fact says nothing that counts. */
  readonly host?: HostEntry;
  readonly workloads?: WorkloadFact;
  /** The host's inventory must be read, because the fact alone cannot tell. */
  readonly needsRead: boolean;
}

type EventOf<Type extends KnownEvent["type"]> = Extract<KnownEvent, { type: Type }>;
type Beat = EventOf<"host_heartbeat">;

/** A start time that is computed from whole seconds of uptime wavers by this much. */
const uptimeSlackMs = 2_000;
/** The same, where the uptime travelled for a while. */
const beatSlackMs = 3_000;
/** A heartbeat and an event this close to each other may have been made in either order by the host. */
const raceMs = 1_000;
/** The time a host was last seen is worth a new row once a second: date text up to its seconds. */
const secondsLength = "2026-01-01T00:00:00".length;

/** Folds any event into the host that is its `source` (wasmcloud-control §4.1, trap 14). */
export function foldHostEvent(
  hosts: Hosts,
  { event, overlapping = false }: { event: DecodedEvent; overlapping?: boolean },
  now: number,
): HostStep | undefined {
  const hostId = event.source;
  if (hostId === "") return undefined;
  const before = hosts.get(hostId);
  // A host that answers is listed all the same.
  if (!before && !hosts.hasRoomFor("by-event")) return { hostId, needsRead: true };
  // An unreadable event still proves that a known host lives; what it would have said can be asked.
  if (event.kind === "malformed") return before && { ...seen(before, event, now), needsRead: true };
  const host = before ?? hosts.getOrNew(hostId, now);
  if (event.kind === "unknown" || !isHostEvent(event.type)) return seen(host, event, now);
  if (before && isOutdated(before, event, now)) return { hostId, needsRead: true };
  if (event.type === "host_heartbeat") return foldBeat(host, event, now);
  if (event.type === "host_stopped") return before && foldStopped(before, event, now);
  const step = seen(host, event, now);
  if (event.type === "host_started") return foldStarted(step, event, now);
  const { row, track } = step.host;
  if (event.type === "labels_changed")
    return { ...step, host: { row: { ...row, labels: event.labels }, track } };
  const workloads: WorkloadFact = { kind: "event", event, overlapping };
  const after = { row, track: { ...track, lastWorkloadMs: event.timeMs } };
  return { hostId, host: after, workloads, needsRead: step.needsRead };
}

/** Folds a host's answer to the ping (wasmcloud-control §3.1). */
export function foldPing(
  hosts: Hosts,
  { host: answer, askedAt }: { host: Host; askedAt: number },
  now: number,
): HostStep | undefined {
  const hostId = answer.id;
  if (hostId === "" || !takesAnswer(hosts, hostId, askedAt)) return undefined;
  const { row, track } = hosts.getOrNew(hostId, now);
  const answered = withoutUndefined({
    ...row,
    friendlyName: answer.friendlyName || row.friendlyName,
    version: answer.version ?? row.version,
    labels: answer.labels,
    controlHost: answer.controlHost,
    jetStreamDomain: answer.jetStreamDomain,
    startedAt: startedAt(row, answer.uptimeSeconds, now),
  });
  return {
    hostId,
    host: {
      row: alive(answered, now),
      track: { ...track, lastSeenMs: now, answered: true, identified: true },
    },
    needsRead: row.inventoryAt === undefined,
  };
}

/** Folds a host's answer to an inventory query that was asked at `askedAt`; one that a later answer overtook shows nothing but life. */
export function foldReply(
  hosts: Hosts,
  { hostId, inventory, askedAt }: { hostId: string; inventory: HostInventory; askedAt: number },
  now: number,
): HostStep | undefined {
  if (!takesAnswer(hosts, hostId, askedAt)) return undefined;
  const before = hosts.getOrNew(hostId, now);
  if (askedAt < (before.track.askedMs ?? askedAt)) {
    const host = { row: alive(before.row, now), track: { ...before.track, lastSeenMs: now } };
    return { hostId, host, needsRead: false };
  }
  const { host, workloads } = withInventory(before, inventory, now);
  const track = afterReply(host.track, { askedAt, uptimeSeconds: inventory.uptimeSeconds }, now);
  return { hostId, host: { row: alive(host.row, now), track }, workloads, needsRead: false };
}

/** A host did not answer. */
export function foldNoAnswer(
  hosts: Hosts,
  { hostId, message }: { hostId: string; message: string },
): HostStep | undefined {
  const host = hosts.get(hostId);
  if (!host || host.row.status === "stopped") return undefined;
  return { hostId, host: { ...host, row: { ...host.row, problem: message } }, needsRead: false };
}

/** Whether an answer counts: it was not asked for before the host stopped, and there is room for the host. */
function takesAnswer(hosts: Hosts, hostId: string, askedAt: number): boolean {
  const { stoppedMs } = hosts.get(hostId)?.track ?? {};
  if (stoppedMs !== undefined && stoppedMs >= askedAt) return false;
  return hosts.get(hostId) !== undefined || hosts.hasRoomFor("answered");
}

/** A sign of life; a host that was not known before is shown from now on. */
function seen(host: HostEntry, event: DecodedEvent, now: number): HostStep & { host: HostEntry } {
  const { row, track } = host;
  const hostId = event.source;
  if (!isSignOfLife(track, event.timeMs)) return { hostId, host, needsRead: false };
  const needsRead = row.inventoryAt === undefined || row.status === "stopped";
  return { hostId, host: { row: alive(row, now), track: afterEvent(track, event.timeMs, now) }, needsRead };
}

/** The host as alive, and when, to the second. */
function alive(row: HostRow, now: number): HostRow {
  const nowText = isoTime(now);
  if (row.status !== "live") return { ...row, status: "live", statusSince: nowText, lastSeenAt: nowText };
  if (row.lastSeenAt?.slice(0, secondsLength) === nowText.slice(0, secondsLength)) return row;
  return { ...row, lastSeenAt: nowText };
}

/** Whether the uptime is just what it must be by now: then the beat is new, even if the host set its clock back. */
function isOnTime({ row, track }: HostEntry, uptimeSeconds: number | undefined, now: number): boolean {
  if (!row.startedAt || uptimeSeconds === undefined) return false;
  if (uptimeSeconds <= (track.uptimeSeconds ?? 0)) return false;
  return Math.abs(now - uptimeSeconds * 1_000 - Date.parse(row.startedAt)) < beatSlackMs;
}

/** Whether the event is older than what is shown. */
function isOutdated(host: HostEntry, event: KnownEvent, now: number): boolean {
  const { row, track } = host;
  if (event.type === "host_heartbeat" && isOnTime(host, event.inventory.uptimeSeconds, now)) return false;
  if (isOlder(track, event.timeMs, now)) return true;
  return row.status === "stopped" && !isSignOfLife(track, event.timeMs);
}

function foldBeat({ row, track: before }: HostEntry, event: Beat, now: number): HostStep {
  const { source: hostId, inventory, timeMs } = event;
  const isNew = isSignOfLife(before, timeMs);
  const track = isNew ? afterEvent(before, timeMs, now) : { ...before, lastSeenMs: now };
  const { host, workloads } = withInventory({ row, track: withNames(track, event, now) }, inventory, now);
  const beaten = afterHeartbeat(host.track, { timeMs, uptimeSeconds: inventory.uptimeSeconds }, now);
  const heartbeatSeconds = Math.round(beaten.periodMs / 10) / 100;
  return {
    hostId,
    host: { row: alive({ ...host.row, heartbeatSeconds }, now), track: beaten },
    workloads: {
      ...workloads,
      raced: timeMs !== undefined && timeMs - (before.lastWorkloadMs ?? -Infinity) < raceMs,
      forgetBeforeMs: now - 2 * beaten.periodMs,
    },
    needsRead: false,
  };
}

function withNames(track: HostTrack, { inventory, timeMs }: Beat, now: number): HostTrack {
  const { friendlyName: name, uptimeSeconds } = inventory;
  if (name === "") return track;
  const beat = { name, timeMs, uptimeSeconds };
  const names = withBeat(track.names, beat, { now, periodMs: track.periodMs });
  return { ...track, names, twins: twinsOf(names, beat, now) };
}

function withInventory(
  { row, track }: HostEntry,
  inventory: HostInventory,
  now: number,
): { host: HostEntry; workloads: ListedWorkloads } {
  const { friendlyName, version, labels, uptimeSeconds } = inventory;
  const started = startedAt(row, uptimeSeconds, now);
  const host = {
    row: withoutUndefined({
      ...row,
      friendlyName: friendlyName || row.friendlyName,
      version: version || row.version,
      labels,
      startedAt: started,
      inventoryAt: isoTime(now),
      problem: problemOf(inventory, track),
    }),
    track: { ...track, inventoryOf: started, missedEvents: false },
  };
  const workloads: ListedWorkloads = {
    kind: "listed",
    inventory,
    known: row.inventoryAt !== undefined,
    restarted: hasRestarted(track, uptimeSeconds),
    unwitnessed: isUnwitnessed(track, started),
    raced: false,
  };
  return { host, workloads };
}

function problemOf({ skipped }: HostInventory, { twins }: HostTrack): string | undefined {
  if (skipped === 0) return twins && twinsProblem(twins);
  return `${skipped === 1 ? "One part" : `${skipped} parts`} of its inventory could not be read.`;
}

function isUnwitnessed({ missedEvents, inventoryOf }: HostTrack, started: string | undefined): boolean {
  if (!missedEvents || inventoryOf === undefined || started === undefined) return false;
  return Math.abs(Date.parse(started) - Date.parse(inventoryOf)) < uptimeSlackMs;
}

/** A fresh process has nothing running, whatever ran before under the same id. */
function foldStarted(
  step: HostStep & { host: HostEntry },
  event: EventOf<"host_started">,
  now: number,
): HostStep {
  const { row, track } = step.host;
  const { problem: _problem, ...rest } = row;
  const started = {
    ...rest,
    friendlyName: event.friendlyName || row.friendlyName,
    version: event.version || row.version,
    labels: event.labels,
    startedAt: isoTime(now - (event.uptimeSeconds ?? 0) * 1_000),
  };
  const { uptimeSeconds } = event;
  const fresh = { ...track, uptimeSeconds, lastHeartbeatMs: undefined, identified: false };
  const host = { row: started, track: fresh };
  return { hostId: step.hostId, host, workloads: { kind: "gone" }, needsRead: true };
}

/** Everything on the host is gone; the host itself stays, as stopped (wasmcloud-control §4.5, trap 21). */
function foldStopped(
  { row, track }: HostEntry,
  event: EventOf<"host_stopped">,
  now: number,
): HostStep | undefined {
  if (row.status === "stopped") return undefined;
  const { problem: _problem, ...rest } = row;
  const stopped: HostRow = { ...rest, status: "stopped", statusSince: isoTime(now) };
  const ended = { ...afterEvent(track, event.timeMs, now), stoppedMs: now, lastHeartbeatMs: undefined };
  const host = { row: stopped, track: ended };
  return { hostId: event.source, host, workloads: { kind: "gone" }, needsRead: false };
}

/** The host's start by the console's clock, kept as long as it only wavers. */
function startedAt(row: HostRow, uptimeSeconds: number | undefined, now: number): string | undefined {
  if (uptimeSeconds === undefined) return row.startedAt;
  const startMs = now - uptimeSeconds * 1_000;
  const isSame = row.startedAt && Math.abs(Date.parse(row.startedAt) - startMs) < uptimeSlackMs;
  return isSame ? row.startedAt : isoTime(startMs);
}
