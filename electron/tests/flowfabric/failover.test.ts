import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { OutputFor } from "../../../shared/catalogue.ts";
import type { Activity, Reply } from "../../../shared/contract/index.ts";
import { countPartitions, type RotationRow } from "../../../shared/flowfabric/rotation-schema.ts";
import {
  type ClusterNode,
  countsKey,
  type Shard,
  ValkeyCluster,
} from "../../flowfabric/testing/valkey-cluster.ts";
import { keystoreKey } from "../../flowfabric/valkey/partitions.ts";
import { UnderTest } from "../../testing/console.ts";

const patience = { timeout: 50_000, interval: 50 };
const start = "flowfabric.rotations.start";
const retry = "flowfabric.rotations.retry";

/** A whole console beside a cluster of three primaries with a replica each; the connection is called `here`. */
class ClusterUnderTest extends UnderTest {
  constructor(readonly cluster: ValkeyCluster) {
    super("here");
  }

  async connect(connectionId = "here"): Promise<OutputFor<"connections.open">["status"]> {
    const valkey = { addresses: this.cluster.addresses, cluster: true };
    const target = { valkey, requestTimeoutMs: 3_000 };
    const profile = { name: connectionId, guard: "open", system: "flowfabric", target } as const;
    await this.keep(profile, { connectionId });
    return (await this.output("connections.open", { connectionId })).status;
  }

  async rotation(): Promise<RotationRow> {
    const [row] = await this.output("flowfabric.rotations.list");
    if (!row) throw new Error("there is no rotation");
    return row;
  }

  async keyIds(): Promise<Set<string>> {
    const keys = await this.output("flowfabric.partitions.list");
    return new Set(keys.map(({ currentKeyId, problem }) => problem?.message ?? currentKeyId));
  }

  /** Waits until so many partitions of the running rotation have its key. */
  async has(keyId: string, rotated: number): Promise<void> {
    const isThere = async () => {
      const row = await this.rotation();
      expect(row.keyId).toBe(keyId);
      expect(countPartitions(row)).toMatchObject({ rotated });
    };
    await vi.waitFor(isThere, patience);
  }

  /**
   * Retries a rotation, as an operator does, until every partition has the key and was read back.
   * @param mayLose whether a primary died, whose replica may not have got the last that it took
   */
  async finish(running: Promise<Reply<Activity>>, { mayLose = false } = {}): Promise<void> {
    const expected = mayLose ? ["unreachable", "timeout", "lost"] : ["unreachable", "timeout"];
    let reply = await running;
    for (let row = await this.rotation(); row.state !== "converged"; row = await this.rotation()) {
      for (const { failure } of row.partitions)
        if (failure) expect(expected).toContain(failure.code === "lost" ? failure.code : failure.class);
      reply = await this.call(retry, { rotationId: row.id });
    }
    const id = reply.ok ? reply.output.id : String(reply.failure.details?.activityId);
    await vi.waitFor(
      async () => expect(await this.activity(id)).toMatchObject({ state: "verified" }),
      patience,
    );
    const { keyId } = await this.rotation();
    expect(await this.keyIds()).toEqual(new Set([keyId]));
  }
}

let cluster: ValkeyCluster;
let here: ClusterUnderTest;

beforeAll(async () => {
  cluster = await ValkeyCluster.start({ primaries: 3, replicas: true });
  await cluster.seed();
  here = new ClusterUnderTest(cluster);
  await here.restart();
  expect(await here.connect()).toMatchObject({ state: "open" });
  await here.finish(here.call(start, { way: "direct", keyId: "k1" }));
});
afterEach(() => {
  for (const node of cluster.nodes) node.thaw();
});
afterAll(async () => {
  await here?.close();
  await cluster?.stop();
});

const faultOf = (partition: number): string => `playground:fault:{fp:${partition}}`;

/** Begins a rotation of which some partitions of a server are held up until `release`. */
async function rotateHeldUp(keyId: string, primary: ClusterNode) {
  const owned = await cluster.partitionsOf(primary);
  const held = owned.slice(0, 10);
  const words = ["kind", "BUSY Redis is busy running a script."];
  for (const partition of held) await primary.ask("HSET", faultOf(partition), ...words);
  const running = here.call(start, { way: "direct", keyId });
  await here.has(keyId, 256 - held.length);
  const release = async (node: ClusterNode): Promise<void> => {
    for (const partition of held) await node.ask("DEL", faultOf(partition));
  };
  return { owned, running, release };
}

const downMessage = ({ name }: ClusterNode): string =>
  `${name} cannot be reached, or the connection to it broke: it is down, or failing over.`;

const takesOver = (replica: ClusterNode, allowed: "yes" | "no"): Promise<unknown> =>
  replica.ask("CONFIG", "SET", "cluster-replica-no-failover", allowed === "yes" ? "no" : "yes");

test("an orderly failover in the middle of a rotation is followed, and every partition can be read all the time", async () => {
  const { primary, replica } = await cluster.pick();
  const { running, release } = await rotateHeldUp("k2", primary);
  await replica.ask("CLUSTER", "FAILOVER");
  await replica.says(/role:master/, "INFO replication");
  expect(await here.keyIds()).toEqual(new Set(["k1", "k2"]));
  await release(replica);
  await here.finish(running);
  await cluster.isWell();
});

