import type { ConnectionOptions } from "nats";
import type { ForgeVersion } from "./forge/route.ts";
import { newToken } from "./kit/access.ts";
import type { NatsServer } from "./kit/nats-server.ts";
import { startNatsServer } from "./kit/nats-server.ts";
import type { NatsServerOptions } from "./kit/nats-server-config.ts";
import type { HostOptions } from "./lattice/host/host-settings.ts";
import { SimulatedLattice } from "./lattice/lattice.ts";
import type { HostStatus, SimulatedHost } from "./lattice/lattice-host.ts";
import type { Load } from "./lattice/load.ts";
import { startLoad } from "./lattice/load.ts";
import type { Life } from "./lattice/random-activity.ts";
import { startLife } from "./lattice/random-activity.ts";
import { seedBulk, seedShop } from "./lattice/seed.ts";
import { type OtherSystems, startOtherSystems } from "./systems.ts";

/** How to start a playground; without anything it is what a newcomer sees. */
export interface PlaygroundOptions {
  /** The NATS port; a free one when absent. */
  port?: number;
  /** The name of the main lattice. */
  lattice?: string;
  /** How many hosts the main lattice has; 5 by default. */
  hosts?: number;
  /** The versions of the main lattice's hosts, in turn; a mixture by default. */
  versions?: readonly string[];
  /** Total component entries over all hosts of the main lattice; the shop alone when absent. */
  components?: number;
  eventsPerSecond?: number;
  seed?: number;
  heartbeatMilliseconds?: number;
  /** No life at all: nothing changes but by command. */
  calm?: boolean;
  /** Also start the small second lattice; true by default. */
  staging?: boolean;
  /** Keep the configs in their JetStream bucket too, as real hosts do; without it their names cannot be listed. */
  configBucket?: boolean;
  /** Systems to start beside the lattices, by name; none when absent. */
  systems?: readonly string[];
  /** The version that the jobs server behaves like; its newest when absent. */
  forgeVersion?: ForgeVersion | undefined;
  /** Settings for all hosts. */
  hostDefaults?: HostOptions;
  /** Further settings of the NATS server; websockets are on by default, and it wants a token made for this start. */
  nats?: NatsServerOptions;
  /** How the hosts connect, where further lines of the configuration say who may. */
  connection?: ConnectionOptions;
}

export interface HostSummary {
  id: string;
  friendlyName: string;
  version: string;
  status: HostStatus;
}

export interface LatticeSummary {
  name: string;
  hosts: HostSummary[];
}

/** A running playground. */
export interface Playground {
  readonly natsUrl: string;
  readonly websocketUrl: string | undefined;
  /** What NATS wants of whoever connects, where it was not told to want something else. */
  readonly natsToken: string | undefined;
  readonly nats: NatsServer;
  /** The simulated lattices themselves; the first is the main one. */
  readonly simulated: readonly SimulatedLattice[];
  /** The simulated systems beside the lattices. */
  readonly systems: OtherSystems;
  /** All hosts of all lattices. */
  readonly hosts: readonly SimulatedHost[];
  /** What there is, as plain data. */
  readonly lattices: readonly LatticeSummary[];
  /** Finds a host in any lattice by ID or friendly name; throws when there is none. */
  host(nameOrId: string): SimulatedHost;
  stop(): Promise<void>;
}

const mixedVersions = ["1.0.4", "1.5.1", "1.8.0", "1.9.1", "1.9.2"];
const zones = ["eu-1", "eu-2", "us-1"];

const jetStreamDomain = "shop";

/** The address with a user and a password, which a host shows to everybody (wasmcloud-control §2.1). */
function withCredentials(url: string): string {
  return url.replace("://", "://operator:not-for-screens@");
}

/** How the main lattice's hosts differ: one shows credentials, one the JetStream domain. */
function mainHostOptions(
  index: number,
  versions: readonly string[],
  url: string,
  domain: string | undefined,
): HostOptions {
  return {
    ...(index % 5 === 3 && { controlUrl: withCredentials(url) }),
    ...(index % 5 === 4 && { domain }),
    version: versions[index % versions.length],
    uptimeSeconds: 3600 + index * 86_413,
    labels: {
      zone: zones[index % zones.length] ?? "",
      env: "production",
      "node-pool": index % 4 === 3 ? "memory" : "general",
    },
  };
}

async function startMain(lattice: SimulatedLattice, options: PlaygroundOptions, url: string): Promise<void> {
  const { hosts: count = 5, versions = mixedVersions } = options;
  const domain = options.configBucket ? jetStreamDomain : undefined;
  const hosts: SimulatedHost[] = [];
  for (let index = 0; index < count; index += 1)
    hosts.push(await lattice.createHost(mainHostOptions(index, versions, url, domain)));
  if (options.components !== undefined) seedBulk(hosts, options.components);
  else if (count > 0) seedShop(lattice, hosts);
  await Promise.all(hosts.map((host) => host.start()));
}

