import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FlowfabricServer, startFlowfabricServer } from "./server.ts";

const budget = {
  budget_id: "11111111-1111-4111-8111-111111111111",
  scope_type: "namespace",
  scope_id: "acme",
  enforcement_mode: "strict",
  on_hard_limit: "fail",
  on_soft_limit: "warn",
  reset_interval_ms: 0,
  dimensions: ["tokens"],
  hard_limits: [10],
  soft_limits: [5],
  now: 1,
};
let server: FlowfabricServer;

beforeEach(async () => {
  server = await startFlowfabricServer({ partitions: 40, callTimeoutMilliseconds: 5 });
});
afterEach(() => server.stop());

async function ask(method: string, path: string, body?: unknown): Promise<[status: number, error: string]> {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    ...(body !== undefined && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  const said = (await answer.json()) as { error?: string };
  return [answer.status, said.error ?? ""];
}

describe("a store that hangs", () => {
  beforeEach(() => server.state.store.become("hung"));

  test("carries out when it wakes what it had received", async () => {
    const [status, error] = await ask("POST", "/v1/budgets", budget);
    expect([status, error]).toEqual([
      500,
      "engine: create_budget: FCALL ff_create_budget: transport (valkey): valkey: timed out",
    ]);
    expect(server.state.budgets.size).toBe(0);
    server.state.store.become("up");
    await expect.poll(() => server.state.budgets.size).toBe(1);
  });

  test("has not received what comes after a reading", async () => {
    const id = "{fp:6}:00000000-0000-4000-8000-000000000001";
    const path = `/v1/executions/${encodeURIComponent(id)}/priority`;
    expect(await ask("PUT", path, { new_priority: 1 })).toEqual([
      500,
      "engine: change_priority: HGET lane_id: transport (valkey): valkey: timed out",
    ]);
  });

  test("takes a key everywhere of which the server said that it failed on all partitions", async () => {
    const pair = { new_kid: "k2", new_secret_hex: "ab".repeat(32) };
    expect((await ask("POST", "/v1/admin/rotate-waitpoint-secret", pair))[0]).toBe(400);
    expect(await server.keystores.currentKid(39)).toBe("k1");
    server.state.store.become("up");
    await expect.poll(() => server.keystores.currentKid(39)).toBe("k2");
    expect(await server.keystores.currentKid(0)).toBe("k2");
  });
});

test("a store that is gone forgets what it was asked", async () => {
  server.state.store.become("gone");
  expect((await ask("POST", "/v1/budgets", budget))[0]).toBe(500);
  expect((await ask("GET", "/healthz"))[0]).toBe(500);
  server.state.store.become("up");
  expect((await ask("GET", `/v1/budgets/${budget.budget_id}`))[0]).toBe(404);
});

test("a store that came back empty answers, and has neither data nor functions", async () => {
  expect((await ask("POST", "/v1/budgets", budget))[0]).toBe(201);
  server.state.lose();
  expect((await ask("GET", "/healthz"))[0]).toBe(200);
  expect((await ask("GET", `/v1/budgets/${budget.budget_id}`))[0]).toBe(404);
  expect((await ask("POST", "/v1/budgets", budget))[1]).toMatch(/ResponseError: Function not found$/);
});
