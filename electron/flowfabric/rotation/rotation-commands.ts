import {
  type Acknowledgement,
  asFailure,
  type CommandExecution,
  Failure,
  type Verdict,
  type WireRequest,
} from "../../../shared/contract/index.ts";
import {
  directGraceMs,
  type PartitionKeys,
  type PartitionState,
  type RotationRow,
} from "../../../shared/flowfabric/rotation-schema.ts";
import { commandThrough, type SessionDoor } from "../../connections/session-door.ts";
import { answerDetails } from "../client/http-failure.ts";
import { rotateRequest } from "../client/requests.ts";
import type { FlowfabricSession } from "../session/session.ts";
import { describeRotation, readAllKeys } from "../valkey/partitions.ts";
import type { Rotation } from "./rotation.ts";
import { openPartitions, summaryOf } from "./rotation-row.ts";

export interface RotationCommand {
  door: SessionDoor<FlowfabricSession>;
  now(): number;
  way: RotationRow["way"];
  keyId: string;
  /** Makes the attempt over a session, to its end, and answers the rotation that it was one of. */
  attempt(session: FlowfabricSession): Promise<Rotation>;
  /** The rotation; undefined when none was begun. */
  current(): Rotation | undefined;
}

/**
 * One attempt of a rotation as a tracked command: its reply tells each partition, reading back proves it. Throws where the
 * connection is not open, or has no such way.
 */
export function rotationExecution(command: RotationCommand): CommandExecution {
  const { door, keyId, way } = command;
  return commandThrough(door, {
    target: { kind: "rotation", id: keyId, label: `Key ${keyId}` },
    request: wireRequest(door.get(), way, keyId),
    send: (session) => acknowledge(session, command),
    evidence: {
      waitMs: 0,
      // Whether all partitions have the key is to be read, and nothing announces it.
      verifyWhenOver: true,
      watch: () => undefined,
    },
    verify: (session) => verify(session, command),
  });
}

function wireRequest(session: FlowfabricSession, way: RotationRow["way"], keyId: string): WireRequest {
  if (way === "direct") {
    session.requireStore();
    return { protocol: "redis", method: "FCALL", ...describeRotation(keyId, directGraceMs) };
  }
  return {
    protocol: "http",
    method: rotateRequest.method,
    address: session.requireClient().address(rotateRequest),
    payload: { new_kid: keyId, new_secret_hex: "(secret)" },
  };
}

async function acknowledge(
  session: FlowfabricSession,
  { attempt }: RotationCommand,
): Promise<Acknowledgement> {
  let row: Readonly<RotationRow>;
  try {
    ({ row } = await attempt(session));
  } catch (error) {
    const failure = asFailure(error);
    if (answerDetails(failure)?.refused !== true) throw failure;
    return {
      accepted: false,
      message: failure.message,
      reply: { ...failure.details, upstream: failure.upstream },
    };
  }
  const message = summaryOf(row);
  return { accepted: true, message, reply: replyOf(row), ...(row.state === "converged" && { done: true }) };
}

/** What an activity keeps of an attempt: every partition that does not have the key, and why. */
function replyOf(row: RotationRow): unknown {
  const open = new Set(openPartitions(row));
  return {
    rotationId: row.id,
    keyId: row.keyId,
    partitions: row.partitions.length,
    converged: row.partitions.length - open.size,
    open: row.partitions
      .filter(({ partition }) => open.has(partition))
      .map(({ partition, state, failure }) => ({ partition, state, code: failure?.code })),
  };
}

async function verify(
  session: FlowfabricSession,
  { keyId, now, current }: RotationCommand,
): Promise<Verdict> {
  const rotation = current();
  const at = new Date(now()).toISOString();
  if (!rotation) return failedVerdict(at, "This rotation was never begun.");
  const { row } = rotation;
  const { store } = session;
  if (!store) return verifyByReply(row, at);
  const takeIn = rotation.look();
  const keys = await readAllKeys(
    store,
    row.partitions.map(({ partition }) => partition),
  );
  takeIn(keys);
  return judgeKeys(row, keys, { keyId, at });
}

function judgeKeys(
  row: Readonly<RotationRow>,
  keys: readonly PartitionKeys[],
  { keyId, at }: { keyId: string; at: string },
): Verdict {
  const matching = keys.filter(({ currentKeyId }) => currentKeyId === keyId).length;
  const unreadable = keys.filter(({ problem }) => problem).length;
  const data = { partitions: keys.length, matching, unreadable };
  const open = openPartitions(row).length;
  if (matching === keys.length && open === 0) {
    const message = `All ${keys.length} partitions say that they sign with ${keyId}.`;
    return { verdict: "verified", message, evidence: { at, kind: "inventory", summary: message, data } };
  }
  if (open === 0 && matching + unreadable === keys.length) throw notReadBack(keys);
  const lacking = row.partitions.some(({ state }) => lacksKey.has(state)) || open === 0;
  const message = `${summaryOf(row)} Read back: ${matching} of ${keys.length} sign with it${restOf(keys)}.${nextStep(row, lacking)}`;
  const verdict = lacking ? "failed" : "unknown";
  return { verdict, message, evidence: { at, kind: "inventory", summary: message, data } };
}

function restOf(keys: readonly PartitionKeys[]): string {
  const unreadable = keys.filter(({ problem }) => problem).length;
  return unreadable === 0 ? "" : `, ${unreadable} cannot be read`;
}

/** A key id alone does not tell whose secret is under it: only the same pair, sent again, does (flowfabric-admin §3.8). */
function nextStep(row: Readonly<RotationRow>, lacking: boolean): string {
  if (openPartitions(row).length === 0) return "";
  if (row.state === "converged") return " Its secret is gone: rotate a fresh key in.";
  return ` Retry with the same key${lacking ? "" : " to finish"}.`;
}

/** All said that they took the key, and some cannot be asked at the moment: they may be a little later. */
function notReadBack(keys: readonly PartitionKeys[]): Failure {
  const problems = keys.flatMap(({ problem }) => (problem ? [problem] : []));
  const count = problems.length === 1 ? "1 partition" : `${problems.length} partitions`;
  return new Failure({
    code: "unreachable",
    message: `${count} of ${keys.length} cannot be read back. ${problems[0]?.message ?? ""}`,
    hint: "Reconcile the activity when Valkey answers again.",
  });
}

/** States of partitions that certainly do not have the key. */
const lacksKey: ReadonlySet<PartitionState> = new Set(["failed", "overtaken", "waiting"]);

function verifyByReply(row: Readonly<RotationRow>, at: string): Verdict {
  const open = openPartitions(row);
  if (row.partitions.some(({ state }) => lacksKey.has(state)))
    return failedVerdict(at, `${summaryOf(row)} Retry with the same key.`);
  const message =
    open.length > 0
      ? `${summaryOf(row)} Only a retry with the same key tells.`
      : `${summaryOf(row)} HTTP has no way to read key ids back, so this rests on the server's reply.`;
  return { verdict: "unknown", message, evidence: { at, kind: "note", summary: message } };
}

function failedVerdict(at: string, message: string): Verdict {
  return { verdict: "failed", message, evidence: { at, kind: "note", summary: message } };
}
