import type { Playground } from "../../playground/playground.ts";
import type { OtherSystems } from "../../playground/systems.ts";
import { fluxTargetSchema } from "../../shared/connections/flux-target.ts";
import type { ConnectionProfile, ProfileOf, Secrets } from "../../shared/connections/schema.ts";

/** A connection to simulated systems; nothing of it is ever saved. */
export interface PlaygroundConnection {
  profile: ConnectionProfile;
  secrets?: Secrets;
}

type Reach = Record<string, unknown>;

/** How each system beside the lattices is reached, from what its simulation says. */
const others: Record<string, (reach: Reach) => PlaygroundConnection> = {
  flowfabric: (reach) => ({
    profile: flowfabricProfile({ url: String(reach.url), valkey: String(reach.valkey) }),
    secrets: { token: String(reach.token), valkeyPassword: String(reach.valkeyPassword) },
  }),
  forge: (reach) => ({ profile: forgeProfile(String(reach.url)), secrets: { token: String(reach.token) } }),
  flux: fluxConnection,
};

const identity = {
  color: "#7c4dff",
  environment: "PLAY",
  guard: "open",
  relockMinutes: 0,
  openAtStart: true,
  playground: true,
} as const;

/** The connections that reach the simulated systems beside the lattices. */
export function systemConnections({ running }: OtherSystems): PlaygroundConnection[] {
  return [...running].flatMap(([name, system]) => {
    const connection = others[name]?.(system.reach);
    return connection ? [connection] : [];
  });
}

/** The connection that reaches the main lattice of a playground. */
export function latticeConnection(playground: Playground): PlaygroundConnection {
  const { natsToken } = playground;
  return {
    profile: latticeProfile(playground),
    secrets: natsToken === undefined ? {} : { token: natsToken },
  };
}

function latticeProfile(playground: Playground): ProfileOf<"lattice"> {
  return {
    ...identity,
    id: "playground",
    name: "Playground",
    system: "lattice",
    target: {
      addresses: [playground.natsUrl],
      lattice: playground.lattices[0]?.name ?? "default",
      topicPrefix: "wasmbus.ctl",
      eventPrefix: "wasmbus.evt",
      requestTimeoutMs: 2_000,
      auctionTimeoutMs: 2_000,
      // The oldest of the simulated hosts beats every 30 s; the quicker pace of the others is learned.
      heartbeatSeconds: 30,
      authentication: { method: playground.natsToken === undefined ? "none" : "token" },
      tls: {},
    },
  };
}

function forgeProfile(url: string): ProfileOf<"forge"> {
  return {
    ...identity,
    id: "playground-forge",
    name: "Playground queues",
    system: "forge",
    target: { url, authentication: { method: "bearer" }, requestTimeoutMs: 10_000 },
  };
}

/** The daemons dial us: what they reach is a port of our own. */
function fluxConnection({ host, port, daemons }: Reach): PlaygroundConnection {
  const target = fluxTargetSchema.parse({ host, port, daemons });
  return { profile: { ...identity, id: "playground-flux", name: "Playground Flux", system: "flux", target } };
}

function flowfabricProfile({ url, valkey }: { url: string; valkey: string }): ProfileOf<"flowfabric"> {
  return {
    ...identity,
    id: "playground-flowfabric",
    name: "Playground FlowFabric",
    system: "flowfabric",
    target: {
      url,
      valkey: { addresses: [valkey], cluster: false },
      authentication: { method: "bearer" },
      requestTimeoutMs: 10_000,
      backend: "unknown",
    },
  };
}
