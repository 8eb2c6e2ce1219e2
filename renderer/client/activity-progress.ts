import type { Activity } from "../../shared/contract/index.ts";

/** Whether one is a later record of the same activity than the other: records only add to it, whatever the clock does. */
export function isLater(one: Activity, other: Activity): boolean {
  if (one.steps.length !== other.steps.length) return one.steps.length > other.steps.length;
  if (one.evidence.length !== other.evidence.length) return one.evidence.length > other.evidence.length;
  return one.updatedAt > other.updatedAt;
}
