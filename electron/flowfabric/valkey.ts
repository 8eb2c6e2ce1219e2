import { setTimeout as sleep } from "node:timers/promises";
import { Cluster, Redis, type RedisOptions } from "iovalkey";
import { Failure } from "../../shared/contract/index.ts";
import { AllowedConnector } from "./valkey-connector.ts";
import { callProblem } from "./valkey-problem.ts";

export interface ValkeyOptions {
  /** `redis://host:port` or `rediss://host:port`; more than one only for a cluster. */
  addresses: readonly string[];
  cluster: boolean;
  user?: string | undefined;
  password?: string | undefined;
  database?: number | undefined;
  /** Certificate authority, PEM. */
  ca?: string | undefined;
  timeoutMs: number;
}

/** What keeps the partitions. */
export interface StoreVersion {
  /** Such as `Valkey 8.0.1`. */
  name: string;
  /** Why ff-server does not start on it, for what is no Valkey. */
  refused?: string;
}

/** Reads `INFO server` as ff-server does when it starts (flowfabric-admin §6.2). */
export function versionIn(info: string): StoreVersion {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1];
  const redis = field("redis_version") ?? "of unknown version";
  const valkey = field("valkey_version") ?? (field("server_name") === "valkey" ? redis : undefined);
  if (valkey !== undefined) return { name: `Valkey ${valkey}` };
  const name = `Redis ${redis}`;
  return { name, refused: `This is ${name}: ff-server starts on Valkey 7.2 or newer only.` };
}

/** What the console does with Valkey, as rights of its user (flowfabric-admin §3.4). */
const neededRights =
  "~ff:* +ping +info +time +hget +hgetall +hset +hdel +smembers +zrangebyscore +fcall, and for a cluster +cluster|slots +cluster|info";

const firstRetryMs = 50;
const lastRetryMs = 2_000;

/** One Valkey, or a cluster of them. Its errors are thrown as they come: read them with `callProblem`, and never log them. */
export class ValkeyStore {
  readonly address: string;

  private constructor(
    private readonly client: Redis | Cluster,
    options: ValkeyOptions,
  ) {
    this.address = options.addresses.join(", ");
  }

  /** Resolves when it answers; throws a Failure. */
  static async open(options: ValkeyOptions): Promise<ValkeyStore> {
    const client = options.cluster ? clusterOf(options) : singleOf(options);
    let last: unknown;
    // The client tells why it cannot connect only here, and without a listener it would end the process.
    client.on("error", (error: unknown) => {
      last = error;
    });
    const store = new ValkeyStore(client, options);
    try {
      // A cluster that is not well yet is tried again inside the client, of which `connect` never tells.
      await Promise.race([client.connect().then(() => store.ping()), late(options.timeoutMs)]);
      return store;
    } catch (error) {
      store.close();
      throw connectFailure((await missingRight(options)) ?? last ?? error, store.address);
    }
  }

  get isReady(): boolean {
    return this.client.status === "ready";
  }

  /** Whether it is connected, waiting so many milliseconds for it to come back, and not after the signal. */
  whenReady(timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    if (this.isReady) return Promise.resolve(true);
    if (this.client.status === "end" || signal?.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const finish = (ready: boolean): void => {
        clearTimeout(timer);
        this.client.off("ready", onReady);
        this.client.off("end", onEnd);
        signal?.removeEventListener("abort", onEnd);
        resolve(ready);
      };
      const onReady = (): void => finish(true);
      const onEnd = (): void => finish(false);
      const timer = setTimeout(() => finish(false), timeoutMs);
      this.client.once("ready", onReady);
      this.client.once("end", onEnd);
      signal?.addEventListener("abort", onEnd);
    });
  }

  /** Calls a function of the server's library with one key; in a cluster the key finds the node. */
  callFunction(name: string, key: string, args: readonly string[]): Promise<unknown> {
    return this.client.fcall(name, 1, key, ...args) as Promise<unknown>;
  }

  /** Calls a function that needs no key at every primary: what one node of a cluster has, another may lack. */
  callAtPrimaries(name: string): Promise<{ node: string; answer: PromiseSettledResult<unknown> }[]> {
    const nodes = this.client instanceof Cluster ? this.client.nodes("master") : [this.client];
    return Promise.all(
      nodes.map(async (node) => {
        const { host = "", port = "" } = node.options;
        const [answer] = await Promise.allSettled([node.fcall(name, 0)]);
        return { node: `${host}:${port}`, answer };
      }),
    );
  }

  hashField(key: string, field: string): Promise<string | null> {
    return this.client.hget(key, field);
  }

  setMembers(key: string): Promise<string[]> {
    return this.client.smembers(key);
  }

  /** Members of a sorted set up to a score, lowest first. */
  async membersUpTo(key: string, score: number, limit: number): Promise<{ member: string; score: number }[]> {
    const flat = await this.client.zrangebyscore(key, "-inf", score, "WITHSCORES", "LIMIT", 0, limit);
    return Array.from({ length: flat.length / 2 }, (_, index) => ({
      member: flat[index * 2] ?? "",
      score: Number(flat[index * 2 + 1]),
    }));
  }

  /** The server's own clock, in epoch milliseconds. */
  async time(): Promise<number> {
    const [seconds, microseconds] = await this.client.time();
    return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
  }

  /** Milliseconds of one round trip. */
  async ping(): Promise<number> {
    const start = performance.now();
    await this.client.ping();
    return performance.now() - start;
  }

  /** Kind and version of the server, by what it says of itself. */
  async serverVersion(): Promise<StoreVersion> {
    return versionIn(await this.client.info("server"));
  }

  close(): void {
    this.client.disconnect();
  }
}

