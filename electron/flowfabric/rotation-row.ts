import {
  countPartitions,
  directGraceMs,
  isConverged,
  type PartitionFailure,
  type PartitionKeys,
  type RotationPartition,
  type RotationRow,
  type RotationWay,
} from "../../shared/flowfabric/rotation-schema.ts";
import type { PartitionOutcome } from "./partitions.ts";
import type { RotateReply } from "./replies.ts";

/** What somebody wants to rotate, and what is known of the partitions before. */
export interface RotationWish {
  connectionId: string;
  way: RotationWay;
  keyId: string;
  partitions: number;
  partitionsFrom: RotationRow["partitionsFrom"];
  previousKeyIds: readonly string[];
}

/** The row of a rotation that is about to begin. */
export function newRotation(
  id: string,
  wish: RotationWish & { origin: "generated" | "given" },
  now: number,
): RotationRow {
  const at = new Date(now).toISOString();
  return {
    id,
    connectionId: wish.connectionId,
    way: wish.way,
    keyId: wish.keyId,
    state: "running",
    startedAt: at,
    updatedAt: at,
    partitions: freshPartitions(wish.partitions),
    partitionsFrom: wish.partitionsFrom,
    attempts: [],
    grace: { milliseconds: directGraceMs, known: wish.way === "direct" },
    previousKeyIds: [...wish.previousKeyIds],
    secret: { origin: wish.origin, held: true },
    notices: [],
  };
}

function freshPartitions(count: number): RotationPartition[] {
  return Array.from({ length: count }, (_, partition) => ({ partition, state: "waiting", attempts: 0 }));
}

/** Partitions that do not have the key yet, as far as is known. */
export function openPartitions(row: RotationRow): number[] {
  return row.partitions.filter(({ state }) => !isConverged(state)).map(({ partition }) => partition);
}

/** Writes down that an attempt begins. */
export function beginAttempt(row: RotationRow, now: number): void {
  row.state = "running";
  row.attempts.push({
    number: row.attempts.length + 1,
    startedAt: new Date(now).toISOString(),
    outcome: "running",
  });
}

/** Writes down how the attempt ended, and where the rotation stands now. */
export function endAttempt(
  row: RotationRow,
  now: number,
  ended: { outcome: string; status?: number | undefined },
): void {
  const attempt = row.attempts.at(-1);
  if (attempt)
    Object.assign(attempt, {
      endedAt: new Date(now).toISOString(),
      outcome: ended.outcome,
      ...(ended.status !== undefined && { status: ended.status }),
    });
  row.state = openPartitions(row).length === 0 ? "converged" : "unfinished";
}

/** One partition is being asked. */
export function markSending(row: RotationRow, partition: number): void {
  const cell = row.partitions[partition];
  if (!cell) return;
  cell.state = "sending";
  cell.attempts += 1;
}

/** One partition has answered, or cannot be asked. */
export function applyOutcome(row: RotationRow, partition: number, outcome: PartitionOutcome): void {
  const cell = row.partitions[partition];
  if (!cell) return;
  delete cell.failure;
  if (outcome.status === "failed") {
    cell.state = "failed";
    cell.failure = outcome.failure;
    return;
  }
  cell.state = outcome.status;
  if (outcome.status !== "rotated") return;
  cell.collected = outcome.collected;
  if (outcome.previousKeyId === undefined) return;
  cell.previousKeyId = outcome.previousKeyId;
  rememberPrevious(row, outcome.previousKeyId);
}

function rememberPrevious(row: RotationRow, keyId: string): void {
  if (keyId !== "" && keyId !== row.keyId && !row.previousKeyIds.includes(keyId))
    row.previousKeyIds.push(keyId);
}

const untold: PartitionFailure = {
  class: "untold",
  code: "untold",
  message: "The server says that this partition failed, and not why. Its audit log has the reason.",
  retry: true,
};

/** What HTTP tells: how many have the key, and which failed (flowfabric-admin §3.1). */
export function applyReply(row: RotationRow, { rotated, failed }: RotateReply): void {
  const told = rotated + failed.length;
  if (told !== row.partitions.length) adjustCount(row, told);
  for (const cell of row.partitions) {
    const { attempts } = cell;
    delete cell.failure;
    cell.attempts = attempts + 1;
    if (failed.includes(cell.partition)) {
      cell.state = "failed";
      cell.failure = untold;
    } else if (cell.state !== "rotated" && cell.state !== "already") cell.state = "done";
  }
}

function adjustCount(row: RotationRow, told: number): void {
  const expected = row.partitions.length;
  row.partitions = freshPartitions(told);
  row.partitionsFrom = "reply";
  addNotice(
    row,
    told === 1
      ? "The server has one keystore for all: it runs on Postgres or SQLite. There the grace is ignored, and retired keys verify for good."
      : `The server answered for ${told} partitions where ${expected} were expected: check its configuration.`,
  );
}

/** Every partition failed, which HTTP tells as one sentence. */
export function markAllFailed(row: RotationRow): void {
  for (const cell of row.partitions) {
    cell.state = "failed";
    cell.attempts += 1;
    cell.failure = {
      class: "untold",
      code: "all-failed",
      message:
        "The server says that every partition failed: Valkey is down, or the key id is in use everywhere.",
      retry: true,
    };
  }
}

/** Nobody knows how far the server came. */
export function markUnknown(row: RotationRow): void {
  for (const cell of row.partitions) {
    cell.attempts += 1;
    if (!isConverged(cell.state)) cell.state = "unknown";
  }
}

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
export function foreignKeys(row: RotationRow): { keyId: string; partitions: number[] }[] {
  return (row.readBack?.others ?? []).filter(
    ({ keyId }) => keyId !== "" && !row.previousKeyIds.includes(keyId),
  );
}

/** The console ended in the middle: what was under way may have happened. */
export function afterRestart(row: RotationRow): void {
  for (const cell of row.partitions) if (cell.state === "sending") cell.state = "unknown";
  if (row.way === "http")
    for (const cell of row.partitions) if (cell.state === "waiting") cell.state = "unknown";
  const attempt = row.attempts.at(-1);
  if (attempt && attempt.endedAt === undefined) attempt.outcome = "The console stopped in the middle.";
  row.state = "unfinished";
  addNotice(row, "The console stopped in the middle: retry with the same key to find out and to finish.");
}

export function addNotice(row: RotationRow, notice: string): void {
  if (!row.notices.includes(notice)) row.notices.push(notice);
}

/** Where a rotation stands, in one sentence. */
export function summaryOf(row: RotationRow): string {
  const counts = countPartitions(row);
  const total = row.partitions.length;
  const have = counts.rotated + counts.already + counts.done;
  const rest = (["failed", "unknown", "overtaken", "waiting", "sending"] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${state}`);
  const noun = total === 1 ? "keystore has" : "partitions have";
  return `${have} of ${total} ${noun} the key ${row.keyId}${rest.length > 0 ? `; ${rest.join(", ")}` : ""}.`;
}
