import { Events, type NatsConnection } from "nats";
import { latticeNameSchema, type ProfileOf } from "../../shared/connections/schema.ts";
import { type Clock, Failure } from "../../shared/contract/index.ts";
import type { EventRow } from "../../shared/events/schema.ts";
import type { LatticeRow } from "../../shared/lattice/schema.ts";
import { systemClock } from "../clock.ts";
import { ControlClient } from "./control-client.ts";
import { EventFeed } from "./event-feed.ts";
import type { EventSink } from "./event-ledger.ts";
import { ForeignLattices } from "./foreign-lattices.ts";
import { controlReader } from "./lattice-reader.ts";
import { LatticeSession } from "./lattice-session.ts";
import { Listeners } from "./listeners.ts";

export interface LatticeSessionsOptions {
  sink: EventSink;
  clock?: Clock;
  /** Hears of exceptions in listeners and in the sink. */
  onError?: (error: unknown) => void;
}

/** A session that began or ended to follow its lattice. */
export interface SessionChange {
  connectionId: string;
  lattice: string;
  /** Absent: it ended. */
  session?: LatticeSession;
}

interface Attached {
  profile: ProfileOf<"lattice">;
  nats: NatsConnection;
  feed: EventFeed;
  foreign: ForeignLattices;
  sessions: Map<string, LatticeSession>;
  since: number;
  release: () => void;
}

export interface EventRowsChange {
  connectionId: string;
  lattice: string;
  rows: readonly EventRow[];
}

/** One row of the topic `lattice.lattices` of a connection, or the key of one that went. */
export interface LatticesChange {
  connectionId: string;
  upsert: readonly LatticeRow[];
  remove: readonly string[];
}

/** Follows the lattices of all open connections: each profile's own at once, others when somebody asks for them. */
export class LatticeSessions {
  readonly #sink: EventSink;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #connections = new Map<string, Attached>();
  readonly #sessionListeners: Listeners<SessionChange>;
  readonly #latticeListeners: Listeners<LatticesChange>;
  readonly #eventListeners: Listeners<EventRowsChange>;

  constructor({ sink, clock = systemClock, onError = () => undefined }: LatticeSessionsOptions) {
    this.#sink = sink;
    this.#clock = clock;
    this.#onError = onError;
    this.#sessionListeners = new Listeners(onError);
    this.#latticeListeners = new Listeners(onError);
    this.#eventListeners = new Listeners(onError);
  }

  /** Follows the profile's lattice on an open connection, which stays the caller's to close. */
  attach(profile: ProfileOf<"lattice">, nats: NatsConnection): LatticeSession {
    this.detach(profile.id);
    const foreign = new ForeignLattices({
      clock: this.#clock,
      onRow: (row) => this.#latticeListeners.tell({ connectionId: profile.id, upsert: [row], remove: [] }),
    });
    const feed = new EventFeed({
      nats,
      eventPrefix: profile.target.eventPrefix,
      onForeign: (lattice) => foreign.note(lattice),
    });
    const attached: Attached = {
      profile,
      nats,
      feed,
      foreign,
      sessions: new Map(),
      since: this.#clock.now(),
      release: () => undefined,
    };
    attached.release = this.#watch(attached);
    this.#connections.set(profile.id, attached);
    return this.#follow(attached, profile.target.lattice);
  }

  /** Ends following everything on a connection. */
  detach(connectionId: string): void {
    const attached = this.#connections.get(connectionId);
    if (!attached) return;
    const rows = this.lattices(connectionId);
    this.#connections.delete(connectionId);
    attached.release();
    for (const session of attached.sessions.values()) session.close();
    attached.foreign.close();
    attached.feed.close();
    for (const lattice of attached.sessions.keys()) this.#sessionListeners.tell({ connectionId, lattice });
    const remove = rows.map(({ lattice }) => lattice);
    this.#latticeListeners.tell({ connectionId, upsert: [], remove });
  }

