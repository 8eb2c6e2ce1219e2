import type { Failure } from "../../../shared/contract/index.ts";
import {
  countPartitions,
  directGraceMs,
  isConverged,
  type PartitionState,
  type RotationPartition,
  type RotationRow,
  type RotationWay,
} from "../../../shared/flowfabric/rotation-schema.ts";
import { answerDetails } from "../client/http-failure.ts";
import type { PartitionOutcome } from "../valkey/partitions.ts";

export type RotationAttempt = RotationRow["attempts"][number];

/** What is to be rotated, and what is known of the partitions before. */
export interface RotationRequest {
  connectionId: string;
  way: RotationWay;
  keyId: string;
  partitions: number;
  partitionsFrom: RotationRow["partitionsFrom"];
  previousKeyIds: readonly string[];
  /** Partitions whose key could not be read. */
  unreadBefore: readonly number[];
}

/** The row of a rotation that is about to begin. */
export function newRotation(
  id: string,
  request: RotationRequest & { origin: "generated" | "given" },
  now: number,
): RotationRow {
  const at = new Date(now).toISOString();
  return {
    id,
    connectionId: request.connectionId,
    way: request.way,
    keyId: request.keyId,
    state: "unfinished",
    startedAt: at,
    updatedAt: at,
    partitions: newPartitions(request.partitions),
    partitionsFrom: request.partitionsFrom,
    attempts: [],
    grace: { milliseconds: directGraceMs, known: request.way === "direct" },
    previousKeyIds: [...request.previousKeyIds],
    ...(request.unreadBefore.length > 0 && { unreadBefore: [...request.unreadBefore] }),
    secret: { origin: request.origin, held: true },
    notices: [],
  };
}

/** Partitions of which nothing is known yet. */
export function newPartitions(count: number): RotationPartition[] {
  return Array.from({ length: count }, (_, partition) => ({ partition, state: "waiting", attempts: 0 }));
}

/** Partitions that do not have the key yet, as far as is known. */
export function openPartitions(row: RotationRow): number[] {
  return row.partitions.filter(({ state }) => !isConverged(state)).map(({ partition }) => partition);
}

/** Writes down that an attempt begins. */
export function beginAttempt(row: RotationRow, now: number): RotationAttempt {
  const attempt: RotationAttempt = {
    number: row.attempts.length + 1,
    startedAt: new Date(now).toISOString(),
    outcome: "running",
  };
  row.state = "running";
  row.attempts.push(attempt);
  return attempt;
}

/** Takes an attempt back of which nothing was sent. */
export function withdrawAttempt(row: RotationRow, attempt: RotationAttempt): void {
  row.attempts = row.attempts.filter((other) => other !== attempt);
  row.state = "unfinished";
}

/** Writes down how an attempt ended, and where the rotation stands now. */
export function endAttempt(
  row: RotationRow,
  attempt: RotationAttempt,
  { now, failure }: { now: number; failure: Failure | undefined },
): void {
  // It broke off: what was being sent may have arrived.
  for (const cell of row.partitions) if (cell.state === "sending") cell.state = "unknown";
  attempt.endedAt = new Date(now).toISOString();
  attempt.outcome = failure?.message ?? summaryOf(row);
  const status = failure && answerDetails(failure)?.status;
  if (status !== undefined) attempt.status = status;
  row.state = openPartitions(row).length === 0 ? "converged" : "unfinished";
}

/** Writes down that it will not be sent any more. */
export function abandonRow(row: RotationRow, notice: string): void {
  row.state = "abandoned";
  addNotice(row, notice);
}

/** Whether nothing will be sent for it any more, so that nobody needs its secret. */
export function hasEnded({ state }: Pick<RotationRow, "state">): boolean {
  return state === "converged" || state === "abandoned";
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
    // A call that Valkey received is carried out, however late (flowfabric-admin §3.4).
    cell.state = outcome.mayHaveArrived ? "unknown" : "failed";
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

const stoppedNotice = "The console stopped in the middle: retry with the same key to find out and to finish.";

/**
 * Reads what an earlier run left behind; answers whether that changed the row. A running attempt may have sent the key to
 * every partition without a sure outcome since the row was last written.
 */
export function afterRestart(row: RotationRow): boolean {
  const last = row.attempts.at(-1);
  if (row.state === "running") {
    markUnknown(row, (state) => !isConverged(state));
    if (last && last.endedAt === undefined) last.outcome = "The console stopped in the middle.";
    row.state = "unfinished";
    addNotice(row, stoppedNotice);
    return true;
  }
  // Older consoles left partitions waiting that may have been sent the key.
  const fromOlder = row.state === "unfinished" && row.notices.includes(stoppedNotice) && !last?.endedAt;
  return fromOlder && markUnknown(row, (state) => state === "waiting" || state === "sending");
}

function markUnknown(row: RotationRow, concerns: (state: PartitionState) => boolean): boolean {
  const cells = row.partitions.filter(({ state }) => concerns(state));
  for (const cell of cells) {
    cell.state = "unknown";
    delete cell.failure;
  }
  return cells.length > 0;
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
