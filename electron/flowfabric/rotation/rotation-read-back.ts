import { Failure } from "../../../shared/contract/index.ts";
import {
  directGraceMs,
  isConverged,
  type PartitionFailure,
  type PartitionKeys,
  type RotationRow,
} from "../../../shared/flowfabric/rotation-schema.ts";
import { addNotice } from "./rotation-row.ts";

/** What the partitions themselves say; one that has another key by now was overtaken by another writer. */
export function applyReadBack(row: RotationRow, keys: readonly PartitionKeys[], now: number): void {
  const others = new Map<string, number[]>();
  const unreadable: number[] = [];
  let matching = 0;
  for (const key of keys) {
    const { partition, currentKeyId, verifying, problem } = key;
    const cell = row.partitions[partition];
    if (problem) unreadable.push(partition);
    if (problem || !cell) continue;
    cell.currentKeyId = currentKeyId;
    const previous = verifying.find(({ keyId }) => row.previousKeyIds.includes(keyId));
    if (previous) cell.graceEndsAt = previous.expiresAt;
    if (currentKeyId === row.keyId) {
      matching += 1;
      continue;
    }
    others.set(currentKeyId, [...(others.get(currentKeyId) ?? []), partition]);
    contradict(row, cell, key);
  }
  row.readBack = {
    at: new Date(now).toISOString(),
    matching,
    others: [...others].map(([keyId, partitions]) => ({ keyId, partitions })),
    unreadable,
  };
  updateGrace(row);
  if (row.partitions.some(({ state }) => state === "overtaken"))
    addNotice(row, "Another writer rotated at the same time: some partitions sign with its key now.");
}

/** A partition signs with another key. */
function contradict(
  row: RotationRow,
  cell: RotationRow["partitions"][number],
  { currentKeyId, verifying }: PartitionKeys,
): void {
  if (isUntold(cell)) fail(cell, notTaken(currentKeyId));
  if (!isConverged(cell.state)) return;
  // Whoever rotates leaves our key verifying; where nothing is left of it, the partition is back where it was before.
  const isBefore = currentKeyId === "" || row.previousKeyIds.includes(currentKeyId);
  if (isBefore && !verifying.some(({ keyId }) => keyId === row.keyId)) fail(cell, lost(currentKeyId));
  else cell.state = "overtaken";
}

function fail(cell: RotationRow["partitions"][number], failure: PartitionFailure): void {
  cell.state = "failed";
  cell.failure = failure;
}

/** A primary that dies takes with it what its replica has not got yet. */
function lost(currentKeyId: string): PartitionFailure {
  const now = currentKeyId === "" ? "has none now" : `signs with ${currentKeyId} again`;
  const message = `It had taken the key and ${now}: a server that did not have it has taken over.`;
  return { class: "storage", code: "lost", message, retry: true };
}

/** The server is through with these partitions, and has not said what became of their calls. */
function isUntold({ state, failure }: RotationRow["partitions"][number]): boolean {
  return state === "unknown" && failure?.class === "untold";
}

function notTaken(currentKeyId: string): PartitionFailure {
  const signs = currentKeyId === "" ? "has no key" : `signs with ${currentKeyId}`;
  const message = `It ${signs}, as read back, and did not take the new key. The server's audit log says why; where retries do not help, restart it.`;
  return { class: "untold", code: "not-taken", message, retry: true };
}

/** Partitions without a sure outcome that sign with another key; a late call may still come there. */
export function contradicting(row: RotationRow, keys: readonly PartitionKeys[]): number[] {
  return keys
    .filter(({ partition, currentKeyId, problem }) => {
      const cell = row.partitions[partition];
      return cell && isUntold(cell) && !problem && currentKeyId !== row.keyId;
    })
    .map(({ partition }) => partition);
}

function updateGrace(row: RotationRow): void {
  const ends = row.partitions.flatMap(({ graceEndsAt }) => (graceEndsAt === undefined ? [] : [graceEndsAt]));
  const last = ends.sort().at(-1);
  if (last !== undefined) row.grace.endsAt = last;
}

/** Without reading back, the grace can only be reckoned from now on. */
export function reckonGrace(row: RotationRow, now: number): void {
  if (row.readBack === undefined || row.grace.endsAt === undefined)
    row.grace.endsAt = new Date(now + row.grace.milliseconds).toISOString();
}

/**
 * Whether a partition only missed earlier rotations: it signs with a key that is known as an older one, and does not list
 * ours as retired, as a roll-back would within its grace (flowfabric-admin §3.8).
 */
function isBehind(
  row: RotationRow,
  { partition, currentKeyId, verifying }: PartitionKeys,
  olderKeyIds: ReadonlySet<string>,
): boolean {
  if (verifying.some(({ keyId }) => keyId === row.keyId)) return false;
  if (olderKeyIds.has(currentKeyId)) return true;
  // Nobody could see its key when the rotation began; where one was retired since, somebody else came after us.
  const since = Date.parse(row.startedAt) + directGraceMs;
  const rotatedSince = verifying.some(({ expiresAt }) => Date.parse(expiresAt) >= since);
  return row.unreadBefore?.includes(partition) === true && !rotatedSince;
}

/** Key ids of somebody else in partitions, which a late retry would roll back (flowfabric-admin §3.3). */
function foreignKeys(
  row: RotationRow,
  keys: readonly PartitionKeys[],
  earlierKeyIds: ReadonlySet<string>,
): { keyId: string; partitions: number[] }[] {
  const retired = keys.flatMap(({ verifying }) => verifying.map(({ keyId }) => keyId));
  const older = new Set([...earlierKeyIds, ...retired]);
  older.delete(row.keyId);
  const foreign = new Map<string, number[]>();
  for (const key of keys) {
    const { partition, currentKeyId, problem } = key;
    if (problem || currentKeyId === "" || currentKeyId === row.keyId) continue;
    if (row.previousKeyIds.includes(currentKeyId) || isBehind(row, key, older)) continue;
    foreign.set(currentKeyId, [...(foreign.get(currentKeyId) ?? []), partition]);
  }
  return [...foreign].map(([keyId, partitions]) => ({ keyId, partitions }));
}

/** Throws `conflict` where a retry would roll partitions back that somebody else has rotated since (flowfabric-admin §3.3). */
export function refuseLateRetry(
  row: RotationRow,
  keys: readonly PartitionKeys[],
  earlierKeyIds: ReadonlySet<string>,
): void {
  const foreign = foreignKeys(row, keys, earlierKeyIds);
  if (foreign.length === 0) return;
  const count = foreign.reduce((sum, { partitions }) => sum + partitions.length, 0);
  const names = foreign.map(({ keyId }) => keyId).join(", ");
  const verb = count === 1 ? "partition signs" : "partitions sign";
  throw new Failure({
    code: "conflict",
    message: `${count} ${verb} with ${names} by now: somebody else rotated. Sending ${row.keyId} again would roll ${count === 1 ? "it" : "them"} back.`,
    details: { rotationId: row.id, foreign, delivered: false },
    hint: "Abandon this rotation, agree with the other writer, and rotate a fresh key in everywhere.",
  });
}
