import { expect, test } from "vitest";
import { lookOf } from "../ui/state-look.ts";
import { resultLook, syncLook, workloadLook } from "./flux-look.ts";

test.each(["constructor", "toString", "__proto__", "hasOwnProperty"])(
  "a state called %s has a neutral look of its own",
  (state) => {
    expect(lookOf(state)).toEqual({ tone: "idle", shape: "ring", word: state });
    expect(resultLook(state)).toEqual({ tone: "warn", shape: "question", word: state });
    const workload = { status: state, syncError: "", rollout: undefined };
    expect(workloadLook(workload)).toEqual({ tone: "idle", shape: "ring", word: state });
  },
);

test.each([
  ["deployed", "good"],
  ["failed", "bad"],
  ["pending-upgrade", "flight"],
  ["superseded", "idle"],
])("the Helm operator's word %s looks %s", (status, tone) => {
  expect(workloadLook({ status, syncError: "", rollout: undefined })).toMatchObject({ tone, word: status });
});

test("a sync that applied everything but what failed is not a good one", () => {
  const errors = [{ id: "shop:deployment/bad", path: "shop/bad.yaml", error: "no" }];
  const sync = { state: "applied" as const, pendingCount: 0 };
  expect(syncLook({ ...sync, errors: [] }).tone).toBe("good");
  expect(syncLook({ ...sync, errors })).toMatchObject({ tone: "bad", word: "all applied, but 1 failed" });
});
