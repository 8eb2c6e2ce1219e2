import { asFailure, type CommandExecution, type Handlers } from "../../../shared/contract/index.ts";
import type { serverOperations } from "../../../shared/flowfabric/server-operations.ts";
import type { Budget, ServerHealth } from "../../../shared/flowfabric/server-schema.ts";
import { commandThrough } from "../../connections/session-door.ts";
import { readVerdict, timestamp } from "../../upstream/evidence.ts";
import { answerDetails } from "../client/http-failure.ts";
import { parseMetrics } from "../client/metrics.ts";
import type { BudgetReply } from "../client/replies.ts";
import { resetRequest } from "../client/requests.ts";
import { timeOfText } from "../queries/execution-rows.ts";
import type { FlowfabricSession } from "../session/session.ts";
import { forEachBounded } from "../valkey/bounded.ts";
import { missingLibrary, orFailure, readLibrary, readPartitionCount } from "../valkey/partitions.ts";
import { answerOf, type CommandParts, describeRequest, readBack, readFirst } from "./command-parts.ts";

const defaultBudgetPartitions = 32;
const mostBudgets = 20_000;

type ServerOperations = Omit<typeof serverOperations, "flowfabric.flows.cancel">;

/** Handlers of the server itself and its budgets. */
export function serverHandlers(parts: CommandParts): Handlers<ServerOperations> {
  return {
    "flowfabric.health": ({ connectionId }) => readHealth(parts.session(connectionId)),
    "flowfabric.metrics": async ({ connectionId }) => readMetrics(parts.session(connectionId)),
    "flowfabric.budgets.list": async ({ connectionId }) => listBudgets(parts.session(connectionId)),
    "flowfabric.budgets.get": async ({ connectionId, budgetId }) =>
      budgetOf(await parts.session(connectionId).requireClient().budget(budgetId)),
    "flowfabric.budgets.reset": async ({ connectionId, budgetId }) =>
      resetExecution(parts, connectionId, budgetId),
  };
}

async function readHealth(session: FlowfabricSession): Promise<ServerHealth> {
  const [http, valkey] = await Promise.all([httpHealth(session), valkeyHealth(session)]);
  return {
    ...(http && { http: besides(valkey, http) }),
    ...(valkey && { valkey }),
    backend: { kind: session.backend.backend, because: session.backend.because },
    token: session.target.authentication.method === "bearer" ? "sent" : "not-configured",
  };
}

/** A server does not leave a node of a cluster that hangs, though another one has taken over from it. */
function besides(
  valkey: ServerHealth["valkey"],
  http: NonNullable<ServerHealth["http"]>,
): NonNullable<ServerHealth["http"]> {
  if (http.status !== "backend-down" || valkey?.message.startsWith(wholeValkey) !== true) return http;
  return { ...http, message: `${http.message} Valkey answers here: if it stays so, restart ff-server.` };
}

async function httpHealth({ client }: FlowfabricSession): Promise<ServerHealth["http"]> {
  if (!client) return undefined;
  const start = performance.now();
  try {
    await client.health();
    return { status: "ok", message: "The server and its backend answer.", roundTripMs: since(start) };
  } catch (error) {
    const failure = asFailure(error);
    const details = answerDetails(failure);
    if (details?.kind === "unavailable")
      return {
        status: "no-ping",
        message:
          "The server lives, but its backend cannot be pinged: this is how SQLite, for development, looks.",
        roundTripMs: since(start),
      };
    return { status: details?.status === 500 ? "backend-down" : "failed", message: failure.message };
  }
}

async function valkeyHealth({ store, storeProblem }: FlowfabricSession): Promise<ServerHealth["valkey"]> {
  if (!store) return storeProblem && { status: "failed", message: storeProblem.message };
  try {
    const roundTripMs = await orFailure(store.ping());
    const [server, library, partitions] = await Promise.all([
      orFailure(store.serverVersion()).catch(() => undefined),
      readLibrary(store),
      readPartitionCount(store),
    ]);
    return {
      status: "ok",
      message: storeMessage(partitions, missingLibrary(library)),
      roundTripMs: Math.round(roundTripMs * 100) / 100,
      ...(server !== undefined && { server: server.name }),
      ...(server?.refused !== undefined && { refused: server.refused }),
      ...(library.version !== undefined && { libraryVersion: library.version }),
      ...(partitions !== undefined && { partitions }),
    };
  } catch (error) {
    return { status: "failed", message: asFailure(error).message };
  }
}