async function startStaging(lattice: SimulatedLattice): Promise<void> {
  const labels = { zone: "eu-1", env: "staging" };
  const older = await lattice.createHost({ version: "1.8.0", labels, uptimeSeconds: 7200 });
  const newer = await lattice.createHost({ version: "1.9.2", labels, uptimeSeconds: 4000 });
  seedShop(lattice, [older, newer]);
  await Promise.all([older.start(), newer.start()]);
}

function summarise(lattice: SimulatedLattice): LatticeSummary {
  const hosts = lattice.hosts.map(({ id, friendlyName, version, status }) => ({
    id,
    friendlyName,
    version,
    status,
  }));
  return { name: lattice.name, hosts };
}

interface Parts {
  nats: NatsServer;
  natsToken: string | undefined;
  main: SimulatedLattice;
  staging: SimulatedLattice | undefined;
  systems: OtherSystems;
  activities: (Life | Load)[];
}

function present({ nats, natsToken, main, staging, systems, activities }: Parts): Playground {
  const simulated = staging ? [main, staging] : [main];
  const allHosts = (): SimulatedHost[] => simulated.flatMap((lattice) => lattice.hosts);
  return {
    natsUrl: nats.url,
    websocketUrl: nats.websocketUrl,
    natsToken,
    nats,
    simulated,
    systems,
    get hosts() {
      return allHosts();
    },
    get lattices() {
      return simulated.map(summarise);
    },
    host(nameOrId) {
      const found = simulated.map((lattice) => lattice.find(nameOrId)).find((host) => host !== undefined);
      if (!found) throw new Error(`no such host: ${nameOrId}`);
      return found;
    },
    async stop() {
      for (const activity of activities) activity.stop();
      await Promise.all([systems.stop(), ...simulated.map((lattice) => lattice.stop())]);
      await nats.stop();
    },
  };
}

/** How the simulated hosts get into a server that asks who they are. */
function hostCredentials({ user, password, token, tls }: NatsServerOptions): ConnectionOptions {
  const authority = tls?.authority ?? tls?.certificate;
  const trust = authority?.includes("-----BEGIN") ? { ca: authority } : { caFile: authority };
  return {
    ...(user === undefined ? {} : { user, pass: password }),
    ...(token === undefined ? {} : { token }),
    ...(tls ? { tls: trust } : {}),
  };
}

function natsOptions({
  port,
  configBucket = false,
  nats = {},
  connection,
}: PlaygroundOptions): NatsServerOptions {
  const asksOtherwise = connection !== undefined || nats.user !== undefined || nats.nkeys !== undefined;
  const token = asksOtherwise ? undefined : newToken();
  const jetStream = { jetStream: configBucket, jetStreamDomain: configBucket ? jetStreamDomain : undefined };
  return { websocket: true, port, ...jetStream, token, ...nats };
}

async function keepBuckets(
  lattices: readonly SimulatedLattice[],
  { configBucket }: PlaygroundOptions,
): Promise<void> {
  if (configBucket) await Promise.all(lattices.map((lattice) => lattice.keepConfigBucket()));
}

/** Starts a NATS server with two lattices on it, the other systems that are wanted, and life in them. */
export async function startPlayground(options: PlaygroundOptions = {}): Promise<Playground> {
  const natsSettings = natsOptions(options);
  const nats = await startNatsServer(natsSettings);
  const seed = options.seed ?? 1;
  const hostDefaults = {
    heartbeatMilliseconds: options.heartbeatMilliseconds ?? 10_000,
    ...options.hostDefaults,
  };
  const connection = { ...hostCredentials(natsSettings), ...options.connection };
  const common = { url: nats.url, connection, hostDefaults };
  const hostsPerConnection = (options.hosts ?? 5) > 50 ? 50 : 1;
  const main = new SimulatedLattice({
    ...common,
    name: options.lattice ?? "default",
    seed,
    hostsPerConnection,
  });
  const staging =
    options.staging === false
      ? undefined
      : new SimulatedLattice({ ...common, name: "staging", seed: seed + 1 });
  const { systems: names = [], calm = false, forgeVersion } = options;
  const systems = await startOtherSystems(names, { seed, calm, forgeVersion });
  const parts: Parts = { nats, natsToken: natsSettings.token, main, staging, systems, activities: [] };
  const playground = present(parts);
  try {
    await startMain(main, options, nats.url);
    if (staging) await startStaging(staging);
    await keepBuckets(playground.simulated, options);
  } catch (error) {
    await playground.stop();
    throw error;
  }
  if (!options.calm) {
    parts.activities.push(startLife(main, { seed, meanMilliseconds: 700 }));
    if (staging) parts.activities.push(startLife(staging, { seed: seed + 1, meanMilliseconds: 4000 }));
  }
  if (options.eventsPerSecond)
    parts.activities.push(startLoad(main, { eventsPerSecond: options.eventsPerSecond }));
  return playground;
}
