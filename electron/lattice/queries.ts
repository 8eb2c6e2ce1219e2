import type { Handlers } from "../../shared/contract/index.ts";
import type { latticeOperations } from "../../shared/lattice/operations.ts";
import type { ConnectedLattices } from "./session/connected-lattices.ts";
import type { LatticeSession } from "./session/lattice-session.ts";

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
  /** The lattices of an open connection, also while it is being made again. Throws where it is not open. */
  lattices: (connectionId: string) => ConnectedLattices,
): Handlers<Pick<typeof latticeOperations, QueryName>> {
  const read = async (scope: { connectionId: string; lattice?: string }): Promise<LatticeSession> => {
    const session = lattices(scope.connectionId).lattice(scope.lattice);
    await session.settled(firstReadingMs);
    return session;
  };
  return {
    "lattice.lattices.list": ({ connectionId }) => lattices(connectionId).rows(),
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
