import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { answeringServer } from "../testing/answering-server.ts";
import { budgetId, flowId, id } from "../testing/both-sides.ts";
import { FlowfabricClient } from "./client.ts";

const server = answeringServer();
let client: FlowfabricClient;

beforeAll(() => {
  client = new FlowfabricClient({ url: server.url, timeoutMs: 5_000 });
});
afterAll(() => client.close());
beforeEach(() => {
  server.asked = [];
});

const waitpointId = "7a1f3c52-8a0e-4a8e-b3f5-2f2f9f0d1a11";
const grant = {
  workerId: "w-1",
  workerInstanceId: "w-1-a",
  lane: "default",
  grantTtlMs: 1,
  capabilities: [],
};
const signal = { waitpointId, signalId: waitpointId, signalName: "go", token: "k1:0", now: 1 };

/** The 29 routes of the catalogue (flowfabric-admin §1.1) in its order, each with the method that calls it. */
const routes: [string, () => Promise<unknown>][] = [
  ["GET /v1/executions", () => client.listExecutions(0)],
  ["POST /v1/executions", () => client.createExecution({})],
  ["GET /v1/executions/{id}", () => client.execution(id)],
  ["GET /v1/executions/{id}/state", () => client.executionState(id)],
  ["GET /v1/executions/{id}/pending-waitpoints", () => client.pendingWaitpoints(id)],
  [
    "GET /v1/executions/{id}/waitpoints/{waitpoint_id}/token",
    () => client.readWaitpointToken(id, waitpointId),
  ],
  ["GET /v1/executions/{id}/result", () => client.executionResult(id)],
  ["POST /v1/executions/{id}/cancel", () => client.cancelExecution(id, "", 1)],
  ["POST /v1/executions/{id}/signal", () => client.deliverSignal(id, signal)],
  ["PUT /v1/executions/{id}/priority", () => client.changePriority(id, 1)],
  ["POST /v1/executions/{id}/replay", () => client.replayExecution(id)],
  ["POST /v1/executions/{id}/revoke-lease", () => client.revokeLease(id)],
  ["POST /v1/executions/{id}/reclaim", () => client.issueReclaimGrant(id, grant)],
  ["POST /v1/workers/{worker_id}/claim", () => client.claimForWorker(grant)],
  ["GET /v1/executions/{id}/attempts/{idx}/stream", () => client.readStream(id, 0)],
  [
    "GET /v1/executions/{id}/attempts/{idx}/stream/tail",
    () => client.tailStream(id, 0, { after: "0-0", blockMs: 0 }),
  ],
  [
    "POST /v1/flows",
    () => client.createFlow({ flow_id: flowId, flow_kind: "demo", namespace: "demo", now: 1 }),
  ],
  ["POST /v1/flows/{flow}/members", () => client.addFlowMember(flowId, id, 1)],
  ["POST /v1/flows/{flow}/cancel", () => client.cancelFlow(flowId, { reason: "", policy: "", now: 1 })],
  ["POST /v1/flows/{flow}/edges", () => client.stageFlowEdge(flowId, {})],
  ["POST /v1/flows/{flow}/edges/apply", () => client.applyFlowEdge(flowId, {})],
  ["POST /v1/budgets", () => client.createBudget({})],
  ["GET /v1/budgets/{budget}", () => client.budget(budgetId)],
  ["POST /v1/budgets/{budget}/usage", () => client.reportUsage(budgetId, {})],
  ["POST /v1/budgets/{budget}/reset", () => client.resetBudget(budgetId)],
  ["POST /v1/quotas", () => client.createQuota({})],
  [
    "POST /v1/admin/rotate-waitpoint-secret",
    () => client.rotateWaitpointSecret({ keyId: "k2", secretHex: "00" }),
  ],
  ["GET /healthz", () => client.health()],
  ["GET /metrics", () => client.metrics()],
];

const values: Record<string, string> = {
  "{id}": id,
  "{waitpoint_id}": waitpointId,
  "{worker_id}": "w-1",
  "{idx}": "0",
  "{flow}": flowId,
  "{budget}": budgetId,
};

test("the catalogue is whole: 28 routes and the metrics, none twice", () => {
  expect(new Set(routes.map(([route]) => route)).size).toBe(29);
});

test.each(routes)("%s is called by a method of the client, once", async (route, call) => {
  server.answer = { status: 405, body: "", contentType: "text/plain" };
  await expect(call()).rejects.toThrow(/does not allow this method/);
  expect(server.asked).toEqual([route.replace(/\{\w+\}/g, (name) => values[name] ?? name)]);
});
