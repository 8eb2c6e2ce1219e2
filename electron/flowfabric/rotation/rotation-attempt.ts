import { setTimeout as sleep } from "node:timers/promises";
import { asFailure, type Failure } from "../../../shared/contract/index.ts";
import type { PartitionKeys, RotationRow } from "../../../shared/flowfabric/rotation-schema.ts";
import { isAllFailed } from "../client/client-side-judgement.ts";
import { answerDetails } from "../client/http-failure.ts";
import type { FlowfabricSession } from "../session/session.ts";
import { readAllKeys } from "../valkey/partitions.ts";
import { rotateDirectly } from "./direct-rotation.ts";
import type { AttemptSteps, Sending } from "./rotation.ts";
import { applyReadBack, contradicting, reckonGrace, refuseLateRetry } from "./rotation-read-back.ts";
import { applyReply, markAllUnknown, markAllUntold } from "./rotation-reply.ts";
import { addNotice, applyOutcome, markSending, openPartitions } from "./rotation-row.ts";

export interface AttemptParts {
  now(): number;
  /** Milliseconds that the HTTP route is waited for; above the server's own deadline. */
  httpTimeoutMs: number;
}

/** The first attempt of a rotation over a session, for which the partitions were read before it was begun. */
export function firstAttempt(
  parts: AttemptParts,
  session: FlowfabricSession,
  way: RotationRow["way"],
): AttemptSteps {
  return {
    places: session.rotationPlaces(way),
    prepare: async () => undefined,
    send: (sending) => send(parts, session, sending),
  };
}

/** A further attempt with the same pair; none begins where it would roll back what somebody else has rotated since. */
export function furtherAttempt(
  parts: AttemptParts,
  session: FlowfabricSession,
  { way, earlierKeyIds }: { way: RotationRow["way"]; earlierKeyIds: ReadonlySet<string> },
): AttemptSteps {
  return {
    ...firstAttempt(parts, session, way),
    prepare: async (row) => {
      const keys = await readBack(session, row, parts.now);
      refuseLateRetry(row, keys, earlierKeyIds);
    },
  };
}

async function send(
  { now, httpTimeoutMs }: AttemptParts,
  session: FlowfabricSession,
  sending: Sending,
): Promise<void> {
  const { row } = sending;
  try {
    if (row.way === "direct") await sendDirectly(session, sending);
    else await sendOverHttp(session, sending, httpTimeoutMs);
  } finally {
    await readBack(session, row, now);
    // Postgres and SQLite take retired keys for good (flowfabric-admin §3.6).
    if (!hasOneKeystore(session)) reckonGrace(row, now());
  }
}

function sendDirectly(
  session: FlowfabricSession,
  { row, secretHex, signal, onProgress }: Sending,
): Promise<void> {
  return rotateDirectly({
    store: session.requireStore(),
    partitions: openPartitions(row),
    call: { keyId: row.keyId, secretHex, graceMs: row.grace.milliseconds },
    onSending: (partition) => markSending(row, partition),
    onOutcome: (partition, outcome) => {
      applyOutcome(row, partition, outcome);
      onProgress();
    },
    signal,
  });
}

async function sendOverHttp(
  session: FlowfabricSession,
  { row, secretHex }: Sending,
  httpTimeoutMs: number,
): Promise<void> {
  const client = session.requireClient();
  try {
    const reply = await client.rotateWaitpointSecret({ keyId: row.keyId, secretHex }, httpTimeoutMs);
    applyReply(row, reply);
    session.backend.learnFromRotation(row.partitions.length);
  } catch (error) {
    applyFailure(row, asFailure(error));
    throw error;
  }
}

function applyFailure(row: RotationRow, failure: Failure): void {
  if (isAllFailed(failure.upstream ?? "")) markAllUntold(row);
  else if (failure.details?.delivered === false || answerDetails(failure)?.refused)
    addNotice(row, "An attempt reached no partition.");
  else markAllUnknown(row);
}

/** What a hung Valkey had received is carried out within moments of its first answer. */
const lateCallsMs = 500;

/** Reads which key each partition signs with, where they can be read; never throws. */
async function readBack(
  { store }: FlowfabricSession,
  row: RotationRow,
  now: () => number,
): Promise<PartitionKeys[]> {
  if (!store) return [];
  const keys = await readAllKeys(
    store,
    row.partitions.map(({ partition }) => partition),
  );
  const early = contradicting(row, keys);
  if (early.length > 0) {
    await sleep(lateCallsMs);
    for (const again of await readAllKeys(store, early)) keys[again.partition] = again;
  }
  applyReadBack(row, keys, now());
  return keys;
}

function hasOneKeystore({ backend: { backend } }: FlowfabricSession): boolean {
  return backend === "postgres" || backend === "sqlite";
}
