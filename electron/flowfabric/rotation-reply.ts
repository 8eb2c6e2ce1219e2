import type { PartitionFailure, RotationRow } from "../../shared/flowfabric/rotation-schema.ts";
import { isConverged } from "../../shared/flowfabric/rotation-schema.ts";
import type { RotateReply } from "./replies.ts";
import { addNotice, newPartitions } from "./rotation-row.ts";

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
  row.partitions = newPartitions(told);
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
export function markAllUnknown(row: RotationRow): void {
  for (const cell of row.partitions) {
    cell.attempts += 1;
    if (!isConverged(cell.state)) cell.state = "unknown";
  }
}
