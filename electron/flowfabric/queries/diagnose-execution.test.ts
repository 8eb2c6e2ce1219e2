import { expect, test } from "vitest";
import { flowFabricExchanges } from "../../../recordings/recordings.ts";
import type { ExecutionReply } from "../client/replies.ts";
import { diagnoseExecution } from "./diagnose-execution.ts";
import { executionRow } from "./execution-rows.ts";

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

test("offers nothing that cannot work on Postgres and SQLite", () => {
  const fresh = flowFabricExchanges().filter(
    ({ status, body }) =>
      status === 200 && (body as Partial<ExecutionReply>)?.state_vector?.lifecycle_phase === "submitted",
  );
  expect(new Set(fresh.map(({ server }) => server.replace(/^.* on /, "")))).toEqual(
    new Set(["PostgreSQL 15", "SQLite"]),
  );
  for (const { body } of fresh)
    for (const backend of ["postgres", "sqlite", "unknown"] as const) {
      const { diagnosis } = executionRow(body as ExecutionReply, backend);
      expect(diagnosis).toMatchObject({
        actions: ["cancel"],
        advice: expect.stringMatching(/no claim finds it/),
      });
    }
  const cancelled = { ...eligible, lifecyclePhase: "terminal", terminalOutcome: "cancelled" };
  expect(diagnoseExecution(cancelled, "sqlite").actions).toEqual([]);
});

test("knows what differs on Postgres", () => {
  const cancelled = { ...eligible, lifecyclePhase: "terminal", terminalOutcome: "cancelled" };
  expect(diagnoseExecution(cancelled, "postgres").actions).toEqual([]);
  expect(diagnoseExecution(eligible, "postgres").advice).toMatch(/stranded/);
  expect(diagnoseExecution(active, "postgres").actions).toEqual(["reclaim", "cancel"]);
  const orphaned = { ...active, ownershipState: "lease_revoked" };
  expect(diagnoseExecution(orphaned, "postgres").advice).toMatch(/by itself/);
});
