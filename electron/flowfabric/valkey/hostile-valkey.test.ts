import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openRedisKeystores, type RedisKeystores } from "../../../playground/flowfabric/redis-keystores.ts";
import { type RedisServer, startRedis } from "../../../playground/kit/redis-server.ts";
import { hostileRuns, memoryInUse, mostLeftInMemory, watchUncaught } from "../../../recordings/fuzz.ts";
import { Failure } from "../../../shared/contract/index.ts";
import { hostileReply, hostileWay } from "../testing/hostile-valkey.ts";
import { orFailure, readAllKeys, readLibrary, readPartitionCount, rotatePartition } from "./partitions.ts";
import { ValkeyStore } from "./valkey.ts";

const partitions = 8;
const atOnce = 4;

let redis: RedisServer;
let keystores: RedisKeystores;
let uncaught: ReturnType<typeof watchUncaught>;
let inUse: number;
const ways: Awaited<ReturnType<typeof hostileWay>>[] = [];

beforeAll(async () => {
  uncaught = watchUncaught();
  redis = await startRedis();
  const first = { kid: "k1", secretHex: "5a".repeat(32), graceMilliseconds: 1_000 };
  keystores = await openRedisKeystores({ port: redis.port, partitions, first });
  for (let index = 0; index < atOnce; index += 1) ways.push(await hostileWay(redis.port));
});
beforeEach(() => {
  inUse = memoryInUse();
});
afterEach(() => {
  expect(memoryInUse() - inUse).toBeLessThan(mostLeftInMemory);
});
afterAll(async () => {
  uncaught.end();
  for (const way of ways) way.stop();
  keystores.close();
  await redis.stop();
});

const readings: readonly ((store: ValkeyStore) => Promise<unknown>)[] = [
  (store) => readPartitionCount(store),
  (store) => readLibrary(store),
  (store) => readAllKeys(store, [0, 1, 2]),
  (store) => orFailure(store.membersUpTo("ff:idx:{fp:1}:lease_expiry", 1, 10)),
  (store) => orFailure(store.setMembers("ff:idx:{b:1}:budget_policies")),
  (store) => orFailure(store.time()),
  (store) => orFailure(store.ping()),
  (store) => orFailure(store.serverVersion()),
];

/** What Valkey says in a reply that is an error, or a refusal of the function: a lie that no client can see through. */
const saysNo = /^-|:0\r\n|^\*\d+\r\n\$1\r\n0/;

async function rotate(
  store: ValkeyStore,
  partition: number,
  keyId: string,
  said: () => string,
): Promise<void> {
  const call = { keyId, secretHex: "ab".repeat(32), graceMs: 1_000 };
  const outcome = await rotatePartition(store, partition, call);
  if (outcome.status !== "failed" || outcome.mayHaveArrived || saysNo.test(said())) return;
  const has = (await keystores.currentKid(partition)) === keyId;
  expect({ ...outcome, said: said(), has }).toMatchObject({ has: false });
}

/** A connection that is made while replies are changed: it stands, or a failure says why not. */
async function open(address: string): Promise<void> {
  const opening = ValkeyStore.open({ addresses: [address], cluster: false, timeoutMs: 150 });
  const ending = await opening.catch((error: unknown) => error);
  if (ending instanceof ValkeyStore) ending.close();
  else expect(ending).toBeInstanceOf(Failure);
}

async function tryOne(index: number, { which, seed }: { which: number; seed: number }): Promise<void> {
  const way = ways[index] as (typeof ways)[number];
  if (which % 8 === 7) {
    way.change(hostileReply(seed));
    return open(way.address);
  }
  way.change(undefined);
  const store = await ValkeyStore.open({ addresses: [way.address], cluster: false, timeoutMs: 5_000 });
  const change = hostileReply(seed);
  let said = "";
  way.change((reply) => {
    const changed = change(reply);
    said += changed.bytes.toString("latin1").slice(0, 2_000);
    return changed;
  });
  try {
    if (which % 3 === 0) await rotate(store, index, `kid-${seed}`, () => said);
    else {
      const read = readings[which % readings.length] as (typeof readings)[number];
      const ending = await read(store).catch((error: unknown) => error);
      if (ending instanceof Error) expect(ending).toBeInstanceOf(Failure);
      else structuredClone(ending);
    }
  } finally {
    store.close();
  }
}

test("whatever a Valkey replies, a call ends with what was read or with a failure, and the process lives", async () => {
  const trial = fc.record({ which: fc.nat(), seed: fc.nat() });
  await fc.assert(
    fc.asyncProperty(fc.array(trial, { minLength: atOnce, maxLength: atOnce }), async (trials) => {
      await Promise.all(trials.map((each, index) => tryOne(index, each)));
      expect(uncaught.errors).toEqual([]);
    }),
    hostileRuns(60, atOnce),
  );
});

test("a reading at which the connection breaks each time ends with a failure", async () => {
  const [way] = ways as [(typeof ways)[number]];
  way.change(undefined);
  const store = await ValkeyStore.open({ addresses: [way.address], cluster: false, timeoutMs: 5_000 });
  const empty = Buffer.from("*0\r\n");
  way.change((reply) =>
    reply.equals(empty) ? { bytes: Buffer.alloc(0), ending: "close" } : { bytes: reply, ending: "keep" },
  );
  try {
    await expect(orFailure(store.setMembers("ff:nothing"))).rejects.toBeInstanceOf(Failure);
  } finally {
    way.change(undefined);
    store.close();
  }
});
