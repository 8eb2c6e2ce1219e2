import type { ConnectionOptions } from "nats";
import type { ForgeVersion } from "./forge/route.ts";
import { newToken } from "./kit/access.ts";
import { assemble, type OnStop } from "./kit/assemble.ts";
import type { NatsServer } from "./kit/nats-server.ts";
import { startNatsServer } from "./kit/nats-server.ts";
import type { NatsServerOptions } from "./kit/nats-server-config.ts";
import type { HostOptions } from "./lattice/host/host-settings.ts";
import { type LatticeOptions, SimulatedLattice } from "./lattice/lattice.ts";
import type { HostStatus, SimulatedHost } from "./lattice/lattice-host.ts";
import type { Load } from "./lattice/load.ts";
import { startLoad } from "./lattice/load.ts";
import type { RandomActivity } from "./lattice/random-activity.ts";
import { startRandomActivity } from "./lattice/random-activity.ts";
import { seedBulk, seedSampleApp } from "./lattice/seed.ts";
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
  /** No random activity: nothing changes but by command. */
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
  else if (count > 0) seedSampleApp(lattice, hosts);
  await Promise.all(hosts.map((host) => host.start()));
}

async function startStaging(lattice: SimulatedLattice): Promise<void> {
  const labels = { zone: "eu-1", env: "staging" };
  const older = await lattice.createHost({ version: "1.8.0", labels, uptimeSeconds: 7200 });
  const newer = await lattice.createHost({ version: "1.9.2", labels, uptimeSeconds: 4000 });
  seedSampleApp(lattice, [older, newer]);
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
  simulated: readonly SimulatedLattice[];
  systems: OtherSystems;
}

function present({ nats, natsToken, simulated, systems }: Parts): Omit<Playground, "stop"> {
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

type Lattices = readonly [main: SimulatedLattice, ...others: SimulatedLattice[]];

/** The main lattice and, unless it is not wanted, the small second one; empty at first. */
function createLattices(
  options: PlaygroundOptions,
  common: Pick<LatticeOptions, "url" | "connection">,
  onStop: OnStop,
): Lattices {
  const { lattice = "default", seed = 1, hosts = 5, heartbeatMilliseconds = 10_000 } = options;
  const create = (more: Partial<LatticeOptions>): SimulatedLattice => {
    const hostDefaults = { heartbeatMilliseconds, ...options.hostDefaults };
    const created = new SimulatedLattice({ ...common, hostDefaults, ...more });
    onStop(() => created.stop());
    return created;
  };
  const main = create({ name: lattice, seed, hostsPerConnection: hosts > 50 ? 50 : 1 });
  return options.staging === false ? [main] : [main, create({ name: "staging", seed: seed + 1 })];
}

/** What happens by itself. */
function startActivity(
  [main, staging]: Lattices,
  { calm, seed = 1, eventsPerSecond }: PlaygroundOptions,
): (RandomActivity | Load)[] {
  const activities: (RandomActivity | Load)[] = [];
  if (!calm) activities.push(startRandomActivity(main, { seed, meanMilliseconds: 700 }));
  if (!calm && staging)
    activities.push(startRandomActivity(staging, { seed: seed + 1, meanMilliseconds: 4000 }));
  if (eventsPerSecond) activities.push(startLoad(main, { eventsPerSecond }));
  return activities;
}

/** Starts a NATS server with two lattices on it, the other systems that are wanted, and activity in them. */
export function startPlayground(options: PlaygroundOptions = {}): Promise<Playground> {
  return assemble(async (onStop) => {
    const natsSettings = natsOptions(options);
    const nats = await startNatsServer(natsSettings);
    onStop(() => nats.stop());
    const connection = { ...hostCredentials(natsSettings), ...options.connection };
    const simulated = createLattices(options, { url: nats.url, connection }, onStop);
    const [main, staging] = simulated;
    const { systems: names = [], seed = 1, calm = false, forgeVersion } = options;
    const systems = await startOtherSystems(names, { seed, calm, forgeVersion });
    onStop(() => systems.stop());
    await startMain(main, options, nats.url);
    if (staging) await startStaging(staging);
    if (options.configBucket) await Promise.all(simulated.map((each) => each.keepConfigBucket()));
    for (const activity of startActivity(simulated, options)) onStop(() => activity.stop());
    return present({ nats, natsToken: natsSettings.token, simulated, systems });
  });
}
