import { flowFabricExchanges, type HttpExchange } from "../../../recordings/recordings.ts";
import type { CommandExecution } from "../../../shared/contract/index.ts";
import type { CommandParts } from "../commands/command-parts.ts";
import { executionHandlers } from "../commands/execution-handlers.ts";
import { flowHandlers } from "../commands/flow-handlers.ts";
import { grantHandlers } from "../commands/grant-handlers.ts";
import { limitHandlers } from "../commands/limit-handlers.ts";
import { serverHandlers } from "../commands/server-handlers.ts";
import { signalHandlers } from "../commands/signal-handlers.ts";

type Body = Record<string, unknown>;

/** A command that did not happen, whatever the server says, and what was recorded of it. */
export interface HostileCommand {
  name: string;
  make(parts: CommandParts, connectionId: string): Promise<CommandExecution>;
  /** Recorded answers to the request itself. */
  sent: readonly HttpExchange[];
  /** Recorded answers to what is read, none of which says that it happened; by the path that is asked for. */
  read(path: string): readonly HttpExchange[];
  /** Whether what was read says all the same that it happened: a hostile version can be a plain lie. */
  says(bodies: readonly Body[]): boolean;
}

const id = "{fp:86}:00000000-0000-4000-8000-000000000001";
const budgetId = "11111111-1111-4111-8111-111111111111";
const waitpointId = "22222222-2222-4222-8222-222222222222";
const flowId = "33333333-3333-4333-8333-333333333333";
const asked = { transport: "ipc", actor: "test", scope: "change" } as const;
const exchanges = flowFabricExchanges();

function sentTo(path: RegExp): HttpExchange[] {
  return exchanges.filter(({ method, path: own }) => method !== "GET" && path.test(own));
}

function goodReads(path: RegExp): HttpExchange[] {
  return exchanges.filter(
    ({ method, path: own, status }) => method === "GET" && status === 200 && path.test(own),
  );
}

const executions = goodReads(/^\/v1\/executions\/[^/?]+$/);
const budgets = goodReads(/^\/v1\/budgets\/[^/?]+$/);
const waitpoints = goodReads(/pending-waitpoints$/);

/** Recorded executions in some state, as answers about the one that is asked for. */
function executionsWhere(isWanted: (body: Body, state: Body) => boolean): (path: string) => HttpExchange[] {
  const wanted = executions.filter(({ body }) => isWanted(body as Body, (body as Body).state_vector as Body));
  if (wanted.length === 0) throw new Error("no such execution was recorded");
  return (path) => {
    const executionId = /executions\/([^/?]+)/.exec(path)?.[1];
    return wanted.map((each) => ({ ...each, body: { ...(each.body as Body), execution_id: executionId } }));
  };
}

const stateOf = (body: Body): Body => (body.state_vector ?? {}) as Body;
const livePhases = ["submitted", "runnable", "active", "suspended"];
const isLive = (body: Body): boolean => livePhases.includes(String(stateOf(body).lifecycle_phase));
const differ = (bodies: readonly Body[], field: string): boolean => {
  const told = bodies.map((body) => body[field]).filter((value) => /^(\d+|undefined)$/.test(String(value)));
  return new Set(told).size > 1;
};
const isTaken = (bodies: readonly Body[]): boolean =>
  differ(bodies, "current_attempt_index") ||
  bodies.some(
    (body) =>
      stateOf(body).ownership_state === "leased" ||
      ["suspended", "terminal"].includes(String(stateOf(body).lifecycle_phase)),
  );

const grant = { workerId: "w", workerInstanceId: "w", lane: "default", grantTtlMs: 1_000, capabilities: [] };

