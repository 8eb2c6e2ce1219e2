import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openRedisKeystores, type RedisKeystores } from "../../../playground/flowfabric/redis-keystores.ts";
import { type RedisServer, startRedis } from "../../../playground/kit/redis-server.ts";
import { type CuttingProxy, startCuttingProxy } from "../testing/cutting-proxy.ts";
import {
  missingLibrary,
  type PartitionOutcome,
  readAllKeys,
  readLibrary,
  readPartitionCount,
} from "../valkey/partitions.ts";
import { ValkeyStore } from "../valkey/valkey.ts";
import { rotateDirectly } from "./direct-rotation.ts";

const all = Array.from({ length: 256 }, (_, partition) => partition);
const graceMs = 86_400_000;
const first = { kid: "k1", secretHex: "5a".repeat(32), graceMilliseconds: graceMs };
const pair = { keyId: "k2", secretHex: "ab".repeat(32), graceMs };

let redis: RedisServer;
let keystores: RedisKeystores;
let store: ValkeyStore;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

beforeEach(async () => {
  await redis.restart();
  keystores = await openRedisKeystores({ port: redis.port, partitions: 256, first });
  store = await open(redis.address);
});
afterEach(() => {
  store.close();
  keystores.close();
});

function open(address: string): Promise<ValkeyStore> {
  return ValkeyStore.open({ addresses: [address], cluster: false, timeoutMs: 5_000 });
}

type Outcomes = Map<number, PartitionOutcome>;

async function rotate(
  partitions: readonly number[],
  change: Partial<Parameters<typeof rotateDirectly>[0]> = {},
): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  await rotateDirectly({
    store,
    partitions,
    call: pair,
    onSending: () => undefined,
    onOutcome: (partition, outcome) => outcomes.set(partition, outcome),
    signal: new AbortController().signal,
    ...change,
  });
  return outcomes;
}

const failed = (outcomes: Outcomes): number[] =>
  [...outcomes].filter(([, { status }]) => status === "failed").map(([partition]) => partition);

test("rotates all 256 partitions, and finds them done the second time", async () => {
  const outcomes = await rotate(all);
  expect(outcomes.size).toBe(256);
  expect([...outcomes.values()]).toEqual(
    all.map(() => ({ status: "rotated", previousKeyId: "k1", collected: 0 })),
  );
  const keys = await readAllKeys(store, all);
  expect(new Set(keys.map(({ currentKeyId }) => currentKeyId))).toEqual(new Set(["k2"]));
  expect(keys[7]?.verifying).toMatchObject([{ keyId: "k1" }]);
  const again = await rotate(all);
  expect(new Set([...again.values()].map(({ status }) => status))).toEqual(new Set(["already"]));
});

test("keeps the grace of a day from the moment of each partition's rotation", async () => {
  const before = Date.now();
  await rotate([9]);
  const [keys] = await readAllKeys(store, [9]);
  const endsAt = Date.parse(keys?.verifying[0]?.expiresAt ?? "");
  expect(endsAt - graceMs).toBeGreaterThanOrEqual(before - 1_000);
  expect(endsAt - graceMs).toBeLessThanOrEqual(Date.now() + 1_000);
});

test("tells each failing partition with its reason, and rotates the others", async () => {
  await keystores.disturb(3, "conflict", 1);
  await keystores.disturb(17, "transport", 1);
  await keystores.disturb(201, "missing-library", 1);
  const outcomes = await rotate(all);
  expect(failed(outcomes).sort((a, b) => a - b)).toEqual([3, 17, 201]);
  expect(outcomes.get(3)).toMatchObject({
    failure: { class: "conflict", code: "rotation_conflict", retry: false },
  });
  expect(outcomes.get(17)).toMatchObject({ failure: { class: "storage", code: "OOM" } });
  expect(outcomes.get(201)).toMatchObject({ failure: { class: "library" } });
  const retried = await rotate([3, 17, 201]);
  expect([...retried.values()].map(({ status }) => status)).toEqual(["rotated", "rotated", "rotated"]);
});

test("tries a busy partition again by itself", async () => {
  await keystores.disturb(3, "delay", 2);
  expect(failed(await rotate(all))).toEqual([]);
});

test("finds a foreign secret under the same key id", async () => {
  await rotate([5], { call: { ...pair, secretHex: "cd".repeat(32) } });
  const outcomes = await rotate([4, 5]);
  expect(failed(outcomes)).toEqual([5]);
  expect(outcomes.get(5)).toMatchObject({ failure: { class: "conflict" } });
});

