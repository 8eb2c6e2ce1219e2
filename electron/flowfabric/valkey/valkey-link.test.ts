import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCuttingProxy } from "../testing/cutting-proxy.ts";
import { type ClusterNode, ValkeyCluster } from "../testing/valkey-cluster.ts";
import { keystoreKey, readAllKeys, rotatePartition } from "./partitions.ts";
import { ValkeyStore } from "./valkey.ts";

const listFunction = "ff_list_waitpoint_hmac_kids";
const call = { keyId: "k2", secretHex: "ab".repeat(32), graceMs: 1_000 };
const all = Array.from({ length: 256 }, (_, partition) => partition);

let cluster: ValkeyCluster;
let nodes: [ClusterNode, ClusterNode];

beforeAll(async () => {
  cluster = await ValkeyCluster.start({ primaries: 2, replicas: false });
  await cluster.seed();
  nodes = cluster.nodes as [ClusterNode, ClusterNode];
});
afterAll(() => cluster?.stop());

const open = (user?: string): Promise<ValkeyStore> =>
  ValkeyStore.open({
    addresses: cluster.addresses,
    cluster: true,
    timeoutMs: 2_000,
    ...(user !== undefined && { user, password: "right" }),
  });

test("the server on which a right is missing is named", async () => {
  const rights = [
    "on",
    ">right",
    "~ff:*",
    "+ping",
    "+info",
    "+hgetall",
    "+time",
    "+cluster|slots",
    "+cluster|info",
  ];
  for (const node of nodes) await node.ask("ACL", "SETUSER", "ops", ...rights, "+fcall");
  const [poor] = nodes;
  await poor.ask("ACL", "SETUSER", "ops", "-fcall");
  const store = await open("ops");
  try {
    const unreadable = (await readAllKeys(store, all)).filter(({ problem }) => problem);
    expect(unreadable.map(({ partition }) => partition)).toEqual(await cluster.partitionsOf(poor));
    expect(unreadable[0]?.problem).toMatchObject({
      class: "refused",
      message: `${poor.name}: This user may not run FCALL: the right +fcall is missing.`,
    });
  } finally {
    store.close();
  }
});

test("a call whose connection broke is left to whoever made it, who knows whether it was sent", async () => {
  const [near] = nodes;
  const [partition = 0] = await cluster.partitionsOf(near);
  const proxy = await startCuttingProxy(near.port);
  const { port } = new URL(proxy.address);
  await near.ask("CONFIG", "SET", "cluster-announce-port", port);
  const knows = async (node: ClusterNode) => JSON.stringify(await node.ask("CLUSTER", "SLOTS"));
  for (const node of nodes) await expect.poll(() => knows(node)).toContain(port);
  const store = await open();
  try {
    await near.ask("CONFIG", "RESETSTAT");
    proxy.cutAfter("ff_rotate_waitpoint_hmac_secret", 1);
    expect(await rotatePartition(store, partition, call)).toMatchObject({
      status: "failed",
      failure: { class: "unreachable", retry: true },
      passing: true,
      mayHaveArrived: true,
    });
    expect(await readAllKeys(store, [partition])).toMatchObject([{ currentKeyId: call.keyId }]);
    // The rotation, and the reading.
    expect(await near.ask("INFO", "commandstats")).toContain("cmdstat_fcall:calls=2,");
    proxy.cut();
    await readAllKeys(store, [partition]);
    expect(await rotatePartition(store, partition, call)).toMatchObject({ mayHaveArrived: false });
  } finally {
    store.close();
    await proxy.stop();
    await near.ask("CONFIG", "SET", "cluster-announce-port", "0");
    for (const node of nodes) await expect.poll(() => knows(node)).not.toContain(port);
  }
});

test("one server that hangs keeps nobody from connecting, and does not make the connection a lost one", async () => {
  const [frozen] = nodes;
  const store = await open();
  frozen.freeze();
  try {
    expect(await store.ping()).toBeGreaterThan(0);
    const other = await open();
    other.close();
  } finally {
    frozen.thaw();
    store.close();
  }
});

test("a cluster that hung as a whole while it was asked for its slots is connected to again", async () => {
  const store = await open();
  try {
    const owned = await Promise.all(nodes.map((node) => cluster.partitionsOf(node)));
    for (const node of nodes) node.freeze();
    // The sockets are given up one after the other: the first loss has the others asked, which are lost meanwhile.
    const calls: Promise<unknown>[] = [];
    for (const [partition = 0] of owned) {
      calls.push(store.callFunction(listFunction, keystoreKey(partition), []));
      await sleep(300);
    }
    for (const { status } of await Promise.allSettled(calls)) expect(status).toBe("rejected");
    expect(await store.whenReady(4_000)).toBe(false);
    expect(store.explain(undefined).message).toMatch(/did not answer in time/);
    for (const node of nodes) node.thaw();
    await expect.poll(() => store.isReady).toBe(true);
    await expect
      .poll(async () => (await readAllKeys(store, all)).filter(({ problem }) => problem))
      .toEqual([]);
  } finally {
    for (const node of nodes) node.thaw();
    store.close();
  }
});
