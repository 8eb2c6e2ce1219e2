import { type CommandExecution, Failure, type Handlers } from "../../shared/contract/index.ts";
import type { rotationOperations } from "../../shared/flowfabric/rotation-operations.ts";
import type { RotationRow, RotationWay } from "../../shared/flowfabric/rotation-schema.ts";
import { orFailure, readAllKeys, readPartitionCount, usualPartitions } from "./partitions.ts";
import { refuseLateRetry, rotationExecution } from "./rotation-commands.ts";
import { exportRotation } from "./rotation-export.ts";
import type { RotationLedger } from "./rotation-ledger.ts";
import { previewRotation } from "./rotation-preview.ts";
import { addNotice } from "./rotation-row.ts";
import type { RotationRunner } from "./rotation-runner.ts";
import type { FlowfabricSession } from "./session.ts";

export interface RotationHandlerParts {
  /** Throws where the connection is not open, or leads elsewhere. */
  session(connectionId: string): FlowfabricSession;
  ledger: RotationLedger;
  runner: RotationRunner;
  secretStorage: "keychain" | "file" | "memory";
  now(): number;
}

/** Handlers of rotations and partitions. */
export function rotationHandlers(parts: RotationHandlerParts): Handlers<typeof rotationOperations> {
  const { ledger, runner, now } = parts;
  return {
    "flowfabric.rotations.list": ({ connectionId }) => ledger.list(connectionId),
    "flowfabric.rotations.get": ({ connectionId, rotationId }) => ledger.get(connectionId, rotationId),
    "flowfabric.rotations.preview": ({ connectionId }) =>
      previewRotation(parts.session(connectionId), {
        unfinished: ledger.unfinished(connectionId)?.id,
        secretStorage: parts.secretStorage,
        now: now(),
      }),
    "flowfabric.rotations.export": ({ connectionId, rotationId, format }) =>
      exportRotation(ledger.get(connectionId, rotationId), format),
    "flowfabric.rotations.stop": ({ connectionId, rotationId }) => {
      const row = ledger.get(connectionId, rotationId);
      if (row.way === "http")
        throw new Failure({
          code: "conflict",
          message: "The server carries this rotation out by itself and cannot be stopped from here.",
          hint: "Wait for its answer, two minutes at most.",
        });
      runner.stop(rotationId);
      return row;
    },
    "flowfabric.rotations.start": async (input) => start(parts, input),
    "flowfabric.rotations.retry": async ({ connectionId, rotationId }) => {
      const session = parts.session(connectionId);
      const row = ledger.get(connectionId, rotationId);
      return rotationExecution({
        session,
        runner,
        now,
        way: row.way,
        keyId: row.keyId,
        prepare: async () => {
          requireUnfinished(row);
          await runner.readBack(session, row);
          refuseLateRetry(row);
          return row;
        },
        current: () => row,
      });
    },
    "flowfabric.rotations.abandon": async ({ connectionId, rotationId }) =>
      abandon(parts, ledger.get(connectionId, rotationId)),
    "flowfabric.partitions.list": async ({ connectionId, from = 0, to }) => {
      const store = parts.session(connectionId).requireStore();
      const count = (await readPartitionCount(store)) ?? usualPartitions;
      const last = Math.min(to ?? count - 1, count - 1);
      const wanted = Array.from({ length: Math.max(0, last - from + 1) }, (_, index) => from + index);
      return readAllKeys(store, wanted);
    },
  };
}

interface StartInput {
  connectionId: string;
  way: RotationWay;
  keyId: string;
  secretHex?: string | undefined;
  partitions?: number | undefined;
}

function start(parts: RotationHandlerParts, input: StartInput): CommandExecution {
  const { connectionId, way, keyId } = input;
  const session = parts.session(connectionId);
  if (way === "direct") session.requireStore();
  else session.requireClient();
  let row = parts.ledger.byKeyId(connectionId, keyId);
  return rotationExecution({
    session,
    runner: parts.runner,
    now: parts.now,
    way,
    keyId,
    prepare: async () => {
      row = await begin(parts, session, input);
      return row;
    },
    current: () => row,
  });
}

async function begin(
  { ledger }: RotationHandlerParts,
  session: FlowfabricSession,
  { connectionId, way, keyId, secretHex, partitions }: StartInput,
): Promise<RotationRow> {
  const { store } = session;
  const counted = store && (await orFailure(readPartitionCount(store)));
  if (way === "direct" && counted === undefined)
    throw new Failure({
      code: "conflict",
      message: "This Valkey does not know how many partitions there are: no ff-server has started on it.",
      details: { delivered: false },
      hint: "Check the address and the database number, or start ff-server once.",
    });
  const count = counted ?? partitions ?? usualPartitions;
  const keys = store
    ? await readAllKeys(
        store,
        Array.from({ length: count }, (_, index) => index),
      )
    : [];
  const known = new Set(
    keys.flatMap(({ currentKeyId, verifying }) => [currentKeyId, ...verifying.map((key) => key.keyId)]),
  );
  if (known.has(keyId)) throw keyIdInUse(keyId);
  return ledger.begin(
    {
      connectionId,
      way,
      keyId,
      partitions: count,
      partitionsFrom: counted !== undefined ? "valkey" : partitions !== undefined ? "operator" : "assumed",
      previousKeyIds: [...new Set(keys.map(({ currentKeyId }) => currentKeyId))].filter(Boolean),
    },
    secretHex,
    session.rotationPlaces(way),
  );
}

function keyIdInUse(keyId: string): Failure {
  return new Failure({
    code: "conflict",
    message: `Some partition knows the key id ${keyId} already.`,
    details: { fields: [{ path: "keyId", message: "in use" }], delivered: false },
    hint: "Take a fresh one.",
  });
}

function requireUnfinished(row: RotationRow): void {
  if (row.state === "unfinished") return;
  throw new Failure({
    code: "conflict",
    message: row.state === "running" ? "This rotation is running." : `This rotation is ${row.state}.`,
    details: { rotationId: row.id, delivered: false },
    hint: "Only an unfinished rotation can be retried.",
  });
}

function abandon({ ledger, now }: RotationHandlerParts, row: RotationRow): CommandExecution {
  const message = `The rotation to ${row.keyId} is given up, and its secret destroyed. Partitions that have the key keep it.`;
  return {
    target: { kind: "rotation", id: row.id, label: `Key ${row.keyId}` },
    request: { protocol: "http", address: "(nothing is sent: the console destroys the secret)" },
    send: async () => {
      requireUnfinished(row);
      row.state = "abandoned";
      addNotice(row, "Given up by an operator; its secret was destroyed.");
      await ledger.settle(row);
      return { accepted: true, message, reply: { rotationId: row.id }, done: true };
    },
    verify: async () => ({
      verdict: row.state === "abandoned" ? "verified" : "failed",
      message,
      evidence: { at: new Date(now()).toISOString(), kind: "note", summary: message },
    }),
  };
}
