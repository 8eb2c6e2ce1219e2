import { type ConnectionOptions, connect, type NatsConnection } from "nats";
import { latticeProfileSchema, type ProfileOf } from "../../../shared/connections/schema.ts";
import type { EventRow } from "../../../shared/events/schema.ts";
import { NatsLink } from "../../connections/nats-link.ts";
import { Scope } from "../../connections/scope.ts";
import { systemClock } from "../../upstream/clock.ts";
import type { EventSink, NewEvent } from "../events/event-recorder.ts";
import { ConnectedLattices } from "../session/connected-lattices.ts";
import type { LatticeSession } from "../session/lattice-session.ts";

/** A log that keeps everything in memory. */
export class MemoryLog implements EventSink {
  readonly events: (NewEvent & { sequence: number })[] = [];

  append(events: readonly NewEvent[]): EventRow[] {
    const rows = events.map((event) => ({ ...event, sequence: this.events.length + 1 }));
    for (const row of rows) this.events.push({ ...row, sequence: this.events.length + 1 });
    return rows.map(({ subject: _subject, raw: _raw, ...row }) => row);
  }
}

/** What one test needs of the console: a connection of its own and the sessions on it. */
export interface ConsoleSide {
  nats: NatsConnection;
  profile: ProfileOf<"lattice">;
  lattices: ConnectedLattices;
  session: LatticeSession;
  log: MemoryLog;
  errors: unknown[];
  close(): Promise<void>;
}

export interface ConsoleSettings {
  heartbeatSeconds?: number;
  requestTimeoutMs?: number;
  lattice?: string;
  connection?: ConnectionOptions;
  /** A connection that stands already, in the place of one of its own. */
  nats?: NatsConnection;
  /** Runs when the connection stands, before anything is followed on it. */
  onConnected?: () => void;
}

/** Connects to a server and follows its lattice. */
export async function openConsoleSide(url: string, settings: ConsoleSettings = {}): Promise<ConsoleSide> {
  const { connection, onConnected, nats: given, ...target } = settings;
  const own = { servers: url, reconnectTimeWait: 50, maxReconnectAttempts: -1, ...connection };
  const nats = given ?? (await connect(own));
  onConnected?.();
  const profile = latticeProfileSchema.parse({
    id: "c1",
    name: "test",
    color: "#4dabf7",
    environment: "DEV",
    system: "lattice",
    target: { addresses: [url], requestTimeoutMs: 5_000, auctionTimeoutMs: 1_000, ...target },
  });
  const log = new MemoryLog();
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const scope = new Scope(onError);
  scope.onEnd(() => nats.close());
  const link = new NatsLink(nats, profile, scope);
  const lattices = new ConnectedLattices({ link, scope, sink: log, clock: systemClock, onError });
  return {
    nats,
    profile,
    lattices,
    session: lattices.lattice(),
    log,
    errors,
    close: () => scope.end(),
  };
}
