import { dateText, Failure, ownValue } from "../../../shared/contract/index.ts";
import type { PartitionFailure, PartitionKeys } from "../../../shared/flowfabric/rotation-schema.ts";
import { forEachBounded } from "./bounded.ts";
import type { ValkeyStore } from "./valkey.ts";
import { callProblem } from "./valkey-problem.ts";

/** Key id, secret and grace of one rotation; the secret goes nowhere but into the call. */
export interface RotationCall {
  keyId: string;
  secretHex: string;
  graceMs: number;
}

/** What one partition answered to the rotation function (flowfabric-admin §3.4). */
export type PartitionOutcome =
  | { status: "rotated"; previousKeyId: string | undefined; collected: number }
  | { status: "already" }
  | {
      status: "failed";
      failure: PartitionFailure;
      passing: boolean;
      /** No answer came to a call that was sent: the partition may take the key, or have it. */
      mayHaveArrived: boolean;
    };

/** What a Valkey-backed server has unless it was configured otherwise (flowfabric-admin §6.3). */
export const defaultPartitions = 256;

const rotateFunction = "ff_rotate_waitpoint_hmac_secret";
const listFunction = "ff_list_waitpoint_hmac_kids";
/** Enough for all that one server has: whoever waits for one that hangs waits for all of it at once. */
const readsAtOnce = 256;

/** The key of a partition's keystore: the hash tag is `{fp:N}`, whatever older comments say (flowfabric-admin §3.4). */
export function keystoreKey(partition: number): string {
  return `ff:sec:{fp:${partition}}:waitpoint_hmac`;
}

/** The rotation of one partition as people may read it. */
export function describeRotation(keyId: string, graceMs: number): { address: string; payload: unknown } {
  return {
    address: keystoreKey(0).replace("{fp:0}", "{fp:N}"),
    payload: [
      "FCALL",
      rotateFunction,
      "1",
      "ff:sec:{fp:N}:waitpoint_hmac",
      keyId,
      "(secret)",
      String(graceMs),
    ],
  };
}

/** Rotates one partition; never throws. */
export async function rotatePartition(
  store: ValkeyStore,
  partition: number,
  { keyId, secretHex, graceMs }: RotationCall,
): Promise<PartitionOutcome> {
  try {
    const args = [keyId, secretHex, String(graceMs)];
    return readRotateReply(await store.callFunction(rotateFunction, keystoreKey(partition), args));
  } catch (error) {
    const { passing, answered, sent, ...failure } = callProblem(error);
    return { status: "failed", failure, passing, mayHaveArrived: sent && !answered };
  }
}

/** Reads a reply of the rotation function; anything else than the contract's is a failure of its own. */
export function readRotateReply(reply: unknown): PartitionOutcome {
  const parts = textsOf(reply);
  if (parts?.[0] === "0" && /^[a-z_]{1,64}$/.test(parts[1] ?? "")) return refused(refusalOf(parts[1] ?? ""));
  if (parts?.[0] === "1" && parts[1] === "OK" && parts[2] === "noop") return { status: "already" };
  if (parts?.[0] === "1" && parts[1] === "OK" && parts[2] === "rotated" && parts.length >= 6)
    return { status: "rotated", previousKeyId: parts[3] || undefined, collected: Number(parts[5]) || 0 };
  const message = "The function answered something unknown; the partition may have taken the key.";
  return { ...refused({ class: "refused", code: "unreadable", message, retry: true }), mayHaveArrived: true };
}

function refused(failure: PartitionFailure): Extract<PartitionOutcome, { status: "failed" }> {
  return { status: "failed", failure, passing: false, mayHaveArrived: false };
}

function textsOf(reply: unknown): string[] | undefined {
  if (!Array.isArray(reply)) return undefined;
  return reply.map((part) => (typeof part === "string" || typeof part === "number" ? String(part) : ""));
}

const refusals: Record<string, Omit<PartitionFailure, "code">> = {
  rotation_conflict: {
    class: "conflict",
    message: "This key id is current here with another secret. Only a fresh key id helps.",
    retry: false,
  },
  invalid_kid: { class: "refused", message: "The function does not take this key id.", retry: false },
  invalid_secret_hex: { class: "refused", message: "The function does not take this secret.", retry: false },
  invalid_grace_ms: { class: "refused", message: "The function does not take this grace.", retry: false },
};

function refusalOf(code: string): PartitionFailure {
  const known = ownValue(refusals, code) ?? {
    class: "refused" as const,
    message: "The function refused.",
    retry: true,
  };
  return { ...known, code };
}

