import type { TopicSource, TopicSources } from "../../../shared/contract/index.ts";
import { Failure } from "../../../shared/contract/index.ts";
import { latticeTopics } from "../../../shared/lattice/topics.ts";
import type { ConnectionManager } from "../../connections/manager.ts";
import { sessionTopic } from "../../connections/session-topic.ts";
import type { LatticeChanges, RowChanges } from "../inventory/live-inventory.ts";
import type { LatticeSystem } from "../system.ts";
import type { ConnectedLattices } from "./connected-lattices.ts";
import type { LatticeSession } from "./lattice-session.ts";

interface Kind<Row> {
  key: (row: Row) => string;
  rows: (session: LatticeSession) => Row[];
  onChange: (session: LatticeSession, listener: (changes: RowChanges<Row>) => void) => () => void;
}

type Connections = Pick<ConnectionManager, "findSession" | "follow">;

/** Where the rows of the lattice topics come from; following a lattice that is only seen begins to follow it. */
export function latticeTopicSources(
  connections: Connections,
  system: LatticeSystem,
): TopicSources<typeof latticeTopics> {
  const source = <Row>(kind: Kind<Row>): TopicSource<Row> => latticeSource(connections, system, kind);
  return {
    "lattice.lattices": sessionTopic({
      find: ({ connectionId = "" }) => connections.findSession(connectionId, system),
      follow: ({ connectionId = "" }, use) => connections.follow(connectionId, system, use),
      rows: (lattices) => lattices.rows(),
      key: latticeTopics["lattice.lattices"].key,
      onChange: (lattices, listener) => lattices.onRows(({ upsert, remove }) => listener(upsert, remove)),
    }),
    "lattice.hosts": source({
      key: latticeTopics["lattice.hosts"].key,
      rows: (session) => session.hosts(),
      onChange: inventoryChanges(({ hosts }) => hosts),
    }),
    "lattice.components": source({
      key: latticeTopics["lattice.components"].key,
      rows: (session) => session.components(),
      onChange: inventoryChanges(({ components }) => components),
    }),
    "lattice.providers": source({
      key: latticeTopics["lattice.providers"].key,
      rows: (session) => session.providers(),
      onChange: inventoryChanges(({ providers }) => providers),
    }),
    "lattice.links": source({
      key: latticeTopics["lattice.links"].key,
      rows: (session) => session.links(),
      onChange: inventoryChanges(({ links }) => links),
    }),
    "lattice.auctions": source({
      key: latticeTopics["lattice.auctions"].key,
      rows: ({ auctions }) => auctions.rows(),
      onChange: ({ auctions }, listener) => auctions.onChange(listener),
    }),
  };
}

/** One kind of row of the inventory. */
function inventoryChanges<Row>(pick: (changes: LatticeChanges) => RowChanges<Row> | undefined) {
  return (session: LatticeSession, listener: (changes: RowChanges<Row>) => void): (() => void) =>
    session.onChange((changes) => {
      const own = pick(changes);
      if (own) listener(own);
    });
}

function latticeSource<Row>(
  connections: Connections,
  system: LatticeSystem,
  kind: Kind<Row>,
): TopicSource<Row> {
  return sessionTopic<LatticeSession, Row>({
    find: ({ connectionId = "", lattice }) => {
      const lattices = connections.findSession(connectionId, system);
      return lattices && openLattice(lattices, lattice);
    },
    follow: ({ connectionId = "", lattice }, use) =>
      connections.follow(connectionId, system, (lattices, scope) => {
        const session = openLattice(lattices, lattice);
        if (session) {
          use(session, scope);
          return;
        }
        // It is not known yet: whoever begins to follow it by its name makes it so.
        const stopWaiting = lattices.onSession((begun) => {
          if (begun.lattice !== lattice) return;
          stopWaiting();
          use(begun, scope);
        });
        scope.onEnd(stopWaiting);
      }),
    rows: kind.rows,
    key: kind.key,
    onChange: (session, listener) => kind.onChange(session, ({ upsert, remove }) => listener(upsert, remove)),
  });
}

/** The session, begun if need be; none where the lattice is not known. */
function openLattice(lattices: ConnectedLattices, name: string | undefined): LatticeSession | undefined {
  try {
    return lattices.lattice(name);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