const onExecutions: readonly HostileCommand[] = [
  {
    name: "cancel",
    make: async (parts, connectionId) =>
      executionHandlers(parts)["flowfabric.executions.cancel"](
        { connectionId, executionId: id, note: "" },
        asked,
      ),
    sent: sentTo(/\/cancel$/),
    read: executionsWhere((body) => body.public_state !== "cancelled"),
    says: (bodies) => bodies.some((body) => body.public_state === "cancelled"),
  },
  {
    name: "priority",
    make: async (parts, connectionId) =>
      executionHandlers(parts)["flowfabric.executions.priority"](
        { connectionId, executionId: id, priority: 8_123 },
        asked,
      ),
    sent: sentTo(/\/priority$/),
    read: executionsWhere(() => true),
    says: (bodies) => bodies.some((body) => body.priority === 8_123),
  },
  {
    name: "replay",
    make: async (parts, connectionId) =>
      executionHandlers(parts)["flowfabric.executions.replay"]({ connectionId, executionId: id }, asked),
    sent: sentTo(/\/replay$/),
    read: executionsWhere((body, state) => state.lifecycle_phase === "terminal" && "completed_at" in body),
    says: (bodies) =>
      bodies.some(isLive) || differ(bodies, "completed_at") || differ(bodies, "current_attempt_index"),
  },
  {
    name: "revoke-lease",
    make: async (parts, connectionId) =>
      executionHandlers(parts)["flowfabric.executions.revoke-lease"](
        { connectionId, executionId: id },
        asked,
      ),
    sent: sentTo(/\/revoke-lease$/),
    read: executionsWhere((_body, state) => state.ownership_state === "leased"),
    says: (bodies) =>
      bodies.some(
        (body) =>
          stateOf(body).lifecycle_phase === "runnable" ||
          ["unowned", "lease_expired_reclaimable", "lease_revoked"].includes(
            String(stateOf(body).ownership_state),
          ),
      ),
  },
  {
    name: "signal",
    make: async (parts, connectionId) =>
      signalHandlers(parts)["flowfabric.executions.signal"](
        { connectionId, executionId: id, waitpointId, signalName: "go" },
        asked,
      ),
    sent: sentTo(/\/signal$/),
    read: (path) =>
      path.endsWith("/token")
        ? goodReads(/\/token$/)
        : waitpoints
            .filter(({ body }) => (body as Body[]).length > 0)
            .map((each) => ({
              ...each,
              body: (each.body as Body[]).map((waitpoint) => ({ ...waitpoint, waitpoint_id: waitpointId })),
            })),
    says: (bodies) =>
      bodies.some(
        (body) =>
          Array.isArray(body) &&
          !body.some((waitpoint: Body | null) => waitpoint?.waitpoint_id === waitpointId),
      ),
  },
];

const others: readonly HostileCommand[] = [
  {
    name: "reclaim",
    make: async (parts, connectionId) =>
      grantHandlers(parts)["flowfabric.executions.reclaim"](
        { connectionId, executionId: id, ...grant },
        asked,
      ),
    sent: sentTo(/\/reclaim$/),
    read: executionsWhere((_body, state) => state.lifecycle_phase === "runnable"),
    says: isTaken,
  },
  {
    name: "claim",
    make: async (parts, connectionId) =>
      grantHandlers(parts)["flowfabric.workers.claim"]({ connectionId, ...grant }, asked),
    sent: sentTo(/\/claim$/),
    read: executionsWhere((_body, state) => state.lifecycle_phase === "runnable"),
    says: isTaken,
  },
  {
    name: "cancel a flow",
    make: async (parts, connectionId) =>
      flowHandlers(parts)["flowfabric.flows.cancel"](
        { connectionId, flowId, policy: "cancel_all", note: "" },
        asked,
      ),
    sent: sentTo(/\/v1\/flows\/[^/]+\/cancel/),
    read: executionsWhere((_body, state) => state.lifecycle_phase !== "terminal"),
    says: (bodies) => bodies.some((body) => stateOf(body).lifecycle_phase === "terminal"),
  },
  {
    name: "reset a budget",
    make: async (parts, connectionId) =>
      serverHandlers(parts)["flowfabric.budgets.reset"]({ connectionId, budgetId }, asked),
    sent: sentTo(/\/reset$/),
    read: () =>
      budgets.map((each) => ({
        ...each,
        body: { ...(each.body as Body), budget_id: budgetId, usage: { tokens: 850 } },
      })),
    says: (bodies) =>
      bodies.some((body) => Object.values(Object(body.usage)).every((amount) => /^0+$/.test(String(amount)))),
  },
  {
    name: "create a budget",
    make: async (parts, connectionId) =>
      limitHandlers(parts)["flowfabric.budgets.create"](
        {
          ...{ connectionId, budgetId, scopeType: "lane", scopeId: "hostile", enforcementMode: "strict" },
          ...{ onHardLimit: "fail", onSoftLimit: "warn", resetIntervalMs: 0 },
          dimensions: [{ name: "hostile", hardLimit: 4_711, softLimit: 4_242 }],
        },
        asked,
      ),
    sent: sentTo(/\/v1\/budgets$/),
    read: () => budgets.map((each) => ({ ...each, body: { ...(each.body as Body), budget_id: budgetId } })),
    says: () => false,
  },
  {
    name: "create a quota policy",
    make: async (parts, connectionId) =>
      limitHandlers(parts)["flowfabric.quotas.create"](
        { connectionId, quotaId: budgetId, windowSeconds: 1, maxRequestsPerWindow: 1, maxConcurrent: 1 },
        asked,
      ),
    sent: sentTo(/\/v1\/quotas$/),
    read: () => [],
    says: () => false,
  },
];

/** Commands of each kind, to one made-up execution, flow or budget. */
export const hostileCommands: readonly HostileCommand[] = [...onExecutions, ...others];
