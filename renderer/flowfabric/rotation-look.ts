import {
  countPartitions,
  isConverged,
  type PartitionState,
  type RotationRow,
} from "../../shared/flowfabric/rotation-schema.ts";
import { formatCount } from "../ui/format.ts";
import type { StateLook, Tone } from "../ui/state-look.ts";

/** Sign, colour and words of a partition's state; never colour alone. */
export const partitionLooks: Record<PartitionState, { sign: string; tone: Tone; word: string }> = {
  waiting: { sign: "·", tone: "idle", word: "waiting" },
  sending: { sign: "›", tone: "flight", word: "being asked" },
  rotated: { sign: "✓", tone: "good", word: "rotated" },
  already: { sign: "=", tone: "good", word: "already there" },
  done: { sign: "≈", tone: "good", word: "rotated or already there" },
  failed: { sign: "✕", tone: "bad", word: "failed" },
  unknown: { sign: "?", tone: "warn", word: "unknown" },
  overtaken: { sign: "!", tone: "warn", word: "overtaken by another key" },
};

const rotationLooks: Record<RotationRow["state"], StateLook> = {
  running: { tone: "flight", shape: "half", word: "running" },
  unfinished: { tone: "warn", shape: "bang", word: "unfinished" },
  converged: { tone: "good", shape: "check", word: "converged" },
  abandoned: { tone: "idle", shape: "square", word: "abandoned" },
};

export function rotationLook(row: RotationRow): StateLook {
  return rotationLooks[row.state];
}

/** How many partitions have the key, such as `253 of 256`. */
export function progressText(row: RotationRow): string {
  const have = row.partitions.filter(({ state }) => isConverged(state)).length;
  return `${formatCount(have)} of ${formatCount(row.partitions.length)}`;
}

/** Whether the same pair can be sent again: it is not over, and its secret is still kept. */
export function canRetry(row: RotationRow): boolean {
  return row.state === "unfinished" && row.secret.held;
}

/** What a retry would send again, for the label of its button. */
export function retryLabel(row: RotationRow): string {
  const counts = countPartitions(row);
  if (row.way === "http") return "Retry the whole (same key)";
  const open = row.partitions.filter(({ state }) => !isConverged(state)).length;
  return counts.failed === open ? `Retry ${open} failed (same key)` : `Retry ${open} open (same key)`;
}

/** What happens by itself in a rotation, and what HTTP cannot tell. */
export function wayText(row: RotationRow): string {
  return row.way === "direct" ? "partition by partition at Valkey" : "through the server's one route";
}
