import type { Handlers } from "../../shared/contract/index.ts";
import type { latticeOperations } from "../../shared/lattice/operations.ts";
import type { LatticeSession } from "./lattice-session.ts";
import type { LatticeSessions } from "./lattice-sessions.ts";

type QueryName =
  | "lattice.lattices.list"
  | "lattice.hosts.list"
  | "lattice.hosts.get"
  | "lattice.components.list"
  | "lattice.providers.list"
  | "lattice.links.list";

/** A lattice that has just begun to be followed gets this long for its first reading. */
const firstReadingMs = 3_000;

/** Handlers of the queries about the live state of a lattice; `hosts.get` asks the host itself. */
export function latticeQueryHandlers(
  sessions: LatticeSessions,
): Handlers<Pick<typeof latticeOperations, QueryName>> {
  const read = async (scope: { connectionId: string; lattice?: string }): Promise<LatticeSession> => {
    const session = sessions.get(scope.connectionId, scope.lattice);
    await session.settled(firstReadingMs);
    return session;
  };
  return {
    "lattice.lattices.list": ({ connectionId }) => {
      // Throws where the connection is not open, which an empty list would hide.
      sessions.get(connectionId);
      return sessions.lattices(connectionId);
    },
    "lattice.hosts.list": async (scope) => (await read(scope)).hosts(),
    "lattice.hosts.get": async ({ hostId, ...scope }) => {
      const { components, providers, ...reading } = await (await read(scope)).hostInventory(hostId);
      return { ...reading, components: [...components], providers: [...providers] };
    },
    "lattice.components.list": async (scope) => (await read(scope)).components(),
    "lattice.providers.list": async (scope) => (await read(scope)).providers(),
    "lattice.links.list": async (scope) => (await read(scope)).links(),
  };
}
