import type { ConnectionOptions } from "nats";
import { ConnectionPool } from "../kit/connection-pool.ts";
import type { Random } from "../kit/random.ts";
import { createRandom } from "../kit/random.ts";
import { keepConfigBucket } from "./config-bucket.ts";
import type { HostOptions } from "./host/host-settings.ts";
import { ImageRegistry } from "./host/images.ts";
import { LatticeState } from "./host/lattice-state.ts";
import { SimulatedHost } from "./lattice-host.ts";

/** How to make a lattice. */
export interface LatticeOptions {
  name?: string;
  url: string;
  /** Credentials and the like for the hosts' connections. */
  connection?: ConnectionOptions;
  seed?: number;
  images?: ImageRegistry;
  /** Settings that all hosts of this lattice start from. */
  hostDefaults?: HostOptions;
  /** How many hosts share one connection; 1 by default. */
  hostsPerConnection?: number;
}

/** A lattice of simulated hosts on one NATS system. */
export class SimulatedLattice {
  readonly hosts: SimulatedHost[] = [];
  readonly state: LatticeState;
  readonly images: ImageRegistry;
  readonly random: Random;
  readonly #options: LatticeOptions;
  readonly #pool: ConnectionPool;

  constructor(options: LatticeOptions) {
    this.#options = options;
    this.state = new LatticeState(options.name ?? "default");
    this.images = options.images ?? new ImageRegistry();
    this.random = createRandom(options.seed ?? 1);
    this.#pool = new ConnectionPool(
      { servers: options.url, ...options.connection },
      options.hostsPerConnection ?? 1,
    );
  }

  get name(): string {
    return this.state.name;
  }

  /** Makes a host without starting it, so that it can be furnished before anybody sees it. */
  async createHost(options: HostOptions = {}): Promise<SimulatedHost> {
    const connection = await this.#pool.next();
    const { url, hostDefaults } = this.#options;
    const { state: lattice, images } = this;
    const surroundings = { connection, url, lattice, images, random: this.random.fork() };
    const host = new SimulatedHost(surroundings, {
      ...hostDefaults,
      ...options,
      labels: { ...hostDefaults?.labels, ...options.labels },
    });
    this.hosts.push(host);
    return host;
  }

  /** Lets another host join. */
  async addHost(options: HostOptions = {}): Promise<SimulatedHost> {
    const host = await this.createHost(options);
    await host.start();
    return host;
  }

  /** Keeps the configs also in their JetStream bucket from now on. */
  async keepConfigBucket(): Promise<void> {
    // Not a host's connection: that ends with its host.
    await keepConfigBucket(this.state, await this.#pool.next());
  }

  /** Finds a host by its ID or friendly name. */
  find(nameOrId: string): SimulatedHost | undefined {
    return this.hosts.find((host) => host.id === nameOrId || host.friendlyName === nameOrId);
  }

  /** Which code would answer a call to a component; one of the list at random per call. */
  answering(id: string): string[] {
    return this.hosts.flatMap((host) => host.answering(id));
  }

  /** The hosts that are up. */
  running(): SimulatedHost[] {
    return this.hosts.filter((host) => host.status === "running");
  }

  /** Ends a host, if it is not down yet, and drops it from the list. */
  async forget(host: SimulatedHost): Promise<void> {
    await host.stop();
    const place = this.hosts.indexOf(host);
    if (place >= 0) this.hosts.splice(place, 1);
    await this.#pool.discard(host.connection);
  }

  /** Ends the lattice without events and closes its connections. */
  async stop(): Promise<void> {
    for (const host of this.hosts) host.kill();
    await this.#pool.close();
  }
}
