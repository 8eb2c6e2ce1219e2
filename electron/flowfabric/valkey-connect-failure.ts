import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "iovalkey";
import { Failure } from "../../shared/contract/index.ts";
import { nodeOf, type ValkeyOptions } from "./valkey-clients.ts";
import { callProblem } from "./valkey-problem.ts";

/** What the console does with Valkey, as rights of its user (flowfabric-admin §3.4). */
const neededRights =
  "~ff:* +ping +info +time +hget +hgetall +hset +hdel +smembers +zrangebyscore +fcall, and for a cluster +cluster|slots +cluster|info";

/** Why Valkey cannot be connected to, by what a client of it last failed with. */
export async function explainConnect(error: unknown, options: ValkeyOptions): Promise<Failure> {
  const address = options.addresses.join(", ");
  const found = options.cluster ? await clusterTrouble(options) : undefined;
  return found instanceof Failure ? found : connectFailure(found ?? error, address);
}

/** An error of Valkey's client as the Failure of the connection. */
export function connectFailure(error: unknown, address: string): Failure {
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

/** A cluster's client waits in silence where the cluster is down, or it may not ask how it is; one of its servers says so. */
async function clusterTrouble(options: ValkeyOptions): Promise<unknown> {
  const troubles = await Promise.all(options.addresses.map((address) => troubleAt(options, address)));
  return troubles.find((trouble) => trouble !== undefined);
}

async function troubleAt(options: ValkeyOptions, address: string): Promise<unknown> {
  const node = nodeOf(options, address);
  let last: unknown;
  node.on("error", (error: unknown) => {
    last = error;
  });
  try {
    return await Promise.race([stateOf(node, address), late(options.timeoutMs)]);
  } catch (error) {
    const isRefusal = (each: unknown): boolean => each !== undefined && callProblem(each).class === "refused";
    return [last, error].find(isRefusal);
  } finally {
    node.disconnect();
  }
}

const allSlots = 16_384;

/** Why a cluster serves nobody, by the word of one of its servers; undefined where it does. */
async function stateOf(node: Redis, address: string): Promise<Failure | undefined> {
  await node.connect();
  await node.call("CLUSTER", "SLOTS");
  const info = String(await node.call("CLUSTER", "INFO"));
  if (!/^cluster_state:fail/m.test(info)) return undefined;
  const served = Number(/^cluster_slots_ok:(\d+)/m.exec(info)?.[1] ?? 0);
  return new Failure({
    code: "unreachable",
    message: `The cluster is down, as ${address} says: ${served < allSlots ? `only ${served} of ${allSlots} slots are served` : "it is just starting, or most primaries are out of reach"}.`,
    details: { cause: "CLUSTERDOWN", delivered: false },
    hint: "It is tried again by itself. If it stays so, look at the cluster's nodes (CLUSTER NODES).",
  });
}

/** Throws what a call that got no answer throws; the client itself may go on trying for ever. */
export async function late(timeoutMs: number): Promise<never> {
  await sleep(timeoutMs, undefined, { ref: false });
  throw new Error("Command timed out");
}

/** A Failure of our own, which a cluster puts into an error about all its nodes. */
function failureIn(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error;
  const inner = (error as { lastNodeError?: unknown } | undefined)?.lastNodeError;
  return inner instanceof Failure ? inner : undefined;
}
