import { Failure } from "../../shared/contract/index.ts";
import {
  isConverged,
  type PartitionKeys,
  type RotationRow,
} from "../../shared/flowfabric/rotation-schema.ts";
import { addNotice } from "./rotation-row.ts";

/** What the partitions themselves say; one that has another key by now was overtaken by another writer. */
export function applyReadBack(row: RotationRow, keys: readonly PartitionKeys[], now: number): void {
  const others = new Map<string, number[]>();
  const unreadable: number[] = [];
  let matching = 0;
  for (const { partition, currentKeyId, verifying, problem } of keys) {
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
    if (isConverged(cell.state)) cell.state = "overtaken";
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

/** Key ids of somebody else in partitions, which a late retry would roll back (flowfabric-admin §3.3). */
function foreignKeys(row: RotationRow): { keyId: string; partitions: number[] }[] {
  return (row.readBack?.others ?? []).filter(
    ({ keyId }) => keyId !== "" && !row.previousKeyIds.includes(keyId),
  );
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
