import type { BeatingName } from "./host-twins.ts";

/** What is remembered of one host beside its row, mostly about time. Never changed in place; all tracks have one shape. */
export interface HostTrack {
  /** Last sign of life, by the console's clock. */
  readonly lastSeenMs: number;
  /** Heartbeat period in use. */
  readonly periodMs: number;
  /** The last few gaps between heartbeats. */
  readonly gapsMs: readonly number[];
  readonly lastHeartbeatMs: number | undefined;
  /** Newest event time, by the host's clock. */
  readonly newestEventMs: number | undefined;
  /** Events from before this, by the host's clock, are part of the inventory already. */
  readonly horizonMs: number | undefined;
  /** When the horizon was set, by the console's clock. */
  readonly horizonSetMs: number | undefined;
  /** When the newest reply that is shown was asked for, by the console's clock. */
  readonly askedMs: number | undefined;
  /** Smallest difference seen between arrival and event time: clock difference plus the shortest travel time. */
  readonly lagMs: number | undefined;
  readonly uptimeSeconds: number | undefined;
  /** Start of the process whose inventory is shown. */
  readonly inventoryOf: string | undefined;
  /** The connection was lost since its inventory was read: something may have happened that no event told. */
  readonly missedEvents: boolean;
  /** Last event about a workload, by the host's clock. */
  readonly lastWorkloadMs: number | undefined;
  /** Arrival of its `host_stopped`. */
  readonly stoppedMs: number | undefined;
  /** It answered a request: more than an event says that it exists. */
  readonly answered: boolean;
  /** It answered a ping since it started: its addresses and its JetStream domain are known. */
  readonly identified: boolean;
  /** Under which names it beat lately. */
  readonly names: readonly BeatingName[];
  /** Two processes that beat under its id, by their names. */
  readonly twins: readonly string[] | undefined;
}

const shortestGapMs = 50;
const longestGapMs = 3_600_000;
const gapsKept = 5;

/** The track of a host that nothing is known of yet. */
export function newTrack(periodMs: number): HostTrack {
  return {
    lastSeenMs: 0,
    periodMs,
    gapsMs: [],
    lastHeartbeatMs: undefined,
    newestEventMs: undefined,
    horizonMs: undefined,
    horizonSetMs: undefined,
    askedMs: undefined,
    lagMs: undefined,
    uptimeSeconds: undefined,
    inventoryOf: undefined,
    missedEvents: false,
    lastWorkloadMs: undefined,
    stoppedMs: undefined,
    answered: false,
    identified: false,
    names: [],
    twins: undefined,
  };
}

/**
 * Whether an event is older than the inventory that is shown. The horizon loses its force after two periods without a
 * new one, so that a host whose clock was set back is not ignored for long.
 */
export function isOlder(track: HostTrack, timeMs: number | undefined, now: number): boolean {
  if (timeMs === undefined || track.horizonMs === undefined) return false;
  if (now >= (track.horizonSetMs ?? 0) + 2 * track.periodMs) return false;
  return timeMs < track.horizonMs;
}

/** Whether an uptime is that of another process under the same id: it runs for less long than was known. */
export function hasRestarted(track: HostTrack, uptimeSeconds: number | undefined): boolean {
  return uptimeSeconds !== undefined && uptimeSeconds + 2 < (track.uptimeSeconds ?? 0);
}

/** Whether an event proves that the host lives: one that was seen before, or came late, does not. */
export function isSignOfLife(track: HostTrack, timeMs: number | undefined): boolean {
  return timeMs === undefined || track.newestEventMs === undefined || timeMs > track.newestEventMs;
}

/** The track after an event that proves life. */
export function afterEvent(track: HostTrack, timeMs: number | undefined, now: number): HostTrack {
  const lagMs = timeMs === undefined ? track.lagMs : Math.min(track.lagMs ?? Infinity, now - timeMs);
  const newestEventMs = timeMs ?? track.newestEventMs;
  return { ...track, lastSeenMs: now, newestEventMs, lagMs, stoppedMs: undefined };
}

/** The track after a heartbeat: its period is the median of the last gaps (wasmcloud-control §4.4: nobody announces it). */
export function afterHeartbeat(
  track: HostTrack,
  beat: { timeMs?: number; uptimeSeconds: number | undefined },
  now: number,
): HostTrack {
  const at = beat.timeMs ?? now;
  const setBack = beat.timeMs !== undefined && beat.timeMs < (track.newestEventMs ?? beat.timeMs);
  const gap = track.lastHeartbeatMs === undefined ? Number.NaN : at - track.lastHeartbeatMs;
  const counts = gap >= shortestGapMs && gap <= longestGapMs;
  const gapsMs = counts ? [...track.gapsMs, gap].slice(-gapsKept) : track.gapsMs;
  return {
    ...track,
    gapsMs,
    periodMs: counts ? median(gapsMs) : track.periodMs,
    lastHeartbeatMs: at,
    horizonMs: beat.timeMs ?? track.horizonMs,
    horizonSetMs: now,
    uptimeSeconds: beat.uptimeSeconds ?? track.uptimeSeconds,
    identified: track.identified && !hasRestarted(track, beat.uptimeSeconds),
    ...(setBack ? { newestEventMs: at, lagMs: now - at } : {}),
    stoppedMs: undefined,
  };
}

/** The track after an inventory reply to a question asked at `askedAt`, by the console's clock. */
export function afterReply(
  track: HostTrack,
  reply: { askedAt: number; uptimeSeconds: number | undefined },
  now: number,
): HostTrack {
  const { lagMs, horizonMs } = track;
  // The smallest lag is never below the true clock difference, so this moment is not after the question.
  const asked = lagMs === undefined ? undefined : reply.askedAt - lagMs;
  const moves = asked !== undefined && asked >= (horizonMs ?? asked);
  return {
    ...track,
    lastSeenMs: now,
    uptimeSeconds: reply.uptimeSeconds ?? track.uptimeSeconds,
    identified: track.identified && !hasRestarted(track, reply.uptimeSeconds),
    askedMs: reply.askedAt,
    answered: true,
    ...(moves ? { horizonMs: asked, horizonSetMs: now } : {}),
    stoppedMs: undefined,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
