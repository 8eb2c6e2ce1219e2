import type { Activity, FailureData } from "../../shared/contract/index.ts";
import { activityStateSchema, isInFlight } from "../../shared/contract/index.ts";
import type { BulkReceipt } from "../client/bulk.ts";

/** What became of one item of a command, as far as is known. */
export interface Receipt<Input> {
  input: Input;
  /** A state of the activity, or `waiting`, `running` or `failed` of the call itself. */
  state: string;
  activity?: Activity;
  failure?: FailureData;
  forgotten?: boolean;
}

/**
 * Joins what the calls answered with the activities as they are now. A call that failed may have left an activity
 * behind, whose state counts: without an answer nobody knows whether it happened.
 */
export function joinReceipts<Input>(
  receipts: readonly BulkReceipt<Input>[],
  activities: ReadonlyMap<string, Activity>,
): Receipt<Input>[] {
  return receipts.map(({ input, state, activity, failure, forgotten }) => {
    const id = activityIdOf({ activity, failure });
    const latest = (id === undefined ? undefined : activities.get(id)) ?? activity;
    const known = latest?.state ?? activityStateSchema.safeParse(failure?.details?.state).data ?? state;
    return {
      input,
      state: known,
      ...(latest && { activity: latest }),
      ...(failure && { failure }),
      ...(forgotten && { forgotten }),
    };
  });
}

/** The activity that a call brought about; one that failed names what it left behind in its details. */
export function activityIdOf({
  activity,
  failure,
}: {
  activity?: Activity | undefined;
  failure?: FailureData | undefined;
}): string | undefined {
  const id = activity?.id ?? failure?.details?.activityId;
  return typeof id === "string" ? id : undefined;
}

/** Whether doing it again is the natural next step; an unknown outcome is reconciled instead, for it may have happened. */
export function canRetry({ state, forgotten }: Pick<Receipt<unknown>, "state" | "forgotten">): boolean {
  return !forgotten && (state === "failed" || state === "refused");
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
