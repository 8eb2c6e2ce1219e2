import type { Acknowledgement, CommandExecution, Handlers, Verdict } from "../../../shared/contract/index.ts";
import { ownValue } from "../../../shared/contract/index.ts";
import type {
  BudgetParams,
  limitOperations,
  QuotaParams,
} from "../../../shared/flowfabric/limit-operations.ts";
import { commandThrough } from "../../connections/session-door.ts";
import { readVerdict, timestamp } from "../../upstream/evidence.ts";
import { type Tagged, undecodable } from "../client/client.ts";
import { notFoundIs } from "../client/http-failure.ts";
import type { BudgetReply } from "../client/replies.ts";
import { budgetRequest, quotaRequest } from "../client/requests.ts";
import { answerOf, type CommandParts, describeRequest, readBack } from "./command-parts.ts";

/** Handlers that create budgets and quota policies. */
export function limitHandlers(parts: CommandParts): Handlers<typeof limitOperations> {
  return {
    "flowfabric.budgets.create": async ({ connectionId, ...params }) =>
      createBudget(parts, connectionId, params),
    "flowfabric.quotas.create": async ({ connectionId, ...params }) =>
      createQuota(parts, connectionId, params),
  };
}

function createBudget(parts: CommandParts, connectionId: string, params: BudgetParams): CommandExecution {
  const request = budgetRequest(params, parts.now());
  const known = parts.session(connectionId).requireClient();
  return commandThrough(parts.door(connectionId), {
    target: { kind: "budget", id: params.budgetId, label: `Budget ${params.budgetId.slice(0, 8)}…` },
    request: describeRequest(known, request),
    send: (session) =>
      answerOf(session.requireClient().createBudget(request.body), (answer) =>
        acknowledgeCreation(answer, {
          created: "The server says that the budget exists now.",
          existed: "A budget of this id exists already; it was left as it is.",
        }),
      ),
    ...readBack(parts, async (session) => {
      const budget = await session.requireClient().budget(params.budgetId).catch(notFoundIs(undefined));
      const [kind, message] = judgeBudget(params, budget);
      return readVerdict(kind, message, { at: timestamp(parts), data: budget });
    }),
  });
}

/** What was asked for against what is there; what happens at the limits cannot be read back. */
function judgeBudget(params: BudgetParams, budget: BudgetReply | undefined): [Verdict["verdict"], string] {
  if (!budget) return ["failed", "There is no such budget."];
  const limits = params.dimensions.flatMap(({ name, hardLimit, softLimit }): [string, unknown, unknown][] => [
    [`hard limit of ${name}`, String(hardLimit), ownValue(budget.hard_limits, name) ?? "0"],
    [`soft limit of ${name}`, String(softLimit), ownValue(budget.soft_limits, name) ?? "0"],
  ]);
  const differing = [
    ["scope", `${params.scopeType} ${params.scopeId}`, `${budget.scope_type} ${budget.scope_id}`],
    ["enforcement", params.enforcementMode, budget.enforcement_mode],
    ["reset by itself", params.resetIntervalMs > 0, (budget.next_reset_at ?? "0") !== "0"],
    ...limits,
  ].filter(([, wanted, is]) => wanted !== is);
  if (differing.length === 0) return ["verified", "It was read back with these limits."];
  return ["failed", `It exists, but differs: ${differing.map(([name]) => name).join(", ")}.`];
}

/** Only the server's own words tell which it was: a proxy answers with success as well. */
function acknowledgeCreation(
  { created, reply }: Tagged,
  messages: { created: string; existed: string },
): Acknowledgement {
  const tags = typeof reply === "string" ? [reply] : Object.keys(reply);
  if (created && tags.includes("Created"))
    return { accepted: true, message: messages.created, reply, done: true };
  if (!created && tags.includes("AlreadySatisfied"))
    return { accepted: false, message: messages.existed, reply };
  throw undecodable("it does not say whether something was created", {
    status: created ? 201 : 200,
    method: "POST",
  });
}

function createQuota(parts: CommandParts, connectionId: string, params: QuotaParams): CommandExecution {
  const request = quotaRequest(params, parts.now());
  const known = parts.session(connectionId).requireClient();
  return commandThrough(parts.door(connectionId), {
    target: { kind: "other", id: params.quotaId, label: `Quota policy ${params.quotaId.slice(0, 8)}…` },
    request: describeRequest(known, request),
    send: (session) =>
      answerOf(session.requireClient().createQuota(request.body), (answer) =>
        acknowledgeCreation(answer, {
          created: `The server says that the policy ${params.quotaId} exists now. No route reads it back.`,
          existed: "A policy of this id exists already; it was left as it is.",
        }),
      ),
  });
}