/** Reads which keys one partition knows, without its secrets; never throws. */
async function readKeys(store: ValkeyStore, partition: number): Promise<PartitionKeys> {
  try {
    const reply = await store.readFunction(listFunction, keystoreKey(partition));
    return readListReply(partition, reply);
  } catch (error) {
    const { passing: _passing, answered: _answered, sent: _sent, ...problem } = callProblem(error);
    return { partition, currentKeyId: "", verifying: [], problem };
  }
}

/** Reads a reply of the listing function. */
export function readListReply(partition: number, reply: unknown): PartitionKeys {
  const parts = textsOf(reply);
  if (parts?.[0] !== "1" || parts[1] !== "OK" || parts.length < 4) {
    const message = "The listing function answered something unknown.";
    const problem = { class: "refused" as const, code: "unreadable", message, retry: true };
    return { partition, currentKeyId: "", verifying: [], problem };
  }
  const verifying: PartitionKeys["verifying"] = [];
  for (let index = 4; index + 1 < parts.length; index += 2) {
    const expiresAt = timeOf(parts[index + 1] ?? "");
    if (expiresAt !== undefined) verifying.push({ keyId: parts[index] ?? "", expiresAt });
  }
  verifying.sort((left, right) => (left.expiresAt < right.expiresAt ? 1 : -1));
  return { partition, currentKeyId: parts[2] ?? "", verifying };
}

/** Epoch milliseconds as text; large sums come in exponent notation (flowfabric-admin §3.4). */
function timeOf(text: string): string | undefined {
  const milliseconds = Number(text);
  if (text === "" || !Number.isFinite(milliseconds)) return undefined;
  return dateText(Math.max(0, milliseconds));
}

/** Reads the keys of many partitions at once, in their order. */
export async function readAllKeys(
  store: ValkeyStore,
  partitions: readonly number[],
): Promise<PartitionKeys[]> {
  const keys = new Array<PartitionKeys>(partitions.length);
  await forEachBounded(partitions, readsAtOnce, async (partition, index) => {
    keys[index] = await readKeys(store, partition);
  });
  return keys;
}

/** How many partitions there are, as ff-server's first start froze it; undefined where it never started. Throws a Failure. */
export async function readPartitionCount(
  store: ValkeyStore,
  kind: "num_flow_partitions" | "num_budget_partitions" = "num_flow_partitions",
): Promise<number | undefined> {
  const text = await orFailure(store.hashField("ff:config:partitions", kind));
  const count = Number(text);
  return text !== null && Number.isInteger(count) && count > 0 && count <= 65_535 ? count : undefined;
}

/** The function library, as every primary of a cluster has it, or the one Valkey that there is. */
export interface FunctionLibrary {
  /** Undefined where no node has one. */
  version: string | undefined;
  nodes: number;
  missingOn: readonly string[];
  /** Nodes that did not say. */
  silent: readonly string[];
}

/** Throws a Failure where no node can be asked. */
export async function readLibrary(store: ValkeyStore): Promise<FunctionLibrary> {
  const answers = await store.callAtPrimaries("ff_version");
  const library = {
    version: undefined as string | undefined,
    missingOn: [] as string[],
    silent: [] as string[],
  };
  let problem: unknown;
  for (const { node, answer } of answers)
    if (answer.status === "fulfilled") library.version ??= String(answer.value);
    else if (callProblem(answer.reason).class === "library") library.missingOn.push(node);
    else {
      library.silent.push(node);
      problem = answer.reason;
    }
  if (library.silent.length === answers.length) throw failureOf(problem ?? new Error("Cluster isn't ready"));
  return { ...library, nodes: answers.length };
}

/** What to say of a library that some node lacks; undefined where all have it. */
export function missingLibrary({ version, nodes, missingOn, silent }: FunctionLibrary): string | undefined {
  if (version === undefined && silent.length === 0)
    return "The function library is not loaded in Valkey: restart ff-server, which loads it when it starts.";
  if (missingOn.length > 0)
    return `The function library is missing on ${missingOn.length} of ${nodes} primaries (${missingOn.join(", ")}): the partitions there fail. Restart ff-server, or load it there.`;
  if (silent.length > 0)
    return `${silent.length} of ${nodes} primaries do not answer (${silent.join(", ")}): the partitions there fail.`;
  return undefined;
}

/** The value, or its error as a Failure. */
export async function orFailure<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw failureOf(error);
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { message, code, class: kind } = callProblem(error);
  return new Failure({
    code: kind === "timeout" ? "timeout" : kind === "unreachable" ? "unreachable" : "upstream_refused",
    message,
    details: { cause: code },
    hint: "Look at Valkey; the console goes on trying to reach it.",
  });
}
