import { afterEach, beforeEach } from "vitest";
import { type FlowfabricServer, startFlowfabricServer } from "../../../playground/flowfabric/server.ts";
import { asFailure, type Failure } from "../../../shared/contract/index.ts";
import { FlowfabricClient } from "../client/client.ts";

export const id = "{fp:86}:00000000-0000-4000-8000-000000000001";
export const other = "{fp:86}:00000000-0000-4000-8000-000000000002";
/** In the partition of the executions above. */
export const flowId = "3f2b8c1e-9a47-4d60-8b1f-5c2e7a90007b";
export const budgetId = "11111111-1111-4111-8111-111111111111";

/** A simulated server, a client of it and their clock, new for each test. */
export interface Sides {
  server: FlowfabricServer;
  client: FlowfabricClient;
  clock: number;
  /** Puts another server in the place of the first. */
  instead(settings: Parameters<typeof startFlowfabricServer>[0], token?: string): Promise<void>;
}

/** Gives each test of a file its own server and client. */
export function bothSides(): Sides {
  const sides = {} as Sides;
  const end = async (): Promise<void> => {
    sides.client.close();
    await sides.server.stop();
  };
  const begin = async (
    settings: Parameters<typeof startFlowfabricServer>[0],
    token?: string,
  ): Promise<void> => {
    sides.server = await startFlowfabricServer({
      now: () => sides.clock,
      callTimeoutMilliseconds: 20,
      ...settings,
    });
    sides.client = new FlowfabricClient({ url: `${sides.server.url}//`, timeoutMs: 5_000, token });
  };
  sides.instead = async (settings, token) => {
    await end();
    await begin(settings, token);
  };
  beforeEach(async () => {
    sides.clock = 1_777_800_000_000;
    await begin({});
  });
  afterEach(end);
  return sides;
}

/** The body that creates an execution. */
export function creation(executionId = id, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    execution_id: executionId,
    namespace: "demo",
    lane_id: "default",
    execution_kind: "demo",
    input_payload: [123, 125],
    priority: 5,
    creator_identity: "ops",
    partition_id: 86,
    now: 1_777_800_000_000,
    ...more,
  };
}

/** The failure that a call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  return call.then(
    (value) => {
      throw new Error(`answered ${JSON.stringify(value)}`);
    },
    (error) => asFailure(error),
  );
}
