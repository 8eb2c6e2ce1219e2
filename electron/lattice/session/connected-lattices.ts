import { latticeNameSchema } from "../../../shared/connections/schema.ts";
import { type Clock, Failure } from "../../../shared/contract/index.ts";
import type { EventRow } from "../../../shared/events/schema.ts";
import type { LatticeRow } from "../../../shared/lattice/schema.ts";
import type { NatsLink } from "../../connections/nats-link.ts";
import type { Scope } from "../../connections/scope.ts";
import type { LinkEvent, SystemSession } from "../../connections/system-module.ts";
import { Emitter } from "../../upstream/emitter.ts";
import { ControlClient } from "../client/control-client.ts";
import { controlReader } from "../client/lattice-reader.ts";
import { EventFeed } from "../events/event-feed.ts";
import type { EventSink } from "../events/event-recorder.ts";
import type { RowChanges } from "../inventory/live-inventory.ts";
import { DiscoveredLattices } from "./discovered-lattices.ts";
import { LatticeSession } from "./lattice-session.ts";

export interface ConnectedLatticesParts {
  link: NatsLink;
  scope: Scope;
  sink: EventSink;
  clock: Clock;
  /** Receives exceptions in listeners and in the sink. */
  onError(error: unknown): void;
}

/** Events of one lattice that went into the log. */
export interface EventRowsChange {
  lattice: string;
  rows: readonly EventRow[];
}

/** The lattices of one open connection: the profile's own is followed at once, others when somebody asks for them. */
export class ConnectedLattices implements SystemSession {
  readonly #parts: ConnectedLatticesParts;
  readonly #feed: EventFeed;
  readonly #discovered: DiscoveredLattices;
  readonly #sessions = new Map<string, LatticeSession>();
  readonly #since: number;
  readonly #sessionListeners: Emitter<[LatticeSession]>;
  readonly #rowListeners: Emitter<[RowChanges<LatticeRow>]>;
  readonly #eventListeners: Emitter<[EventRowsChange]>;

  constructor(parts: ConnectedLatticesParts) {
    const { link, scope, onError } = parts;
    const clock = scope.clock(parts.clock);
    this.#parts = { ...parts, clock };
    this.#since = clock.now();
    this.#sessionListeners = new Emitter(onError);
    this.#rowListeners = new Emitter(onError);
    this.#eventListeners = new Emitter(onError);
    this.#discovered = new DiscoveredLattices({
      clock,
      onRow: (row) => this.#rowListeners.emit({ upsert: [row], remove: [] }),
    });
    this.#feed = new EventFeed({
      nats: link.nats,
      eventPrefix: link.profile.target.eventPrefix,
      onUnfollowed: (lattice) => this.#discovered.note(lattice),
    });
    scope.onEnd(() => this.#feed.close());
    scope.onEnd(link.onLink((event) => this.#onLink(event)));
    this.#begin(link.profile.target.lattice);
  }

  get server(): string {
    return this.#parts.link.server;
  }

  check(): Promise<number | undefined> {
    return this.#parts.link.check();
  }

  onLink(listener: (event: LinkEvent) => void): () => void {
    return this.#parts.link.onLink(listener);
  }

  /**
   * The session of a lattice, the profile's own when none is named; one that is only seen begins to be followed.
   * Throws `not_found` when there is no such lattice.
   */
  lattice(name?: string): LatticeSession {
    const wanted = name ?? this.#parts.link.profile.target.lattice;
    return this.#sessions.get(wanted) ?? this.#begin(this.#checked(wanted));
  }

  /** The session if the lattice is followed already. */
  find(name?: string): LatticeSession | undefined {
    return this.#sessions.get(name ?? this.#parts.link.profile.target.lattice);
  }

  /** Every lattice seen on the connection, by name. */
  rows(): LatticeRow[] {
    const followed = [...this.#sessions.values()].map((session) => session.row());
    const seen = this.#discovered.rows().filter(({ lattice }) => !this.#sessions.has(lattice));
    return [...followed, ...seen].sort((a, b) => (a.lattice < b.lattice ? -1 : 1));
  }

  /** Calls back with each lattice that is followed, now and when it begins to be. */
  onEachSession(listener: (session: LatticeSession) => void): () => void {
    for (const session of this.#sessions.values()) listener(session);
    return this.onSession(listener);
  }

  /** Calls back when one more lattice begins to be followed. */
  onSession(listener: (session: LatticeSession) => void): () => void {
    return this.#sessionListeners.on(listener);
  }

  /** Calls back with changed rows of the lattices. */
  onRows(listener: (changes: RowChanges<LatticeRow>) => void): () => void {
    return this.#rowListeners.on(listener);
  }

  /** Calls back with each batch of events that went into the log. */
  onEventRows(listener: (change: EventRowsChange) => void): () => void {
    return this.#eventListeners.on(listener);
  }

  /** A name that was not seen is refused once every host must have been heard of. */
  #checked(lattice: string): string {
    const { link, clock } = this.#parts;
    const { heartbeatSeconds, lattice: own } = link.profile.target;
    const heardAll = this.#feed.discovers && clock.now() - this.#since > 2_000 * heartbeatSeconds;
    const legal = latticeNameSchema.safeParse(lattice).success;
    if (legal && (lattice === own || this.#discovered.has(lattice) || !heardAll)) return lattice;
    throw new Failure({
      code: "not_found",
      message: `No lattice named ${lattice.slice(0, 100)} was seen on this connection.`,
      details: { connectionId: link.profile.id, lattice },
      hint: "Look at the list of lattices. A lattice is seen when one of its hosts publishes an event.",
    });
  }

  #begin(lattice: string): LatticeSession {
    const { link, scope, sink, clock, onError } = this.#parts;
    const { target, id: connectionId } = link.profile;
    const client = new ControlClient(link.nats, {
      lattice,
      topicPrefix: target.topicPrefix,
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
      feed: this.#feed,
      sink,
      scope,
      clock,
      onError,
    });
    this.#sessions.set(lattice, session);
    session.onRow((row) => this.#rowListeners.emit({ upsert: [row], remove: [] }));
    session.onEventRows((rows) => this.#eventListeners.emit({ lattice, rows }));
    void session.start();
    this.#sessionListeners.emit(session);
    this.#rowListeners.emit({ upsert: [session.row()], remove: [] });
    return session;
  }

  #onLink({ kind }: LinkEvent): void {
    for (const session of this.#sessions.values()) {
      try {
        if (kind === "lost") session.connectionLost();
        if (kind === "back") session.connectionBack();
      } catch (error) {
        this.#parts.onError(error);
      }
    }
  }
}
