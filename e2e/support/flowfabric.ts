import type { Page } from "@playwright/test";
import type { OperationName } from "../../shared/catalogue.ts";
import { limitSamples } from "../../shared/testing/every-command.ts";
import { connect, goToPlace } from "./connect.ts";
import type { RunningConsole } from "./console.ts";
import type { PlaygroundProcess } from "./playground.ts";

type FlowfabricName = Extract<OperationName, `flowfabric.${string}`>;

/** One input for each operation on a FlowFabric server. */
export function flowfabricInputs(
  connectionId: string,
): Partial<Record<FlowfabricName, Record<string, unknown>>> {
  const server = { connectionId };
  const rotation = { connectionId, rotationId: "none" };
  const execution = { connectionId, executionId: "{fp:86}:00000000-0000-4000-8000-000000000001" };
  const budget = { connectionId, budgetId: "11111111-1111-4111-8111-111111111111" };
  const waitpointId = "7a1f3c52-8a0e-4a8e-b3f5-2f2f9f0d1a11";
  const worker = { workerId: "worker-1", workerInstanceId: "worker-1-a", lane: "default" };
  return {
    "flowfabric.rotations.list": server,
    "flowfabric.rotations.get": rotation,
    "flowfabric.rotations.preview": server,
    "flowfabric.rotations.export": { ...rotation, format: "json" },
    "flowfabric.rotations.start": { ...server, way: "http", keyId: "kid-parity" },
    "flowfabric.rotations.retry": rotation,
    "flowfabric.rotations.stop": rotation,
    "flowfabric.rotations.abandon": rotation,
    "flowfabric.partitions.list": { ...server, from: 0, to: 3 },
    "flowfabric.leases.expired": server,
    "flowfabric.executions.list": { ...server, limit: 10, from: { partition: 3, cursor: "" } },
    "flowfabric.executions.get": execution,
    "flowfabric.executions.state": execution,
    "flowfabric.executions.result": execution,
    "flowfabric.executions.stream": { ...execution, attempt: 0, after: "0-0", waitMs: 0 },
    "flowfabric.executions.cancel": { ...execution, note: "parity" },
    "flowfabric.executions.replay": execution,
    "flowfabric.executions.revoke-lease": execution,
    "flowfabric.executions.priority": { ...execution, priority: 5 },
    "flowfabric.executions.signal": { ...execution, waitpointId, signalName: "approve" },
    "flowfabric.executions.reclaim": { ...execution, ...worker },
    "flowfabric.workers.claim": { ...server, ...worker, capabilities: ["gpu"] },
    "flowfabric.waitpoints.list": execution,
    "flowfabric.waitpoints.scan": { ...server, limit: 10 },
    "flowfabric.waitpoints.token": { ...execution, waitpointId },
    "flowfabric.health": server,
    "flowfabric.metrics": server,
    "flowfabric.budgets.list": server,
    "flowfabric.budgets.get": budget,
    "flowfabric.budgets.reset": budget,
    "flowfabric.budgets.create": { ...budget, ...limitSamples },
    "flowfabric.quotas.create": { ...server, quotaId: waitpointId, ...limitSamples },
    "flowfabric.flows.cancel": { ...server, flowId: waitpointId },
  };
}

/** The connection that these stories use. */
export const serverId = "server";

interface FlowfabricStage {
  open(): Promise<RunningConsole>;
}

/** A console that is connected to the playground's server and its Valkey, on the page of rotations. */
export async function followFlowfabric(
  stage: FlowfabricStage,
  playground: PlaygroundProcess,
): Promise<RunningConsole> {
  const { url, valkey, token, valkeyPassword } = playground.systems.flowfabric as Record<string, string>;
  const started = await stage.open();
  await connect(started, {
    connectionId: serverId,
    profile: {
      name: "Story server",
      color: "#12b886",
      environment: "TEST",
      guard: "open",
      openAtStart: true,
      system: "flowfabric",
      target: {
        url: String(url),
        authentication: { method: "bearer" },
        valkey: { addresses: [String(valkey)], cluster: false },
      },
    },
    secrets: { token: String(token), valkeyPassword: String(valkeyPassword) },
  });
  await goToFlowfabric(started.page, "rotations");
  return started;
}

/** Shows a screen of the story's server. */
export async function goToFlowfabric(page: Page, screen: string): Promise<void> {
  await goToPlace(page, `/flowfabric/${serverId}/${screen}`);
}
