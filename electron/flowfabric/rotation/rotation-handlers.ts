import { type CommandExecution, Failure, type Handlers } from "../../../shared/contract/index.ts";
import type { rotationOperations } from "../../../shared/flowfabric/rotation-operations.ts";
import type { RotationWay } from "../../../shared/flowfabric/rotation-schema.ts";
import { type CommandParts, readFirst } from "../commands/command-parts.ts";
import type { FlowfabricSession } from "../session/session.ts";
import { defaultPartitions, readAllKeys, readPartitionCount } from "../valkey/partitions.ts";
import type { Rotation } from "./rotation.ts";
import { type AttemptParts, firstAttempt, furtherAttempt } from "./rotation-attempt.ts";
import { rotationExecution } from "./rotation-commands.ts";
import { exportRotation } from "./rotation-export.ts";
import { previewRotation } from "./rotation-preview.ts";
import type { PreparedRotation, RotationRegistry } from "./rotation-registry.ts";

export interface RotationHandlerParts extends CommandParts, AttemptParts {
  ledger: RotationRegistry;
  secretStorage: "keychain" | "file" | "memory";
}

/** Handlers of rotations and partitions. */
export function rotationHandlers(parts: RotationHandlerParts): Handlers<typeof rotationOperations> {
  const { ledger, now } = parts;
  return {
    "flowfabric.rotations.list": ({ connectionId }) => ledger.list(connectionId),
    "flowfabric.rotations.get": ({ connectionId, rotationId }) => ledger.get(connectionId, rotationId).row,
    "flowfabric.rotations.preview": ({ connectionId }) =>
      previewRotation(parts.session(connectionId), {
        unfinished: ledger.unfinished(connectionId)?.id,
        told: ledger.partitionCount(connectionId),
        secretStorage: parts.secretStorage,
        now: now(),
      }),
    "flowfabric.rotations.export": ({ connectionId, rotationId, format }) =>
      exportRotation(ledger.get(connectionId, rotationId).row, format),
    "flowfabric.rotations.stop": ({ connectionId, rotationId }) => {
      const rotation = ledger.get(connectionId, rotationId);
      if (rotation.row.way === "http")
        throw new Failure({
          code: "conflict",
          message: "The server carries this rotation out by itself and cannot be stopped from here.",
          hint: "Wait for its answer, two minutes at most.",
        });
      rotation.stop();
      return rotation.row;
    },
    "flowfabric.rotations.start": async (input) => start(parts, input),
    "flowfabric.rotations.retry": async ({ connectionId, rotationId }) => {
      const rotation = ledger.get(connectionId, rotationId);
      const { way, keyId } = rotation.row;
      return rotationExecution({
        door: parts.door(connectionId),
        now,
        way,
        keyId,
        attempt: async (session) => {
          const earlierKeyIds = ledger.keyIdsBefore(rotation.row);
          await rotation.attempt(furtherAttempt(parts, session, { way, earlierKeyIds }));
          return rotation;
        },
        current: () => rotation,
      });
    },
    "flowfabric.rotations.abandon": async ({ connectionId, rotationId }) =>
      abandon(parts, ledger.get(connectionId, rotationId)),
    "flowfabric.partitions.list": async ({ connectionId, from = 0, to }) => {
      const store = parts.session(connectionId).requireStore();
      const count = (await readPartitionCount(store)) ?? defaultPartitions;
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
  const door = parts.door(connectionId);
  let rotation = parts.ledger.byKeyId(connectionId, keyId);
  return rotationExecution({
    door,
    now: parts.now,
    way,
    keyId,
    attempt: async (session) => {
      const begun = await readFirst(
        parts.ledger.begin(input, async () => {
          const told = parts.ledger.partitionCount(connectionId);
          const prepared = await prepare(session, { ...input, told });
          requireSame(session, door.get());
          return prepared;
        }),
      );
      rotation = begun;
      await begun.attempt(firstAttempt(parts, session, way));
      return begun;
    },
    current: () => rotation,
  });
}

/** Reads what a new rotation has to know of the partitions. Throws for a key id that one of them knows. */
async function prepare(
  session: FlowfabricSession,
  { connectionId, way, keyId, secretHex, partitions, told }: StartInput & { told: number | undefined },
): Promise<PreparedRotation> {
  const { store } = session;
  const counted = store && (await readPartitionCount(store));
  if (way === "direct" && counted === undefined) throw neverStarted();
  const count = counted ?? partitions ?? told ?? defaultPartitions;
  const all = Array.from({ length: count }, (_, index) => index);
  const keys = store ? await readAllKeys(store, all) : [];
  const known = new Set(
    keys.flatMap(({ currentKeyId, verifying }) => [currentKeyId, ...verifying.map((key) => key.keyId)]),
  );
  if (known.has(keyId)) throw keyIdInUse(keyId);
  return {
    request: {
      connectionId,
      way,
      keyId,
      partitions: count,
      partitionsFrom: counted !== undefined ? "valkey" : partitions !== undefined ? "operator" : "assumed",
      previousKeyIds: [...new Set(keys.map(({ currentKeyId }) => currentKeyId))].filter(Boolean),
      unreadBefore: store ? keys.filter(({ problem }) => problem).map(({ partition }) => partition) : all,
    },
    secretHex,
    places: session.rotationPlaces(way),
  };
}

/** While the partitions were read, the connection may have been opened again to somewhere else. */
function requireSame(before: FlowfabricSession, now: FlowfabricSession): void {
  if (before === now) return;
  throw new Failure({
    code: "conflict",
    message: "The connection was opened again before the rotation began.",
    details: { delivered: false },
    hint: "Start the rotation again.",
  });
}

function neverStarted(): Failure {
  return new Failure({
    code: "conflict",
    message: "This Valkey does not know how many partitions there are: no ff-server has started on it.",
    details: { delivered: false },
    hint: "Check the address and the database number. Where Valkey came back empty, restart ff-server: it writes them when it starts.",
  });
}

function keyIdInUse(keyId: string): Failure {
  return new Failure({
    code: "conflict",
    message: `Some partition knows the key id ${keyId} already.`,
    details: { fields: [{ path: "keyId", message: "in use" }], delivered: false },
    hint: "Take a fresh one.",
  });
}

function abandon({ now }: RotationHandlerParts, rotation: Rotation): CommandExecution {
  const { row } = rotation;
  const message = `The rotation to ${row.keyId} is given up, and its secret destroyed. Partitions that have the key keep it.`;
  return {
    target: { kind: "rotation", id: row.id, label: `Key ${row.keyId}` },
    request: { protocol: "http", address: "(nothing is sent: the console destroys the secret)" },
    send: async () => {
      await rotation.abandon();
      return { accepted: true, message, reply: { rotationId: row.id }, done: true };
    },
    verify: async () => ({
      verdict: row.state === "abandoned" && !row.secret.held ? "verified" : "failed",
      message,
      evidence: { at: new Date(now()).toISOString(), kind: "note", summary: message },
    }),
  };
}