/** A cluster's client waits in silence where it may not ask how the cluster is; one of its nodes says so. */
async function missingRight(options: ValkeyOptions): Promise<unknown> {
  if (!options.cluster) return undefined;
  const node = singleOf(options);
  let last: unknown;
  node.on("error", (error: unknown) => {
    last = error;
  });
  const isRefusal = (error: unknown): boolean => callProblem(error).class === "refused";
  try {
    await Promise.race([node.connect(), late(options.timeoutMs)]);
    await node.call("CLUSTER", "SLOTS");
    await node.call("CLUSTER", "INFO");
    return undefined;
  } catch (error) {
    return [last, error].find((each) => each !== undefined && isRefusal(each));
  } finally {
    node.disconnect();
  }
}

async function late(timeoutMs: number): Promise<never> {
  await sleep(timeoutMs, undefined, { ref: false });
  throw new Error("Command timed out");
}

function common(options: ValkeyOptions): RedisOptions {
  return {
    ...(options.user !== undefined && { username: options.user }),
    ...(options.password !== undefined && { password: options.password }),
    ...(options.addresses[0]?.startsWith("rediss:") && {
      tls: options.ca === undefined ? {} : { ca: options.ca },
    }),
    connectTimeout: options.timeoutMs,
    commandTimeout: options.timeoutMs,
    connectionName: "switchyard",
    Connector: AllowedConnector,
    // A call that fails is told at once: whoever made it knows whether it may be made again.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  };
}

function retryWait(times: number): number {
  return Math.min(firstRetryMs * 2 ** Math.min(times, 10), lastRetryMs);
}

function nodeOf(address: string): { host: string; port: number } {
  const { hostname, port } = new URL(address);
  return { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? 6379 : Number(port) };
}

function singleOf(options: ValkeyOptions): Redis {
  const [address = ""] = options.addresses;
  return new Redis({
    ...common(options),
    ...nodeOf(address),
    ...(options.database !== undefined && { db: options.database }),
    lazyConnect: true,
    retryStrategy: retryWait,
  });
}

function clusterOf(options: ValkeyOptions): Cluster {
  return new Cluster(options.addresses.map(nodeOf), {
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: retryWait,
    slotsRefreshTimeout: options.timeoutMs,
    redisOptions: common(options),
  });
}

function connectFailure(error: unknown, address: string): Failure {
  const refused = failureIn(error);
  if (refused) return refused;
  const problem = callProblem(error);
  const details = { cause: problem.code, delivered: false };
  if (problem.code === "NOAUTH" || problem.code === "WRONGPASS")
    return new Failure({
      code: "unauthenticated",
      message: `${address} does not accept this user and password.`,
      details,
      hint: "Correct the user and password of Valkey in the connection's settings.",
    });
  const message = `${address} cannot be used: ${problem.message}`;
  if (problem.code === "NOPERM")
    return new Failure({ code: "forbidden", message, details, hint: `The user needs ${neededRights}.` });
  return new Failure({
    code: problem.class === "timeout" ? "timeout" : "unreachable",
    message,
    details,
    hint: "Check the address, TLS, and whether it is a cluster.",
  });
}

/** A Failure of our own, which a cluster puts into an error about all its nodes. */
function failureIn(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error;
  const inner = (error as { lastNodeError?: unknown } | undefined)?.lastNodeError;
  return inner instanceof Failure ? inner : undefined;
}
