import { Redis } from "iovalkey";
import { expect, vi } from "vitest";
import { functionLibrary } from "../../../playground/flowfabric/function-library.ts";
import { type RedisServer, startRedis } from "../../../playground/kit/redis-server.ts";
import { keystoreKey } from "../valkey/partitions.ts";

/** Where the numbers of partitions are. */
export const countsKey = "ff:config:partitions";
const allSlots = 16_384;
const patience = { timeout: 50_000, interval: 50 };

/** A silent primary is missed after a second, and its replica takes over whatever it has got. */
const settings = [
  "cluster-node-timeout 1000",
  "cluster-replica-validity-factor 0",
  "repl-diskless-sync-delay 0",
  "repl-ping-replica-period 1",
];

/** One server of a cluster. */
export class ClusterNode {
  private isFrozen = false;

  constructor(readonly process: RedisServer) {}

  get port(): number {
    return this.process.port;
  }

  /** As a cluster's client calls it. */
  get name(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Carries a command out on this server, and on no other. */
  async ask(command: string, ...words: string[]): Promise<unknown> {
    const client = new Redis({
      host: "127.0.0.1",
      port: this.port,
      lazyConnect: true,
      retryStrategy: () => null,
    });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return await client.call(command, ...words);
    } finally {
      client.disconnect();
    }
  }

  /** Waits until it says this of itself. */
  async says(words: RegExp, command: "CLUSTER INFO" | "INFO replication"): Promise<void> {
    const [first = "", second = ""] = command.split(" ");
    await vi.waitFor(async () => expect(await this.ask(first, second)).toMatch(words), patience);
  }

  /** Stops in the middle of whatever it does: its sockets stay, and nobody answers. */
  freeze(): void {
    process.kill(this.process.processId as number, "SIGSTOP");
    this.isFrozen = true;
  }

  /** Lets it go on, where it was frozen. */
  thaw(): void {
    if (!this.isFrozen) return;
    this.isFrozen = false;
    process.kill(this.process.processId as number, "SIGCONT");
  }
}

export interface Shard {
  slots: [first: number, last: number];
  primary: ClusterNode;
  replica: ClusterNode | undefined;
}

export interface ClusterOptions {
  primaries: number;
  /** Whether each primary has a replica. */
  replicas: boolean;
  /** Path of the server program. */
  program?: string | undefined;
}

/** A real cluster on loopback. */
export class ValkeyCluster {
  private slots: readonly number[] | undefined;

  private constructor(readonly nodes: readonly ClusterNode[]) {}

  static async start({ primaries, replicas, program }: ClusterOptions): Promise<ValkeyCluster> {
    const count = replicas ? primaries * 2 : primaries;
    const made = await Promise.all(
      Array.from({ length: count }, () => startRedis({ cluster: true, settings, program })),
    );
    const cluster = new ValkeyCluster(made.map((redis) => new ClusterNode(redis)));
    try {
      await cluster.form(primaries);
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  get addresses(): string[] {
    return this.nodes.map(({ process: { address } }) => address);
  }

  /** Writes the function library and the numbers of partitions, as ff-server's first start does. */
  async seed(): Promise<void> {
    const witness = this.nodes[0] as ClusterNode;
    for (const { primary } of await this.shards(witness))
      await primary.ask("FUNCTION", "LOAD", functionLibrary);
    const { primary } = await this.shardOf(countsKey, witness);
    await primary.ask("HSET", countsKey, "num_flow_partitions", "256", "num_budget_partitions", "32");
  }

  /** Who has which slots, as one server sees it. */
  async shards(witness: ClusterNode): Promise<Shard[]> {
    const rows = (await witness.ask("CLUSTER", "SLOTS")) as [number, number, ...[string, number][]][];
    return rows.map(([first, last, ...servers]) => {
      const [primary, replica] = servers.map(([, port]) => this.nodes.find((node) => node.port === port));
      if (!primary) throw new Error("slots without a server of this cluster");
      return { slots: [first, last], primary, replica };
    });
  }

  /** One primary with its replica, and another server to ask about them. */
  async pick(): Promise<{ primary: ClusterNode; replica: ClusterNode; witness: ClusterNode }> {
    const [one, other] = await this.shards(this.nodes[0] as ClusterNode);
    if (!one?.replica || !other) throw new Error("no primary with a replica, and another one");
    return { primary: one.primary, replica: one.replica, witness: other.primary };
  }

  /** The shard of a key, as one server sees it. */
  async shardOf(key: string, witness: ClusterNode): Promise<Shard> {
    const slot = Number(await witness.ask("CLUSTER", "KEYSLOT", key));
    const shard = (await this.shards(witness)).find(
      ({ slots: [first, last] }) => first <= slot && slot <= last,
    );
    if (!shard) throw new Error(`nobody has the slot of ${key}`);
    return shard;
  }

  /** Which of 256 partitions a primary has. */
  async partitionsOf(primary: ClusterNode): Promise<number[]> {
    const shard = (await this.shards(primary)).find((each) => each.primary === primary);
    const [first, last] = shard?.slots ?? [allSlots, 0];
    const partitions = Array.from({ length: 256 }, (_, partition) => partition);
    const slots = await this.slotsOf(partitions, primary);
    return partitions.filter((partition) => {
      const slot = slots[partition] ?? -1;
      return first <= slot && slot <= last;
    });
  }

  private async slotsOf(partitions: readonly number[], witness: ClusterNode): Promise<readonly number[]> {
    this.slots ??= await Promise.all(
      partitions.map(async (partition) =>
        Number(await witness.ask("CLUSTER", "KEYSLOT", keystoreKey(partition))),
      ),
    );
    return this.slots;
  }

  /** Waits until all servers run, and see the same cluster in which nothing is missing. */
  async isWell(): Promise<void> {
    for (const node of this.nodes) {
      await node.says(new RegExp(`cluster_state:ok[\\s\\S]*cluster_slots_ok:${allSlots}`), "CLUSTER INFO");
      await node.says(/role:master|master_link_status:up/, "INFO replication");
    }
    const seen = async (node: ClusterNode): Promise<number> =>
      (await this.shards(node)).flatMap(({ primary, replica }) => (replica ? [primary, replica] : [primary]))
        .length;
    for (const node of this.nodes)
      await vi.waitFor(async () => expect(await seen(node)).toBe(this.nodes.length), patience);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(({ process: redis }) => redis.kill().then(() => redis.stop())));
  }

  private async form(primaries: number): Promise<void> {
    const [first] = this.nodes;
    for (const [index, node] of this.nodes.entries()) {
      await node.ask("CLUSTER", "SET-CONFIG-EPOCH", String(index + 1));
      if (node !== first) await first?.ask("CLUSTER", "MEET", "127.0.0.1", String(node.port));
      if (index >= primaries) continue;
      const slotOf = (part: number): number => Math.ceil((allSlots * part) / primaries);
      await node.ask("CLUSTER", "ADDSLOTSRANGE", String(slotOf(index)), String(slotOf(index + 1) - 1));
    }
    for (const node of this.nodes)
      await node.says(new RegExp(`cluster_known_nodes:${this.nodes.length}\\b`), "CLUSTER INFO");
    for (const [index, node] of this.nodes.slice(primaries).entries())
      await node.ask("CLUSTER", "REPLICATE", String(await this.nodes[index]?.ask("CLUSTER", "MYID")));
    await this.isWell();
  }
}