test("stops when it is told to, and says so of no partition that it did not ask", async () => {
  const stop = new AbortController();
  const outcomes = await rotate(all, {
    signal: stop.signal,
    onSending: (partition) => partition === 60 && stop.abort(),
  });
  expect(outcomes.size).toBeGreaterThanOrEqual(60);
  expect(outcomes.size).toBeLessThan(256);
  expect(failed(outcomes)).toEqual([]);
});

describe("a connection that breaks", () => {
  let proxy: CuttingProxy;

  beforeEach(async () => {
    proxy = await startCuttingProxy(redis.port);
    store.close();
    store = await open(proxy.address);
  });
  afterEach(() => proxy.stop());

  test("in the middle is made again, and the rotation goes on to the end", async () => {
    proxy.cutAfter("ff_rotate_waitpoint_hmac_secret", 100);
    const outcomes = await rotate(all);
    expect(proxy.cuts).toBe(1);
    expect(failed(outcomes)).toEqual([]);
    const statuses = [...outcomes.values()].map(({ status }) => status);
    // Those whose reply was lost answer that they are done already.
    expect(statuses.filter((status) => status === "already").length).toBeGreaterThan(0);
    const keys = await readAllKeys(store, all);
    expect(keys.every(({ currentKeyId }) => currentKeyId === "k2")).toBe(true);
  });

  test("for long leaves the rest failed as unreachable, which a retry finishes", async () => {
    let sent = 0;
    const onSending = (): void => {
      sent += 1;
      if (sent === 100) proxy.cut();
    };
    const outcomes = await rotate(all, { onSending, patienceMs: 200 });
    const left = failed(outcomes);
    expect(left.length).toBeGreaterThan(100);
    expect(outcomes.get(left[0] ?? -1)).toMatchObject({ failure: { class: "unreachable", retry: true } });
    proxy.mend();
    expect(await store.whenReady(10_000)).toBe(true);
    expect(failed(await rotate(left))).toEqual([]);
    const keys = await readAllKeys(store, all);
    expect(keys.every(({ currentKeyId }) => currentKeyId === "k2")).toBe(true);
  });
});

test("two consoles that race leave a mixture, which reading back shows", async () => {
  const second = await open(redis.address);
  try {
    const other = { keyId: "theirs", secretHex: "ef".repeat(32), graceMs };
    await Promise.all([rotate(all), rotate([...all].reverse(), { store: second, call: other })]);
    const keys = await readAllKeys(store, all);
    const current = keys.map(({ currentKeyId }) => currentKeyId);
    expect(new Set(current).size).toBeLessThanOrEqual(2);
    expect(current.every((key) => key === "k2" || key === "theirs")).toBe(true);
    // Each key that lost is still taken, in its grace.
    for (const { currentKeyId, verifying } of keys) {
      const loser = currentKeyId === "k2" ? "theirs" : "k2";
      expect(verifying.map(({ keyId }) => keyId)).toContain(loser);
    }
  } finally {
    second.close();
  }
});

test("reads the partition count and the library's version", async () => {
  expect(await readPartitionCount(store)).toBe(256);
  expect(await readLibrary(store)).toEqual({ version: "34", nodes: 1, missingOn: [], silent: [] });
  expect((await store.serverVersion()).name).toMatch(/^(Redis|Valkey) \d/);
});

test("a server where ff-server never started has neither, and every partition says so", async () => {
  await redis.restart();
  expect(await store.whenReady(10_000)).toBe(true);
  expect(await readPartitionCount(store)).toBeUndefined();
  const library = await readLibrary(store);
  expect(library).toMatchObject({ version: undefined, missingOn: [`127.0.0.1:${redis.port}`] });
  expect(missingLibrary(library)).toMatch(/not loaded in Valkey: restart ff-server/);
  expect((await rotate([0])).get(0)).toMatchObject({ status: "failed", failure: { class: "library" } });
  expect(await readAllKeys(store, [0])).toMatchObject([{ problem: { class: "library" } }]);
});

test("no failure carries the secret", async () => {
  for (const [partition, kind] of (["conflict", "transport", "missing-library"] as const).entries())
    await keystores.disturb(partition, kind, 1);
  const outcomes = await rotate([0, 1, 2]);
  expect(failed(outcomes)).toEqual([0, 1, 2]);
  expect(JSON.stringify([...outcomes])).not.toContain(pair.secretHex);
});
