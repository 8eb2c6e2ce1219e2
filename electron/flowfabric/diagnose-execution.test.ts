import { expect, test } from "vitest";
import { diagnoseExecution } from "./diagnose-execution.ts";

const eligible = {
  lifecyclePhase: "runnable",
  ownershipState: "unowned",
  eligibilityState: "eligible_now",
  blockingReason: "waiting_for_worker",
  terminalOutcome: "none",
  attemptState: "pending_first_attempt",
  publicState: "waiting",
};
const active = {
  ...eligible,
  lifecyclePhase: "active",
  eligibilityState: "not_applicable",
  publicState: "active",
};

test.each([
  [
    "an expired lease",
    { ...active, ownershipState: "lease_expired_reclaimable" },
    "stuck",
    ["reclaim", "cancel"],
  ],
  ["a revoked lease", { ...active, ownershipState: "lease_revoked" }, "stuck", ["reclaim", "cancel"]],
  ["a held lease", { ...active, ownershipState: "leased" }, "fine", ["revoke-lease", "cancel"]],
  ["an owner that is nobody", active, "stuck", ["cancel"]],
  ["a missing capability", { ...eligible, eligibilityState: "blocked_by_route" }, "stuck", ["cancel"]],
  ["a budget", { ...eligible, eligibilityState: "blocked_by_budget" }, "stuck", ["cancel"]],
  ["a quota", { ...eligible, eligibilityState: "blocked_by_quota" }, "waiting", ["cancel"]],
  ["a queue", eligible, "waiting", ["priority", "cancel"]],
  ["a waitpoint", { ...eligible, lifecyclePhase: "suspended" }, "waiting", ["signal", "cancel"]],
  ["an end", { ...eligible, lifecyclePhase: "terminal", terminalOutcome: "failed" }, "over", ["replay"]],
  ["a word of the future", { ...eligible, eligibilityState: "dreaming" }, "waiting", ["cancel"]],
] as const)("%s", (_name, state, level, actions) => {
  expect(diagnoseExecution(state, "valkey")).toMatchObject({ level, actions });
});

test("knows what differs on Postgres", () => {
  const cancelled = { ...eligible, lifecyclePhase: "terminal", terminalOutcome: "cancelled" };
  expect(diagnoseExecution(cancelled, "postgres").actions).toEqual([]);
  expect(diagnoseExecution(eligible, "postgres").advice).toMatch(/stranded/);
  expect(diagnoseExecution(active, "postgres").actions).toEqual(["reclaim", "cancel"]);
  const orphaned = { ...active, ownershipState: "lease_revoked" };
  expect(diagnoseExecution(orphaned, "postgres").advice).toMatch(/by itself/);
});
