import { Cluster, Redis, type RedisOptions } from "iovalkey";
import { markCalls } from "./valkey-call.ts";
import { AllowedConnector } from "./valkey-connector.ts";

export interface ValkeyOptions {
  /** `redis://host:port` or `rediss://host:port`; more than one only for a cluster. */
  addresses: readonly string[];
  cluster: boolean;
  user?: string | undefined;
  password?: string | undefined;
  database?: number | undefined;
  /** Authority and client certificate, PEM. */
  tls?: { ca?: Buffer; cert?: Buffer; key?: Buffer };
  timeoutMs: number;
}

/** A server that hangs must not keep the others from saying in time which of them has which slot. */
const longestSlotsMs = 2_000;
const serversInTime = 4;

/** A client that is not connected yet. It connects once and sends each call once: what to do again, others know. */
export function clientOf(options: ValkeyOptions): Redis | Cluster {
  return options.cluster ? clusterOf(options) : singleOf(options);
}

function singleOf(options: ValkeyOptions): Redis {
  const [address = ""] = options.addresses;
  return new Redis({
    ...common(options),
    ...endpointOf(address),
    ...(options.database !== undefined && { db: options.database }),
    lazyConnect: true,
    retryStrategy: () => null,
  });
}

function clusterOf(options: ValkeyOptions): Cluster {
  const cluster = new Cluster(options.addresses.map(endpointOf), {
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: () => null,
    slotsRefreshTimeout: Math.min(options.timeoutMs / serversInTime, longestSlotsMs),
    // It asks one server at random, and waits in silence where the cluster is down.
    enableReadyCheck: false,
    // Else the client itself would send a call again that may have been carried out, until an answer hides that.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    redisOptions: common(options),
  });
  cluster.on("+node", markCalls);
  return cluster;
}

function common(options: ValkeyOptions): RedisOptions {
  const { user, password, addresses, tls = {}, timeoutMs } = options;
  return {
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    ...(addresses[0]?.startsWith("rediss:") && { tls }),
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    // A server that hangs keeps its sockets: one on which nothing comes is given up, a little before the calls on it.
    socketTimeout: Math.ceil(timeoutMs * 0.9),
    connectionName: "switchyard",
    Connector: AllowedConnector,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  };
}

function endpointOf(address: string): { host: string; port: number } {
  const { hostname, port } = new URL(address);
  return { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? 6379 : Number(port) };
}
