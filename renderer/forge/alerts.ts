import type { QueueRow } from "../../shared/forge/schema.ts";
import { formatCount, formatDuration } from "../ui/format.ts";
import type { Thresholds } from "./thresholds.ts";

/** What of a queue is at or over its threshold, in words. */
export function alertsOf(queue: QueueRow, thresholds: Thresholds): string[] {
  const { counts, lagSeconds } = queue;
  const alerts: string[] = [];
  if (isOver(lagSeconds, thresholds.lagSeconds)) {
    alerts.push(`oldest ready job waits ${formatDuration(lagSeconds * 1_000)}`);
  }
  for (const [name, value] of [
    ["pending", counts.pending],
    ["failed", counts.failed],
    ["dead", counts.dead],
  ] as const) {
    if (isOver(value, thresholds[name])) alerts.push(`${formatCount(value)} ${name}`);
  }
  return alerts;
}

/** A threshold of zero is none: every queue would be over it. */
function isOver(value: number, threshold: number | undefined): boolean {
  return threshold !== undefined && threshold > 0 && value >= threshold;
}
