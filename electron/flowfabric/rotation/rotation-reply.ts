import type { PartitionFailure, RotationRow } from "../../../shared/flowfabric/rotation-schema.ts";
import { isConverged } from "../../../shared/flowfabric/rotation-schema.ts";
import type { RotateReply } from "../client/replies.ts";
import { addNotice, newPartitions } from "./rotation-row.ts";

/** A call that the server gave up is carried out all the same once Valkey wakes up (flowfabric-admin §3.1). */
const untold: PartitionFailure = {
  class: "untold",
  code: "untold",
  message:
    "The server got no success from this partition and does not say why; it may have taken the key. Its audit log has the reason.",
  retry: true,
};

const allUntold: PartitionFailure = {
  class: "untold",
  code: "all-failed",
  message:
    "The server got no success from any partition: Valkey did not answer in time, or the key id is in use everywhere. It may have taken the key.",
  retry: true,
};

/** What HTTP tells: how many have the key, and which brought no success (flowfabric-admin §3.1). */
export function applyReply(row: RotationRow, { rotated, failed }: RotateReply): void {
  const told = rotated + failed.length;
  if (told !== row.partitions.length) adjustCount(row, told);
  else if (row.partitionsFrom !== "valkey") row.partitionsFrom = "reply";
  for (const cell of row.partitions) {
    cell.attempts += 1;
    if (failed.includes(cell.partition)) leaveOpen(cell, untold);
    else {
      delete cell.failure;
      if (cell.state !== "rotated" && cell.state !== "already") cell.state = "done";
    }
  }
}

/** Whoever has the key keeps it, whatever becomes of a further call. */
function leaveOpen(cell: RotationRow["partitions"][number], failure: PartitionFailure | undefined): void {
  if (isConverged(cell.state)) return;
  cell.state = "unknown";
  if (failure) cell.failure = failure;
  else delete cell.failure;
}

function adjustCount(row: RotationRow, told: number): void {
  const expected = row.partitions.length;
  row.partitions = newPartitions(told);
  row.partitionsFrom = "reply";
  addNotice(
    row,
    told === 1
      ? "The server has one keystore for all: it runs on Postgres or SQLite. There the grace is ignored, and retired keys verify for good."
      : `The server answered for ${told} partitions where ${expected} were expected: check its configuration.`,
  );
}

/** No partition reported success, which HTTP tells in one sentence, and which may be untrue by now. */
export function markAllUntold(row: RotationRow): void {
  for (const cell of row.partitions) {
    cell.attempts += 1;
    leaveOpen(cell, allUntold);
  }
  addNotice(
    row,
    "The server got no success from any partition, and some may have taken the key all the same. Retrying with the same key is safe and shows the outcome.",
  );
}

/** Nobody knows how far the server came. */
export function markAllUnknown(row: RotationRow): void {
  for (const cell of row.partitions) {
    cell.attempts += 1;
    leaveOpen(cell, undefined);
  }
  addNotice(
    row,
    "The server may still be rotating: its answer did not come. Retrying with the same key is safe and shows the outcome.",
  );
}