  close(): void {
    for (const connectionId of [...this.#connections.keys()]) this.detach(connectionId);
  }

  /**
   * The session of a lattice, the profile's own when none is named; one that is only seen begins to be followed.
   * Throws `unreachable` when the connection is not open, `not_found` when there is no such lattice.
   */
  get(connectionId: string, lattice?: string): LatticeSession {
    const attached = this.#connections.get(connectionId);
    if (!attached) {
      throw new Failure({
        code: "unreachable",
        message: `The connection ${connectionId} is not open.`,
        details: { connectionId },
        hint: "Open the connection and try again.",
      });
    }
    const name = lattice ?? attached.profile.target.lattice;
    return attached.sessions.get(name) ?? this.#follow(attached, this.#checked(attached, name));
  }

  /** The session if the lattice is followed already. */
  find(connectionId: string, lattice?: string): LatticeSession | undefined {
    const attached = this.#connections.get(connectionId);
    return attached?.sessions.get(lattice ?? attached.profile.target.lattice);
  }

  /** Every lattice seen on a connection, by name; empty when it is not open. */
  lattices(connectionId: string): LatticeRow[] {
    const attached = this.#connections.get(connectionId);
    if (!attached) return [];
    const followed = [...attached.sessions.values()].map((session) => session.row());
    const seen = attached.foreign.rows().filter(({ lattice }) => !attached.sessions.has(lattice));
    return [...followed, ...seen].sort((a, b) => (a.lattice < b.lattice ? -1 : 1));
  }

  /** Calls back when a session begins or ends. */
  onSession(listener: (change: SessionChange) => void): () => void {
    return this.#sessionListeners.add(listener);
  }

  /** Calls back with changed rows of the topic `lattice.lattices`. */
  onLattices(listener: (change: LatticesChange) => void): () => void {
    return this.#latticeListeners.add(listener);
  }

  /** Calls back with each batch of events that went into the log. */
  onEventRows(
    listener: (connectionId: string, lattice: string, rows: readonly EventRow[]) => void,
  ): () => void {
    return this.#eventListeners.add(({ connectionId, lattice, rows }) =>
      listener(connectionId, lattice, rows),
    );
  }

  /** A name that was not seen is refused once every host must have been heard of. */
  #checked({ profile, feed, foreign, since }: Attached, lattice: string): string {
    const { heartbeatSeconds, lattice: own } = profile.target;
    const heardAll = feed.discovers && this.#clock.now() - since > 2_000 * heartbeatSeconds;
    const legal = latticeNameSchema.safeParse(lattice).success;
    if (legal && (lattice === own || foreign.has(lattice) || !heardAll)) return lattice;
    throw new Failure({
      code: "not_found",
      message: `No lattice named ${lattice.slice(0, 100)} was seen on this connection.`,
      details: { connectionId: profile.id, lattice },
      hint: "Look at the list of lattices. A lattice is seen when one of its hosts publishes an event.",
    });
  }

  #follow(attached: Attached, lattice: string): LatticeSession {
    const { profile, nats, feed, sessions } = attached;
    const { target, id: connectionId } = profile;
    const client = new ControlClient(nats, {
      lattice,
      topicPrefix: target.topicPrefix,
      eventPrefix: target.eventPrefix,
      timeoutMs: target.requestTimeoutMs,
      auctionTimeoutMs: target.auctionTimeoutMs,
      inboxPrefix: target.inboxPrefix,
    });
    const session = new LatticeSession({
      connectionId,
      lattice,
      eventPrefix: target.eventPrefix,
      heartbeatSeconds: target.heartbeatSeconds,
      client,
      reader: controlReader(client),
      feed,
      sink: this.#sink,
      clock: this.#clock,
      onError: this.#onError,
    });
    sessions.set(lattice, session);
    session.onRow((row) => this.#latticeListeners.tell({ connectionId, upsert: [row], remove: [] }));
    session.onEventRows((rows) => this.#eventListeners.tell({ connectionId, lattice, rows }));
    void session.start();
    this.#sessionListeners.tell({ connectionId, lattice, session });
    this.#latticeListeners.tell({ connectionId, upsert: [session.row()], remove: [] });
    return session;
  }

  #contained(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Tells the sessions when the connection is lost and back, until released. */
  #watch({ nats, sessions }: Attached): () => void {
    let released = false;
    const follow = async (): Promise<void> => {
      for await (const status of nats.status()) {
        if (released) return;
        for (const session of sessions.values()) this.#contained(() => tellStatus(session, status.type));
      }
    };
    follow().catch(this.#onError);
    return () => {
      released = true;
    };
  }
}

function tellStatus(session: LatticeSession, type: string): void {
  if (type === Events.Disconnect) session.connectionLost();
  if (type === Events.Reconnect) session.connectionBack();
}