test("a primary that is killed in the middle of a rotation is named until its replica has taken over", async () => {
  const { primary, replica } = await cluster.pick();
  const { owned, running, release } = await rotateHeldUp("k3", primary);
  await takesOver(replica, "no");
  await primary.process.kill();
  const down = downMessage(primary);
  await vi.waitFor(async () => {
    const keys = await here.output("flowfabric.partitions.list");
    const missing = keys.filter(({ problem }) => problem);
    expect(missing.map(({ partition }) => partition)).toEqual(owned);
    expect(new Set(missing.map(({ problem }) => problem?.message))).toEqual(new Set([down]));
  }, patience);
  const [connection] = await here.output("connections.list");
  expect(connection?.status.state).toBe("open");
  await takesOver(replica, "yes");
  await replica.says(/role:master/, "INFO replication");
  await release(replica);
  await here.finish(running, { mayLose: true });
  await primary.process.restart();
  await cluster.isWell();
});

test("a primary that hangs blinds nobody once its replica has taken over, and what it was sent goes nowhere when it wakes up", async () => {
  const { primary, replica } = await cluster.pick();
  const { running, release } = await rotateHeldUp("k4", primary);
  primary.freeze();
  await replica.says(/role:master/, "INFO replication");
  await release(replica);
  await vi.waitFor(async () => {
    const keys = await here.output("flowfabric.partitions.list");
    expect(keys.flatMap(({ problem }) => (problem ? [problem.message] : []))).toEqual([]);
  }, patience);
  await here.finish(running, { mayLose: true });
  await here.finish(here.call(start, { way: "direct", keyId: "k5" }));
  primary.thaw();
  await cluster.isWell();
  await primary.says(/role:slave/, "INFO replication");
  expect(await here.keyIds()).toEqual(new Set(["k5"]));
});

test("slots without a server are named, and a rotation is finished when they are back", async () => {
  const { primary, replica, witness } = await cluster.pick();
  const others = (await cluster.shards(witness))
    .map((shard) => shard.primary)
    .filter((node) => node !== primary);
  const owned = await cluster.partitionsOf(primary);
  await primary.ask("SAVE");
  for (const node of others) await node.ask("CONFIG", "SET", "cluster-require-full-coverage", "yes");
  await replica.process.kill();
  await primary.process.kill();
  for (const node of others) await node.says(/cluster_state:fail/, "CLUSTER INFO");
  expect(await here.connect("there")).toMatchObject({
    state: "failed",
    failure: {
      code: "unreachable",
      message: expect.stringMatching(/The cluster is down.*only \d+ of 16384 slots/),
    },
  });
  await here.output("connections.close", { connectionId: "there" });

  for (const node of others) await node.ask("CONFIG", "SET", "cluster-require-full-coverage", "no");
  const down = downMessage(primary);
  await vi.waitFor(async () => expect(await here.keyIds()).toEqual(new Set(["k5", down])), patience);
  expect((await here.output("flowfabric.health")).valkey).toMatchObject({
    message: expect.stringContaining(`1 of 3 primaries do not answer (${primary.name})`),
  });
  const running = here.call(start, { way: "direct", keyId: "k6" });
  await here.has("k6", 256 - owned.length);
  await here.output("flowfabric.rotations.stop", { rotationId: (await here.rotation()).id });
  await running;
  const failed = (await here.rotation()).partitions.filter(({ state }) => state === "failed");
  // Nothing was ever sent there.
  expect(failed.map(({ partition }) => partition)).toEqual(owned);
  expect(new Set(failed.map(({ failure }) => failure?.message))).toEqual(new Set([down]));

  await primary.process.restart();
  await replica.process.restart();
  await cluster.isWell();
  const { id: rotationId } = await here.rotation();
  await here.finish(here.call(retry, { rotationId }));
});

test("a slot on its way to another server is followed, and that one's end is told as its own", async () => {
  const [witness] = cluster.nodes as [ClusterNode];
  const { primary: source } = await cluster.shardOf(countsKey, witness);
  const shard = (await cluster.shards(witness)).find(({ primary }) => primary !== source) as Shard;
  const { primary: target, replica } = shard;
  const [partition = 0] = await cluster.partitionsOf(source);
  const key = keystoreKey(partition);
  const slot = String(await source.ask("CLUSTER", "KEYSLOT", key));
  const idOf = async (node: ClusterNode): Promise<string> => String(await node.ask("CLUSTER", "MYID"));
  await target.ask("CLUSTER", "SETSLOT", slot, "IMPORTING", await idOf(source));
  await source.ask("CLUSTER", "SETSLOT", slot, "MIGRATING", await idOf(target));
  await source.ask("MIGRATE", "127.0.0.1", String(target.port), key, "0", "5000");
  await here.finish(here.call(start, { way: "direct", keyId: "k7" }));

  await takesOver(replica as ClusterNode, "no");
  await target.ask("SAVE");
  await target.process.kill();
  const down = downMessage(target);
  await vi.waitFor(async () => {
    const keys = await here.output("flowfabric.partitions.list", { from: partition, to: partition });
    expect(keys).toMatchObject([{ problem: { message: down } }]);
  }, patience);
  await target.process.restart();
  await takesOver(replica as ClusterNode, "yes");
  for (const node of [target, source]) await node.ask("CLUSTER", "SETSLOT", slot, "NODE", await idOf(target));
  await here.finish(here.call(start, { way: "direct", keyId: "k8" }));
});
