import { randomBytes } from "node:crypto";
import type {
  PartitionKeys,
  RotationPreview,
  RotationWay,
} from "../../../shared/flowfabric/rotation-schema.ts";
import type { FlowfabricSession } from "../session/session.ts";
import {
  defaultPartitions,
  type FunctionLibrary,
  missingLibrary,
  readAllKeys,
  readLibrary,
  readPartitionCount,
} from "../valkey/partitions.ts";

interface PreviewParts {
  unfinished: string | undefined;
  /** How many partitions the server has spoken of. */
  told: number | undefined;
  secretStorage: RotationPreview["secretStorage"];
  now: number;
}

const knownLibraries = ["31", "34"];

/** Says what is known before a rotation, and what an operator should know. */
export async function previewRotation(
  session: FlowfabricSession,
  parts: PreviewParts,
): Promise<RotationPreview> {
  const { store } = session;
  const counted = store && (await readPartitionCount(store));
  const library = store && (await readLibrary(store));
  const partitions = counted ?? parts.told ?? defaultPartitions;
  const keys = store
    ? await readAllKeys(
        store,
        Array.from({ length: partitions }, (_, index) => index),
      )
    : [];
  const ways: RotationWay[] = [
    ...(store ? (["direct"] as const) : []),
    ...(session.client ? (["http"] as const) : []),
  ];
  return {
    ways,
    suggestedKeyId: suggestKeyId(parts.now),
    partitions,
    partitionsFrom: counted !== undefined ? "valkey" : parts.told !== undefined ? "reply" : "assumed",
    ...(library?.version !== undefined && { libraryVersion: library.version }),
    ...(store && { current: countKeys(keys) }),
    unreadable: keys.filter(({ problem }) => problem).length,
    ...(parts.unfinished !== undefined && { unfinished: parts.unfinished }),
    secretStorage: parts.secretStorage,
    warnings: warningsOf(session, { counted, library, keys, secretStorage: parts.secretStorage }),
  };
}

/** Says its day, and cannot meet another of that day. */
function suggestKeyId(now: number): string {
  return `kid-${new Date(now).toISOString().slice(0, 10)}-${randomBytes(3).toString("hex")}`;
}

function countKeys(keys: readonly PartitionKeys[]): { keyId: string; partitions: number }[] {
  const counts = new Map<string, number>();
  for (const { currentKeyId, problem } of keys)
    if (!problem) counts.set(currentKeyId, (counts.get(currentKeyId) ?? 0) + 1);
  return [...counts]
    .map(([keyId, partitions]) => ({ keyId, partitions }))
    .sort((left, right) => right.partitions - left.partitions);
}

interface Known {
  counted: number | undefined;
  library: FunctionLibrary | undefined;
  keys: readonly PartitionKeys[];
  secretStorage: RotationPreview["secretStorage"];
}

function warningsOf(session: FlowfabricSession, known: Known): string[] {
  return [...storeWarnings(session, known), ...backendWarnings(session), ...secretWarnings(known)];
}

function storeWarnings(session: FlowfabricSession, { counted, library, keys }: Known): string[] {
  if (!session.store)
    return [
      session.storeProblem
        ? `Valkey cannot be used: ${session.storeProblem.message}`
        : "Without the address of Valkey, only the failed partitions are reported, not why, and nothing can be read back.",
    ];
  const current = countKeys(keys);
  const missing = library && missingLibrary(library);
  const version = library?.version;
  return [
    ...(counted === undefined
      ? [
          "No ff-server has started on this Valkey, or it came back empty: the number of partitions is unknown.",
        ]
      : []),
    ...(missing === undefined ? [] : [missing]),
    ...(version !== undefined && !knownLibraries.includes(version)
      ? [`The function library has the version ${version}, which this console does not know.`]
      : []),
    ...(current.length > 1
      ? [
          `The partitions use ${current.length} different keys now: an earlier rotation did not finish, or two raced.`,
        ]
      : []),
  ];
}

function backendWarnings({ backend }: FlowfabricSession): string[] {
  if (backend.backend === "postgres" || backend.backend === "sqlite")
    return [
      "On Postgres and SQLite there is one keystore, the grace is ignored, and retired keys verify for good.",
      "There a first rotation is what installs a key at all.",
    ];
  return [];
}

function secretWarnings({ secretStorage }: Known): string[] {
  if (secretStorage !== "memory") return [];
  return [
    "This system has no keychain: should the console end before every partition has the key, the same pair cannot be sent again.",
  ];
}
