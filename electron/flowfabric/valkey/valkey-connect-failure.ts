import { Failure } from "../../../shared/contract/index.ts";
import { networkCause, networkFailure } from "../../upstream/network-cause.ts";
import { callProblem, innermost } from "./valkey-problem.ts";

/** What the console does with Valkey, as rights of its user (flowfabric-admin §3.4). */
const neededRights =
  "~ff:* +ping +info +time +hget +hgetall +hset +hdel +smembers +zrangebyscore +fcall, and for a cluster +cluster|slots +cluster|info";

const allSlots = 16_384;

/** A cluster that serves nobody, by its own word. */
export class ClusterDown extends Error {
  readonly reason: string;

  constructor(info: string) {
    super("CLUSTERDOWN The cluster is down");
    const served = Number(/^cluster_slots_ok:(\d+)/m.exec(info)?.[1] ?? 0);
    this.reason =
      served < allSlots
        ? `only ${served} of ${allSlots} slots are served`
        : "it is just starting, or most primaries are out of reach";
  }
}

/** Throws where a cluster says of itself that it is down. */
export function requireServing(info: string): void {
  if (/^cluster_state:fail/m.test(info)) throw new ClusterDown(info);
}

/** Why Valkey cannot be connected to, by what its client last failed with. */
export function connectFailure(error: unknown, address: string): Failure {
  const inner = innermost(error);
  // One of our own, which a cluster puts into an error about all its nodes.
  if (inner instanceof Failure) return inner;
  const problem = callProblem(error);
  const details = { cause: problem.code, delivered: false };
  if (error instanceof ClusterDown)
    return new Failure({
      code: "unreachable",
      message: `The cluster is down: ${error.reason}.`,
      details,
      hint: "It is tried again by itself. If it stays so, look at the cluster's nodes (CLUSTER NODES).",
    });
  if (problem.code === "NOAUTH" || problem.code === "WRONGPASS")
    return new Failure({
      code: "unauthenticated",
      message: `${address} does not accept this user and password.`,
      details,
      hint: "Correct the user and password of Valkey in the connection's settings.",
    });
  if (!problem.answered && networkCause(inner))
    return networkFailure(inner, { address, details: { delivered: false } });
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
