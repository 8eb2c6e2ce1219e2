import { newToken } from "../kit/access.ts";
import { assemble } from "../kit/assemble.ts";
import { createRandom } from "../kit/random.ts";
import { type RedisServer, startRedis } from "../kit/redis-server.ts";
import type { SystemOptions } from "../kit/simulated-system.ts";
import { TimerGroup } from "../kit/timers.ts";
import { orphan } from "./execution.ts";
import { partitionOfUuid } from "./identifiers.ts";
import { leaseIndex } from "./lease-index.ts";
import { startWorkers } from "./random-activity.ts";
import { openRedisKeystores, type RedisKeystores } from "./redis-keystores.ts";
import type { PartitionFault } from "./rotation.ts";
import { addExecution, awaitApproval, seedServer, work } from "./seed.ts";
import { type FlowfabricServer, startFlowfabricServer } from "./server.ts";

type Order =
  | {
      do: "state" | "calm" | "cut-backend" | "mend-backend" | "kill-redis" | "restart-redis";
    }
  | { do: "hang-backend"; milliseconds?: number }
  | { do: "fault"; partitions: number[]; kind: PartitionFault["kind"]; times?: number; milliseconds?: number }
  | { do: "deadline"; milliseconds: number }
  | { do: "rotate-elsewhere"; kid: string; secretHex: string; partitions?: number[] }
  | { do: "orphan" | "suspend" }
  | { do: "empty-claims"; count: number };

interface Parts {
  server: FlowfabricServer;
  redis: RedisServer;
  keystores: RedisKeystores;
  indexLeases(): Promise<void>;
}

const partitions = 256;
const graceMilliseconds = 86_400_000;
const first = { kid: "k1", secretHex: "5a".repeat(32), graceMilliseconds };

/** Starts the simulated ff-server of the playground, its keys on a real Redis of its own. */
export function startFlowfabric({ seed, calm }: SystemOptions) {
  return assemble(async (onStop) => {
    const token = newToken();
    const password = newToken();
    const redis = await startRedis({ password });
    onStop(() => redis.stop());
    const keystores = await openRedisKeystores({ port: redis.port, password, partitions, first });
    onStop(() => keystores.close());
    const server = await startFlowfabricServer({ token, observability: true, partitions, keystores });
    onStop(() => server.stop());
    const random = createRandom(seed);
    seedServer(server.state, random, first.kid);
    const currentKid = () => keystores.currentKid(0);
    onStop(startWorkers({ state: server.state, random, currentKid, calm }));
    const indexLeases = leaseIndex(server.state, keystores);
    const index = async (): Promise<void> => {
      await indexLeases();
      for (const id of server.state.budgets.keys()) await keystores.addBudget(partitionOfUuid(id, 32), id);
    };
    await index();
    const timers = new TimerGroup();
    onStop(() => timers.close());
    timers.every(1_000, () => void index().catch(() => undefined));
    const parts: Parts = { server, redis, keystores, indexLeases };
    // A real ff-server starts on Valkey only; whoever looks at this one sees what it has instead.
    const reach = { url: server.url, valkey: redis.address, token, valkeyPassword: password };
    return {
      reach: { ...reach, store: redis.version },
      obey: (order: Record<string, unknown>) => obey(parts, order as Order, random),
    };
  });
}

async function obey(parts: Parts, order: Order, random: ReturnType<typeof createRandom>): Promise<unknown> {
  const { server, redis, keystores } = parts;
  switch (order.do) {
    case "state":
      return { executions: server.state.executions.size, audit: server.rotation.audit.slice(-20) };
    case "calm":
      server.rotation.faults.clear();
      await keystores.clearFaults();
      return {};
    case "cut-backend":
    case "mend-backend":
      server.state.store.become(order.do === "cut-backend" ? "gone" : "up");
      return {};
    case "hang-backend":
      // Each call is given up after so long, and carried out when the backend is mended.
      server.state.store.callTimeoutMilliseconds = order.milliseconds ?? 5_000;
      server.state.store.become("hung");
      return {};
    case "kill-redis":
      await redis.kill();
      return {};
    case "restart-redis":
      await redis.restart();
      await keystores.prepare();
      return {};
    case "fault":
      return disturb(parts, order);
    case "deadline":
      server.rotation.deadlineMilliseconds = order.milliseconds;
      return {};
    case "rotate-elsewhere":
      return rotateElsewhere(keystores, order);
    case "empty-claims":
      server.state.spuriousEmptyClaims = order.count;
      return {};
    default:
      return addTrouble(parts, order.do, random);
  }
}

async function disturb(
  { server, keystores }: Parts,
  order: Extract<Order, { do: "fault" }>,
): Promise<unknown> {
  const { kind, times = 1, milliseconds } = order;
  // Slowness is the server's own; everything else happens in Redis, whoever asks.
  for (const partition of order.partitions)
    if (kind === "delay")
      server.rotation.faults.set(partition, { kind, times, ...(milliseconds && { milliseconds }) });
    else await keystores.disturb(partition, kind, times);
  return {};
}

async function rotateElsewhere(
  keystores: RedisKeystores,
  { kid, secretHex, partitions: some }: Extract<Order, { do: "rotate-elsewhere" }>,
): Promise<unknown> {
  const chosen = some ?? Array.from({ length: keystores.partitions }, (_, partition) => partition);
  for (const partition of chosen) await keystores.rotate(partition, { kid, secretHex, graceMilliseconds });
  return {};
}

async function addTrouble(
  { server, keystores, indexLeases }: Parts,
  kind: "orphan" | "suspend",
  random: ReturnType<typeof createRandom>,
): Promise<unknown> {
  if (kind !== "orphan" && kind !== "suspend") throw new Error(`no such order: ${String(kind)}`);
  const execution = addExecution(server.state, random);
  work(server.state, random, execution);
  if (kind === "orphan") orphan(execution, "lease_expired_reclaimable");
  else awaitApproval(server.state, random, execution, await keystores.currentKid(0));
  await indexLeases();
  return { id: execution.id };
}
