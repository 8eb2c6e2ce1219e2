import { Redis } from "iovalkey";
import { functionLibrary } from "./function-library.ts";
import type { KeystoreReply, Keystores, Rotation } from "./keystore.ts";
import type { PartitionFault } from "./rotation.ts";

/** Keys on a real Redis, with the stand-in function library: what the simulated server and a direct console share. */
export interface RedisKeystores extends Keystores {
  /** Lets the next rotations of a partition fail there, for whoever asks; `times` 0 is for good. */
  disturb(partition: number, kind: PartitionFault["kind"], times: number): Promise<void>;
  /** Lists a budget where ff-server lists it. */
  addBudget(partition: number, id: string): Promise<void>;
  /** Writes leases, by execution id, with the time they expire where ff-server's index has them, and takes others out. */
  updateLeases(leases: ReadonlyMap<string, number>, gone: readonly string[]): Promise<void>;
  /** Loads the library, the partition counts and the first key again. */
  prepare(): Promise<void>;
  /** Ends all faults. */
  clearFaults(): Promise<void>;
  close(): void;
}

export interface RedisKeystoreOptions {
  port: number;
  password?: string;
  partitions: number;
  first?: Rotation;
}

const keyOf = (partition: number): string => `ff:sec:{fp:${partition}}:waitpoint_hmac`;
const leasesOf = (id: string): string => `ff:idx:${id.slice(0, id.indexOf("}") + 1)}:lease_expiry`;
const faultOf = (partition: number): string => `playground:fault:{fp:${partition}}`;

/** Loads the library and, as a first start of ff-server does, the partition counts and the first key. */
export async function openRedisKeystores(options: RedisKeystoreOptions): Promise<RedisKeystores> {
  const { port, password, partitions } = options;
  const redis = new Redis({
    host: "127.0.0.1",
    port,
    ...(password !== undefined && { password }),
    lazyConnect: true,
    maxRetriesPerRequest: 1,
  });
  redis.on("error", () => undefined);
  await redis.connect();
  await prepare(redis, options);
  return {
    partitions,
    rotate: async (partition, rotation) => readRotation(await call(redis, partition, rotation)),
    currentKid: async (partition) => {
      const reply = (await redis.fcall("ff_list_waitpoint_hmac_kids", 1, keyOf(partition))) as unknown[];
      return String(reply[2]);
    },
    disturb: async (partition, kind, times) => {
      await redis.hset(faultOf(partition), { kind: errorMessages[kind], ...(times > 0 && { times }) });
    },
    clearFaults: async () => {
      const names = Array.from({ length: partitions }, (_, partition) => faultOf(partition));
      await redis.del(...names);
    },
    addBudget: async (partition, id) => {
      await redis.sadd(`ff:idx:{b:${partition}}:budget_policies`, id);
    },
    updateLeases: async (leases, gone) => {
      const pipeline = redis.pipeline();
      for (const [id, at] of leases) pipeline.zadd(leasesOf(id), at, id);
      for (const id of gone) pipeline.zrem(leasesOf(id), id);
      await pipeline.exec();
    },
    prepare: () => prepare(redis, options),
    close: () => redis.disconnect(),
  };
}

async function prepare(redis: Redis, { partitions, first }: RedisKeystoreOptions): Promise<void> {
  await redis.call("FUNCTION", "LOAD", "REPLACE", functionLibrary);
  await redis.hset("ff:config:partitions", {
    num_flow_partitions: partitions,
    num_budget_partitions: 32,
    num_quota_partitions: 32,
  });
  if (!first) return;
  await Promise.all(Array.from({ length: partitions }, (_, partition) => call(redis, partition, first)));
}

function call(
  redis: Redis,
  partition: number,
  { kid, secretHex, graceMilliseconds }: Rotation,
): Promise<unknown> {
  const name = "ff_rotate_waitpoint_hmac_secret";
  return redis.fcall(
    name,
    1,
    keyOf(partition),
    kid,
    secretHex,
    String(graceMilliseconds),
  ) as Promise<unknown>;
}

const errorMessages = {
  conflict: "conflict",
  transport: "OOM command not allowed when used memory > 'maxmemory'.",
  "missing-library": "ERR Function not found",
  delay: "BUSY Redis is busy running a script.",
};

function readRotation(reply: unknown): KeystoreReply {
  const [ok, code, status, a = "", b = "", c = "0"] = reply as [number, string, ...string[]];
  if (ok !== 1) return { status: "refused", code: code as "rotation_conflict" };
  if (status === "noop") return { status: "noop", kid: a };
  return { status: "rotated", previous: a, kid: b, collected: Number(c) };
}
