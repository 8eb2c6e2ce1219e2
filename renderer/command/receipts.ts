import type { Activity, FailureData } from "../../shared/contract/index.ts";
import { isInFlight } from "../../shared/contract/index.ts";
import type { BulkReceipt } from "../client/bulk.ts";

/** What became of one item of a command, as far as is known. */
export interface Receipt<Input> {
  input: Input;
  /** A state of the activity, or `waiting`, `running` or `failed` of the call itself. */
  state: string;
  activity?: Activity;
  failure?: FailureData;
}

/** Joins what the calls answered with the activities as they are now. */
export function joinReceipts<Input>(
  receipts: readonly BulkReceipt<Input>[],
  activities: ReadonlyMap<string, Activity>,
): Receipt<Input>[] {
  return receipts.map(({ input, state, activity, failure }) => {
    const latest = (activity && activities.get(activity.id)) ?? activity;
    if (latest) return { input, state: latest.state, activity: latest };
    return { input, state, ...(failure && { failure }) };
  });
}

/** Whether doing it again is the natural next step; an unknown outcome is reconciled instead, for it may have happened. */
export function canRetry({ state }: Pick<Receipt<unknown>, "state">): boolean {
  return state === "failed" || state === "refused";
}

/** Whether something is still expected to happen by itself. */
export function isUnderWay({ state, activity }: Pick<Receipt<unknown>, "state" | "activity">): boolean {
  return activity ? isInFlight(activity.state) : state === "waiting" || state === "running";
}

/** Counts in words, the furthest first: "6 verified · 1 acknowledged · 1 unknown". */
export function receiptSummary(receipts: readonly Pick<Receipt<unknown>, "state">[]): string {
  const counts = new Map<string, number>();
  for (const { state } of receipts) counts.set(state, (counts.get(state) ?? 0) + 1);
  return summaryOrder
    .filter((state) => counts.has(state))
    .map((state) => `${counts.get(state)} ${state}`)
    .join(" · ");
}

const summaryOrder = [
  "verified",
  "confirmed",
  "acknowledged",
  "sent",
  "recorded",
  "running",
  "waiting",
  "unknown",
  "refused",
  "failed",
];
