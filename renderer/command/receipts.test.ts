import { describe, expect, it } from "vitest";
import type { Activity, ActivityState } from "../../shared/contract/index.ts";
import type { BulkReceipt } from "../client/bulk.ts";
import { canRetry, isUnderWay, joinReceipts, receiptSummary } from "./receipts.ts";

const input = { connectionId: "c", hostId: "N1" };

function activity(id: string, state: ActivityState): Activity {
  const at = "2026-11-23T02:00:00.000Z";
  return {
    id,
    operation: "lattice.components.scale",
    title: "Scale cart to 5",
    state,
    message: "",
    connectionId: "c",
    actor: "operator",
    transport: "ipc",
    input: {},
    evidence: [],
    steps: [],
    startedAt: at,
    updatedAt: at,
  };
}

describe("joinReceipts", () => {
  const calls: BulkReceipt<typeof input>[] = [
    { input, state: "done", activity: activity("a", "acknowledged") },
    { input, state: "done", activity: activity("b", "acknowledged") },
    { input, state: "failed", failure: { code: "forbidden", message: "read-only" } },
    { input, state: "waiting" },
  ];
  const live = new Map([["a", activity("a", "verified")]]);

  it("follows the activity beyond what the call answered", () => {
    expect(joinReceipts(calls, live).map(({ state }) => state)).toEqual([
      "verified",
      "acknowledged",
      "failed",
      "waiting",
    ]);
    expect(receiptSummary(joinReceipts(calls, live))).toBe(
      "1 verified · 1 acknowledged · 1 waiting · 1 failed",
    );
  });

  it("calls unknown what was not answered, and follows what it left behind", () => {
    const details = { activityId: "u", state: "unknown" };
    const failure = { code: "timeout", message: "It did not answer.", details } as const;
    const unanswered: BulkReceipt<typeof input>[] = [{ input, state: "failed", failure }];
    const [before] = joinReceipts(unanswered, new Map());
    expect(before).toMatchObject({ state: "unknown", failure });
    expect(before && canRetry(before)).toBe(false);
    const [after] = joinReceipts(unanswered, new Map([["u", activity("u", "failed")]]));
    expect(after).toMatchObject({ state: "failed", activity: { id: "u" } });
  });

  it("never offers to repeat what may have happened", () => {
    const unknown = joinReceipts([{ input, state: "done", activity: activity("u", "unknown") }], new Map());
    expect(unknown.map(canRetry)).toEqual([false]);
    expect(unknown.map(isUnderWay)).toEqual([false]);
    expect(joinReceipts(calls, live).map(canRetry)).toEqual([false, false, true, false]);
    expect(joinReceipts(calls, live).map(isUnderWay)).toEqual([false, true, false, true]);
  });
});
