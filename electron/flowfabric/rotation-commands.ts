import {
  type Acknowledgement,
  asFailure,
  type CommandExecution,
  Failure,
  type Verdict,
  type WireRequest,
} from "../../shared/contract/index.ts";
import { directGraceMs, type RotationRow } from "../../shared/flowfabric/rotation-schema.ts";
import { readFirst } from "./command-parts.ts";
import { answerDetails } from "./http-failure.ts";
import { describeRotation, readAllKeys } from "./partitions.ts";
import { rotateRequest } from "./requests.ts";
import { foreignKeys, openPartitions, summaryOf } from "./rotation-row.ts";
import type { RotationRunner } from "./rotation-runner.ts";
import type { FlowfabricSession } from "./session.ts";

export interface RotationCommand {
  session: FlowfabricSession;
  runner: RotationRunner;
  now(): number;
  way: RotationRow["way"];
  keyId: string;
  /** The row to work on, made when it is sent. */
  prepare(): Promise<RotationRow>;
  /** The row as it stands; undefined when nothing was begun. */
  current(): RotationRow | undefined;
}

/** One attempt of a rotation as a tracked command: its reply tells each partition, reading back proves it. */
export function rotationExecution(command: RotationCommand): CommandExecution {
  const { session, keyId, way } = command;
  return {
    target: { kind: "rotation", id: keyId, label: `Key ${keyId}` },
    request: wireRequest(session, way, keyId),
    send: async () => acknowledge(command, await readFirst(command.prepare())),
    evidence: {
      waitMs: 0,
      // Whether all partitions have the key is to be read, and nothing announces it.
      verifyWhenOver: true,
      watch: () => () => undefined,
    },
    verify: () => verify(command),
  };
}

function wireRequest(session: FlowfabricSession, way: RotationRow["way"], keyId: string): WireRequest {
  if (way === "direct")
    return { protocol: "redis", method: "FCALL", ...describeRotation(keyId, directGraceMs) };
  return {
    protocol: "http",
    method: rotateRequest.method,
    address: session.client?.exchange.address(rotateRequest) ?? "",
    payload: { new_kid: keyId, new_secret_hex: "(secret)" },
  };
}

async function acknowledge({ session, runner }: RotationCommand, row: RotationRow): Promise<Acknowledgement> {
  try {
    await runner.attempt(session, row);
  } catch (error) {
    const failure = asFailure(error);
    const refused = answerDetails(failure)?.refused === true;
    if (refused)
      return {
        accepted: false,
        message: failure.message,
        reply: { ...failure.details, upstream: failure.upstream },
      };
    throw failure;
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

async function verify({ session, keyId, now, current, runner }: RotationCommand): Promise<Verdict> {
  const row = current();
  const at = new Date(now()).toISOString();
  if (!row) return failedVerdict(at, "This rotation was never begun.");
  const { store } = session;
  if (!store) return verifyByReply(row, at);
  const keys = await readAllKeys(
    store,
    row.partitions.map(({ partition }) => partition),
  );
  const matching = keys.filter(({ currentKeyId }) => currentKeyId === keyId).length;
  const unreadable = keys.filter(({ problem }) => problem).length;
  const data = { partitions: keys.length, matching, unreadable };
  if (matching === keys.length && openPartitions(row).length === 0) {
    const message = `All ${keys.length} partitions say that they sign with ${keyId}.`;
    return { verdict: "verified", message, evidence: { at, kind: "inventory", summary: message, data } };
  }
  if (row.state !== "running") await runner.readBack(session, row);
  const message = `${summaryOf(row)} Read back: ${matching} of ${keys.length} sign with it.`;
  const verdict = unreadable > 0 && openPartitions(row).length === 0 ? "unknown" : "failed";
  return { verdict, message, evidence: { at, kind: "inventory", summary: message, data } };
}

function verifyByReply(row: RotationRow, at: string): Verdict {
  const open = openPartitions(row);
  if (open.length > 0 && row.partitions.some(({ state }) => state === "failed"))
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

/** Throws `conflict` where a retry would roll partitions back that somebody else has rotated since (flowfabric-admin §3.3). */
export function refuseLateRetry(row: RotationRow): void {
  const foreign = foreignKeys(row);
  if (foreign.length === 0) return;
  const count = foreign.reduce((sum, { partitions }) => sum + partitions.length, 0);
  const names = foreign.map(({ keyId }) => keyId).join(", ");
  throw new Failure({
    code: "conflict",
    message: `${count} partitions sign with ${names} by now: somebody else rotated. Sending ${row.keyId} again would roll them back.`,
    details: { rotationId: row.id, foreign, delivered: false },
    hint: "Abandon this rotation, agree with the other writer, and rotate a fresh key in everywhere.",
  });
}
