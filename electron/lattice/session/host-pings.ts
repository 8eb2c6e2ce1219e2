import type { Clock } from "../../../shared/contract/index.ts";
import type { HostEntry, Hosts } from "../inventory/hosts.ts";

export interface HostPingsOptions {
  clock: Clock;
  hosts: Hosts;
  /** Pings the whole lattice. */
  ping: () => Promise<void>;
}

/** A host that has just started needs a moment. */
const startMs = 500;
/** In the place of an id while no host is known: hosts may come to a server later than the console. */
const anybody = "";
/** One that never answers, because it is on another topic prefix, is left in peace. */
const pausesMs = [5_000, 30_000];
const longestPauseMs = 300_000;
/** A busy host sends no heartbeats and still answers a ping (wasmcloud-control §5.13): it is asked before it is called silent. */
const silentPeriods = 1.5;

/**
 * Pings again for hosts of which an answer is missing: only that tells their addresses and their JetStream domain
 * (wasmcloud-control §2.1), and that a host without heartbeats is busy and not gone.
 */
export class HostPings {
  readonly #options: HostPingsOptions;
  readonly #due = new Map<string, { atMs: number; tries: number }>();
  #pinging: Promise<void> | undefined;

  constructor(options: HostPingsOptions) {
    this.#options = options;
  }

  /** Looks whose answer is missing and is due; called again and again. */
  tick(): void {
    const { clock, hosts } = this.#options;
    const now = clock.now();
    const missing = new Map<string, number>();
    if (hosts.entries.size === 0) missing.set(anybody, startMs);
    for (const [hostId, entry] of hosts.entries)
      if (isMissing(entry, now)) missing.set(hostId, entry.track.identified ? 0 : startMs);
    for (const hostId of this.#due.keys()) if (!missing.has(hostId)) this.#due.delete(hostId);
    let isDue = false;
    for (const [hostId, pauseMs] of missing) {
      const due = this.#due.get(hostId) ?? { atMs: now + pauseMs, tries: 0 };
      this.#due.set(hostId, due);
      isDue ||= due.atMs <= now;
    }
    if (isDue) void this.now();
  }

  /** Pings, or waits for the ping under way. Never rejects. */
  now(): Promise<void> {
    this.#pinging ??= this.#ping().finally(() => {
      this.#pinging = undefined;
    });
    return this.#pinging;
  }

  async #ping(): Promise<void> {
    const now = this.#options.clock.now();
    for (const due of this.#due.values()) {
      if (due.atMs > now) continue;
      due.atMs = now + (pausesMs[due.tries] ?? longestPauseMs);
      due.tries += 1;
    }
    // Who does not answer is asked again later; the connection itself notices what else is wrong.
    await this.#options.ping().catch(() => undefined);
  }
}

function isMissing({ row, track }: HostEntry, now: number): boolean {
  if (row.status === "stopped" || row.status === "lost") return false;
  return !track.identified || now - track.lastSeenMs > silentPeriods * track.periodMs;
}
