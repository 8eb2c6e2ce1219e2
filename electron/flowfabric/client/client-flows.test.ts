import { describe, expect, test } from "vitest";
import { asFailure } from "../../../shared/contract/index.ts";
import { bothSides, budgetId, creation, failureOf, flowId, id, other } from "../testing/both-sides.ts";
import { answerDetails } from "./http-failure.ts";

const sides = bothSides();

describe("flows, budgets and quotas", () => {
  test("a flow has members and edges, and is cancelled with them", async () => {
    await sides.client.createExecution(creation());
    await sides.client.createExecution(creation(other));
    const flow = { flow_id: flowId, flow_kind: "demo", namespace: "demo", now: sides.clock };
    expect(await sides.client.createFlow(flow)).toEqual({
      created: true,
      reply: { Created: { flow_id: flowId } },
    });
    expect((await sides.client.createFlow(flow)).created).toBe(false);
    expect(await sides.client.addFlowMember(flowId, id, sides.clock)).toMatchObject({
      reply: { Added: { new_node_count: 1 } },
    });
    expect(await sides.client.addFlowMember(flowId, id, sides.clock)).toMatchObject({
      reply: { AlreadyMember: { node_count: 1 } },
    });
    await sides.client.addFlowMember(flowId, other, sides.clock);
    const edge = {
      edge_id: budgetId,
      upstream_execution_id: id,
      downstream_execution_id: other,
      now: sides.clock,
    };
    const stale = await failureOf(
      sides.client.stageFlowEdge(flowId, { ...edge, expected_graph_revision: 7 }),
    );
    expect(answerDetails(stale)).toMatchObject({ scriptCode: "stale_graph_revision", retry: "later" });
    expect(await sides.client.stageFlowEdge(flowId, { ...edge, expected_graph_revision: 2 })).toMatchObject({
      reply: { Staged: { new_graph_revision: 3 } },
    });
    const applied = await sides.client.applyFlowEdge(flowId, { ...edge, graph_revision: 3 });
    expect(applied).toEqual({ created: false, reply: { Applied: { unsatisfied_count: 1 } } });
    expect(await sides.client.applyFlowEdge(flowId, { ...edge, graph_revision: 3 })).toMatchObject({
      reply: "AlreadyApplied",
    });
    expect(await sides.client.executionState(other)).toBe("waiting_children");
    expect(
      await sides.client.cancelFlow(flowId, { reason: "", policy: "cancel_all", now: sides.clock }),
    ).toEqual({
      Cancelled: { cancellation_policy: "cancel_all", member_execution_ids: [id, other] },
    });
    expect(await sides.client.executionState(id)).toBe("cancelled");
    const unknown = await failureOf(
      sides.client.cancelFlow(budgetId, { reason: "", policy: "cancel_all", now: sides.clock }),
    );
    expect(unknown.upstream).toBe("invalid_input: ff_cancel_flow failed: flow_not_found");
  });

  const budget = {
    budget_id: budgetId,
    scope_type: "namespace",
    scope_id: "acme",
    enforcement_mode: "strict",
    on_hard_limit: "fail",
    on_soft_limit: "warn",
    reset_interval_ms: 1_000,
    dimensions: ["tokens"],
    hard_limits: [1_000],
    soft_limits: [800],
    now: 1,
  };

  test("a budget counts up to its limits and is reset", async () => {
    expect(await sides.client.createBudget(budget)).toMatchObject({ created: true });
    expect((await sides.client.createBudget(budget)).created).toBe(false);
    const use = (tokens: number, key?: string) =>
      sides.client.reportUsage(budgetId, {
        dimensions: { tokens },
        now: sides.clock,
        ...(key && { dedup_key: key }),
      });
    expect((await use(500, "a")).reply).toBe("Ok");
    expect((await use(500, "a")).reply).toBe("AlreadyApplied");
    expect((await use(400)).reply).toEqual({
      SoftBreach: { dimension: "tokens", current_usage: 900, soft_limit: 800 },
    });
    expect((await use(200)).reply).toEqual({
      HardBreach: { dimension: "tokens", current_usage: 900, hard_limit: 1_000 },
    });
    expect(await sides.client.budget(budgetId)).toMatchObject({
      usage: { tokens: "900" },
      hard_limits: { tokens: "1000" },
      breach_count: "1",
      last_breach_dim: "tokens",
    });
    expect(await sides.client.resetBudget(budgetId)).toEqual({
      Reset: { next_reset_at: sides.clock + 1_000 },
    });
    // A reset leaves zeros behind (flowfabric-admin §1.8.8).
    expect((await sides.client.budget(budgetId)).usage).toEqual({ tokens: "0" });
  });

  test("amounts beyond 2^53 stay exact", async () => {
    await sides.client.createBudget(budget);
    sides.server.state.budgets.get(budgetId)?.usage.set("tokens", 2 ** 60);
    expect((await sides.client.budget(budgetId)).usage.tokens).toBe("1152921504606847000");
  });

  test("an unknown budget is a 404, unless something was reported to it on Valkey", async () => {
    expect((await failureOf(sides.client.budget(budgetId))).upstream).toBe("not found: budget");
    await sides.client.resetBudget(budgetId);
    expect(await sides.client.budget(budgetId)).toMatchObject({ scope_type: "", created_at: null });
    await sides.client
      .createBudget({ ...budget, budget_id: flowId, soft_limits: [] })
      .catch((error: unknown) => {
        expect(answerDetails(asFailure(error))?.scriptCode).toBe("dimension_limit_array_mismatch");
      });
  });

  test("a quota is created once", async () => {
    const quota = {
      quota_policy_id: budgetId,
      window_seconds: 60,
      max_requests_per_window: 10,
      max_concurrent: 1,
      now: 1,
    };
    expect((await sides.client.createQuota(quota)).created).toBe(true);
    expect((await sides.client.createQuota(quota)).created).toBe(false);
  });
});
