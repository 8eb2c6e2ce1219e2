import { latticeNameSchema } from "../../../shared/connections/schema.ts";
import type { Clock } from "../../../shared/contract/index.ts";
import type { LatticeRow } from "../../../shared/lattice/schema.ts";
import { EventRate } from "../events/event-rate.ts";
import { isoTime } from "../inventory/rows.ts";

export interface DiscoveredLatticesOptions {
  clock: Clock;
  onRow: (row: LatticeRow) => void;
}

interface Seen {
  since: string;
  total: number;
  lastMs: number;
  rate: EventRate;
  announced: number;
}

/** More names than this are not remembered. */
const mostLattices = 256;
const announceMs = 1_000;

/** Lattices that nobody follows: their names, and how much goes on there; their events are not read. */
export class DiscoveredLattices {
  readonly #options: DiscoveredLatticesOptions;
  readonly #seen = new Map<string, Seen>();
  readonly #stop: () => void;

  constructor(options: DiscoveredLatticesOptions) {
    this.#options = options;
    this.#stop = options.clock.every(announceMs, () => this.#announce());
  }

  /** Counts one event of a lattice. */
  note(lattice: string): void {
    const now = this.#options.clock.now();
    const seen = this.#seen.get(lattice) ?? this.#discover(lattice, now);
    if (!seen) return;
    seen.total += 1;
    seen.lastMs = now;
    seen.rate.add(1, now);
    if (seen.announced === 0) this.#tell(lattice, seen);
  }

  has(lattice: string): boolean {
    return this.#seen.has(lattice);
  }

  rows(): LatticeRow[] {
    return [...this.#seen].map(([lattice, seen]) => this.#row(lattice, seen));
  }

  close(): void {
    this.#stop();
  }

  #discover(lattice: string, now: number): Seen | undefined {
    if (this.#seen.size >= mostLattices || !latticeNameSchema.safeParse(lattice).success) return undefined;
    const seen = { since: isoTime(now), total: 0, lastMs: now, rate: new EventRate(), announced: 0 };
    this.#seen.set(lattice, seen);
    return seen;
  }

  #announce(): void {
    for (const [lattice, seen] of this.#seen) {
      if (seen.total !== seen.announced) this.#tell(lattice, seen);
    }
  }

  #tell(lattice: string, seen: Seen): void {
    seen.announced = seen.total;
    this.#options.onRow(this.#row(lattice, seen));
  }

  #row(lattice: string, seen: Seen): LatticeRow {
    return {
      lattice,
      followed: false,
      phase: "seen",
      phaseSince: seen.since,
      hosts: { live: 0, stale: 0, lost: 0, stopped: 0 },
      componentIds: 0,
      components: 0,
      providers: 0,
      unhealthyProviders: 0,
      silentProviders: 0,
      links: 0,
      eventsTotal: seen.total,
      eventsPerSecond: seen.rate.perSecond(this.#options.clock.now()),
      malformedEvents: 0,
      unknownEvents: 0,
      silentHosts: [],
      lastEventAt: isoTime(seen.lastMs),
    };
  }
}