const wholeValkey = "Valkey answers, with";

/** Bad news first. */
function storeMessage(partitions: number | undefined, missing: string | undefined): string {
  if (partitions === undefined)
    return "Valkey answers, but no ff-server has started on it, or it came back empty: restart ff-server then.";
  return [missing, `${wholeValkey} ${partitions} partitions.`].filter(Boolean).join(" ");
}

function since(start: number): number {
  return Math.round((performance.now() - start) * 100) / 100;
}

async function readMetrics(session: FlowfabricSession) {
  try {
    return { available: true, ...parseMetrics(await session.requireClient().metrics()) };
  } catch (error) {
    const failure = asFailure(error);
    if (failure.code !== "not_found" && failure.code !== "unauthenticated") throw failure;
    const reason =
      "This server was built without the feature observability, so it has no metrics. They cannot be turned on while it runs.";
    return { available: false, reason, samples: [], malformedLines: 0 };
  }
}

/** No route lists budgets; their ids are in Valkey (flowfabric-admin Appendix D). */
async function listBudgets({
  store,
}: FlowfabricSession): Promise<{ ids: string[]; told: boolean; partitions: number }> {
  if (!store) return { ids: [], told: false, partitions: 0 };
  const count = (await readPartitionCount(store, "num_budget_partitions")) ?? defaultBudgetPartitions;
  const partitions = Array.from({ length: count }, (_, index) => index);
  const ids: string[] = [];
  await forEachBounded(partitions, defaultBudgetPartitions, async (partition) => {
    const members = await orFailure(store.setMembers(`ff:idx:{b:${partition}}:budget_policies`));
    for (const id of members) if (ids.length < mostBudgets) ids.push(id);
  });
  return { ids: ids.sort(), told: true, partitions: count };
}

function budgetOf(reply: BudgetReply): Budget {
  const times = {
    lastBreachAt: timeOfText(reply.last_breach_at),
    nextResetAt: timeOfText(reply.next_reset_at),
    createdAt: timeOfText(reply.created_at),
  };
  return {
    id: reply.budget_id,
    scopeType: reply.scope_type,
    scopeId: reply.scope_id,
    enforcementMode: reply.enforcement_mode,
    usage: reply.usage,
    hardLimits: reply.hard_limits,
    softLimits: reply.soft_limits,
    breaches: reply.breach_count,
    softBreaches: reply.soft_breach_count,
    ...(reply.last_breach_dim !== null && { lastBreachDimension: reply.last_breach_dim }),
    ...Object.fromEntries(Object.entries(times).filter(([, time]) => time !== undefined)),
    stub: reply.scope_type === "" && times.createdAt === undefined,
  };
}

function resetExecution(parts: CommandParts, connectionId: string, budgetId: string): CommandExecution {
  const known = parts.session(connectionId).requireClient();
  return commandThrough(parts.door(connectionId), {
    target: { kind: "budget", id: budgetId, label: `Budget ${budgetId.slice(0, 8)}…` },
    request: describeRequest(known, resetRequest(budgetId)),
    send: async (session) => {
      const client = session.requireClient();
      // On Valkey a reset of a budget that does not exist would leave a stub record behind.
      await readFirst(client.budget(budgetId));
      return answerOf(client.resetBudget(budgetId), (reply) => ({
        accepted: true,
        message: "The server says that its usage is nothing again.",
        reply,
        done: true,
      }));
    },
    ...readBack(parts, async (session) => {
      const { usage } = await session.requireClient().budget(budgetId);
      const used = Object.entries(usage).filter(([, amount]) => amount !== "0");
      const from = { at: timestamp(parts), data: usage };
      return used.length === 0
        ? readVerdict("verified", "Nothing is used.", from)
        : readVerdict("unknown", "Something is used: it was not reset, or has been used since.", from);
    }),
  });
}
