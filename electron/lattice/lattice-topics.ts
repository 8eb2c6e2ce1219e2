import type { TopicAddress, TopicSource, TopicSources } from "../../shared/contract/index.ts";
import { Failure } from "../../shared/contract/index.ts";
import { latticeTopics } from "../../shared/lattice/topics.ts";
import type { LatticeSession } from "./lattice-session.ts";
import type { LatticeSessions } from "./lattice-sessions.ts";
import type { LatticeChanges, RowChanges } from "./live-inventory.ts";

interface Kind<Row> {
  key: (row: Row) => string;
  rows: (session: LatticeSession) => Row[];
  follow: (session: LatticeSession, tell: (changes: RowChanges<Row>) => void) => () => void;
}

type OnChange<Row> = (upsert: readonly Row[], remove: readonly string[]) => void;

/** Where the rows of the lattice topics come from; following a lattice that is only seen begins to follow it. */
export function latticeTopicSources(sessions: LatticeSessions): TopicSources<typeof latticeTopics> {
  return {
    "lattice.lattices": {
      snapshot: ({ connectionId = "" }) => sessions.lattices(connectionId),
      follow: (address, onChange) =>
        sessions.onLattices(({ connectionId, upsert, remove }) => {
          if (connectionId === address.connectionId) onChange(upsert, remove);
        }),
    },
    "lattice.hosts": source(sessions, {
      key: latticeTopics["lattice.hosts"].key,
      rows: (session) => session.hosts(),
      follow: inventoryChanges(({ hosts }) => hosts),
    }),
    "lattice.components": source(sessions, {
      key: latticeTopics["lattice.components"].key,
      rows: (session) => session.components(),
      follow: inventoryChanges(({ components }) => components),
    }),
    "lattice.providers": source(sessions, {
      key: latticeTopics["lattice.providers"].key,
      rows: (session) => session.providers(),
      follow: inventoryChanges(({ providers }) => providers),
    }),
    "lattice.links": source(sessions, {
      key: latticeTopics["lattice.links"].key,
      rows: (session) => session.links(),
      follow: inventoryChanges(({ links }) => links),
    }),
    "lattice.auctions": source(sessions, {
      key: latticeTopics["lattice.auctions"].key,
      rows: ({ auctions }) => auctions.rows(),
      follow: ({ auctions }, tell) => auctions.onChange(tell),
    }),
  };
}

/** Follows one kind of row of the inventory. */
function inventoryChanges<Row>(pick: (changes: LatticeChanges) => RowChanges<Row> | undefined) {
  return (session: LatticeSession, tell: (changes: RowChanges<Row>) => void): (() => void) =>
    session.onChange((changes) => {
      const own = pick(changes);
      if (own) tell(own);
    });
}

function source<Row>(sessions: LatticeSessions, kind: Kind<Row>): TopicSource<Row> {
  return {
    snapshot: (address) => {
      const session = open(sessions, address);
      return session ? kind.rows(session) : [];
    },
    follow: (address, onChange) => new Follower(sessions, kind, { address, onChange }).start(),
  };
}

/** The session, begun if need be; none while the connection is not open or the lattice not known. */
function open(
  sessions: LatticeSessions,
  { connectionId = "", lattice }: TopicAddress,
): LatticeSession | undefined {
  try {
    return sessions.get(connectionId, lattice);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** Follows one topic over the ends and beginnings of its session. */
class Follower<Row> {
  readonly #sessions: LatticeSessions;
  readonly #kind: Kind<Row>;
  readonly #address: TopicAddress;
  readonly #onChange: OnChange<Row>;
  #session: LatticeSession | undefined;
  #leave: () => void = () => undefined;

  constructor(
    sessions: LatticeSessions,
    kind: Kind<Row>,
    { address, onChange }: { address: TopicAddress; onChange: OnChange<Row> },
  ) {
    this.#sessions = sessions;
    this.#kind = kind;
    this.#address = address;
    this.#onChange = onChange;
  }

  start(): () => void {
    this.#join(open(this.#sessions, this.#address));
    const end = this.#sessions.onSession(({ connectionId, session }) => {
      if (connectionId !== this.#address.connectionId) return;
      if (session ? this.#session === undefined : !this.#isOpen()) this.#move();
    });
    return () => {
      end();
      this.#leave();
    };
  }

  #isOpen(): boolean {
    const { connectionId = "", lattice } = this.#address;
    return this.#sessions.find(connectionId, lattice) !== undefined;
  }

  #move(): void {
    const before = this.#session;
    this.#leave();
    if (before) this.#onChange([], this.#kind.rows(before).map(this.#kind.key));
    const session = open(this.#sessions, this.#address);
    this.#join(session);
    if (session) this.#onChange(this.#kind.rows(session), []);
  }

  #join(session: LatticeSession | undefined): void {
    this.#session = session;
    this.#leave = session
      ? this.#kind.follow(session, ({ upsert, remove }) => this.#onChange(upsert, remove))
      : () => undefined;
  }
}
