import { asFailure, type Failure } from "../../shared/contract/index.ts";
import type { RotationRow } from "../../shared/flowfabric/rotation-schema.ts";
import { rotateDirectly } from "./direct-rotation.ts";
import { answerDetails } from "./http-failure.ts";
import { readAllKeys } from "./partitions.ts";
import type { AttemptSteps, Sending } from "./rotation.ts";
import { applyReadBack, reckonGrace, refuseLateRetry } from "./rotation-read-back.ts";
import { applyReply, markAllFailed, markAllUnknown } from "./rotation-reply.ts";
import { addNotice, applyOutcome, markSending, openPartitions } from "./rotation-row.ts";
import type { FlowfabricSession } from "./session.ts";

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
  way: RotationRow["way"],
): AttemptSteps {
  return {
    ...firstAttempt(parts, session, way),
    prepare: async (row) => {
      await readBack(session, row, parts.now);
      refuseLateRetry(row);
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
  } catch (error) {
    applyFailure(row, asFailure(error));
    throw error;
  }
  if (row.partitions.length === 1)
    session.backend.learn("postgres", "a rotation had one entry: Postgres, or SQLite");
}

function applyFailure(row: RotationRow, failure: Failure): void {
  if (failure.upstream?.startsWith("rotation failed on all partitions")) markAllFailed(row);
  else if (failure.details?.delivered === false || answerDetails(failure)?.refused)
    addNotice(row, "An attempt reached no partition.");
  else {
    markAllUnknown(row);
    addNotice(
      row,
      "The server may still be rotating: its answer did not come. Retrying with the same key is safe, and tells.",
    );
  }
}

/** Reads which key each partition signs with, where they can be read; never throws. */
async function readBack({ store }: FlowfabricSession, row: RotationRow, now: () => number): Promise<void> {
  if (!store) return;
  const partitions = row.partitions.map(({ partition }) => partition);
  applyReadBack(row, await readAllKeys(store, partitions), now());
}

function hasOneKeystore({ backend: { backend } }: FlowfabricSession): boolean {
  return backend === "postgres" || backend === "sqlite";
}
