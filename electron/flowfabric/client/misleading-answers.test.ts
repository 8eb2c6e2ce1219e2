import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { flowfabricTargetSchema } from "../../../shared/connections/flowfabric-target.ts";
import { Scope } from "../../connections/scope.ts";
import { scanExecutions } from "../queries/scan.ts";
import { FlowfabricSession } from "../session/session.ts";
import { answeringServer } from "../testing/answering-server.ts";
import { budgetId, failureOf, id, other } from "../testing/both-sides.ts";
import { FlowfabricClient } from "./client.ts";

const server = answeringServer();
let client: FlowfabricClient;

beforeAll(() => {
  client = new FlowfabricClient({ url: server.url, timeoutMs: 5_000 });
});
afterAll(() => client.close());

function answer(body: unknown): void {
  server.answer = { status: 200, body: JSON.stringify(body), contentType: "application/json" };
}

const vector = {
  ...{ lifecycle_phase: "active", ownership_state: "leased", eligibility_state: "not_applicable" },
  ...{ blocking_reason: "none", terminal_outcome: "none", attempt_state: "running_attempt" },
  public_state: "active",
};
const execution = {
  ...{ execution_id: id, namespace: "n", lane_id: "l", priority: 1, execution_kind: "k" },
  ...{ state_vector: vector, public_state: "active", created_at: "1", current_attempt_index: 0 },
  ...{ flow_id: null, blocking_detail: "" },
};
const waitpoint = {
  ...{ waitpoint_id: "w", waitpoint_key: "k", state: "open", required_signal_names: [], created_at: 1 },
  ...{ execution_id: id, token_kid: "kid", token_fingerprint: "f" },
};
const budget = {
  ...{ budget_id: budgetId, scope_type: "lane", scope_id: "l", enforcement_mode: "strict", usage: {} },
  ...{ hard_limits: {}, soft_limits: {}, breach_count: 0, soft_breach_count: 0, last_breach_at: null },
  ...{ last_breach_dim: null, next_reset_at: null, created_at: null },
};

describe("an answer about something else", () => {
  test.each([
    ["execution", () => client.execution(id), execution, { ...execution, execution_id: other }],
    ["waitpoint", () => client.pendingWaitpoints(id), [waitpoint], [{ ...waitpoint, execution_id: other }]],
    ["budget", () => client.budget(budgetId), budget, { ...budget, budget_id: "another" }],
  ])("is no reading of the %s that was asked for", async (_what, read, own, foreign) => {
    answer(own);
    await expect(read()).resolves.toBeTruthy();
    answer(foreign);
    expect(await failureOf(read())).toMatchObject({
      code: "upstream_invalid",
      message: expect.stringContaining("it is about another"),
      details: { refused: false, retry: "check-first" },
    });
  });
});

describe("a reply to a rotation", () => {
  const rotate = () => client.rotateWaitpointSecret({ keyId: "kid-1", secretHex: "ab".repeat(32) });

  test("is taken where it adds up", async () => {
    answer({ rotated: 254, failed: [17, 201], new_kid: "kid-1" });
    expect(await rotate()).toMatchObject({ rotated: 254 });
  });

  test.each([
    ["more partitions than there can be", { rotated: 2 ** 31, failed: [] }],
    ["no partition at all", { rotated: 0, failed: [] }],
    ["fewer than none", { rotated: -1, failed: [] }],
    ["a partition beyond them", { rotated: 255, failed: [999] }],
    ["a partition twice", { rotated: 254, failed: [3, 3] }],
    ["another key", { rotated: 256, failed: [], new_kid: "kid-2" }],
  ])("with %s says nothing of any", async (_what, reply) => {
    answer({ new_kid: "kid-1", ...reply });
    expect(await failureOf(rotate())).toMatchObject({
      code: "upstream_invalid",
      details: { refused: false },
    });
  });
});

test("a list whose empty pages go on without end is read once", async () => {
  answer({ status: "ok", executions: [], next_cursor: "again" });
  const scope = new Scope((error) => expect.unreachable(String(error)));
  const target = flowfabricTargetSchema.parse({ url: server.url });
  const session = await FlowfabricSession.open({ target, secrets: {} }, scope);
  server.asked = [];
  const scan = scanExecutions(session, { limit: 100, told: 2 });
  expect(await failureOf(scan)).toMatchObject({ message: expect.stringContaining("its page is empty") });
  expect(server.asked).toHaveLength(2);
  await scope.end();
});
