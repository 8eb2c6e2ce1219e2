import { z } from "zod";
import { command, query } from "../contract/index.ts";
import { flowfabricPath, onServerSchema, uuidSchema } from "./inputs.ts";
import { budgetSchema, metricsSchema, serverHealthSchema } from "./server-schema.ts";

const budget = `${flowfabricPath}/budgets/{budgetId}` as const;
const onBudgetSchema = onServerSchema.extend({ budgetId: uuidSchema });

/** Operations on budgets, flows and the server itself (flowfabric-admin §1.7 to §1.9). */
export const serverOperations = {
  "flowfabric.health": query({
    method: "GET",
    path: `${flowfabricPath}/health`,
    summary: "Says whether the server and its Valkey answer, and what kind of server it seems to be.",
    refresh: { everyMs: 20_000, requests: (health) => (health && !health.valkey ? 1 : 7) },
    input: onServerSchema,
    output: serverHealthSchema,
  }),
  "flowfabric.metrics": query({
    method: "GET",
    path: `${flowfabricPath}/metrics`,
    summary: "Reads the server's metrics, which exist only in builds with the feature observability.",
    refresh: { everyMs: 10_000 },
    input: onServerSchema,
    output: metricsSchema,
  }),
  "flowfabric.budgets.list": query({
    method: "GET",
    path: `${flowfabricPath}/budgets`,
    summary: "Lists the ids of budgets; only Valkey has them.",
    refresh: { everyMs: 30_000, requests: (list) => (list?.partitions ?? 32) + 1 },
    input: onServerSchema,
    output: z.object({
      ids: z.array(z.string()),
      told: z.boolean(),
      partitions: z.number().int().describe("Partitions that were read."),
    }),
  }),
  "flowfabric.budgets.get": query({
    method: "GET",
    path: budget,
    summary: "Shows one budget with its usage and limits.",
    refresh: { everyMs: 5_000 },
    input: onBudgetSchema,
    output: budgetSchema,
  }),
  "flowfabric.budgets.reset": command({
    method: "POST",
    path: `${budget}/reset`,
    summary: "Sets the usage of a budget to nothing.",
    hazard: "destructive",
    input: onBudgetSchema,
    title: ({ budgetId }) => `Reset the usage of budget ${budgetId.slice(0, 8)}…`,
    target: ({ budgetId }) => ({ kind: "budget", id: budgetId, label: `Budget ${budgetId.slice(0, 8)}…` }),
  }),
  "flowfabric.flows.cancel": command({
    method: "POST",
    path: `${flowfabricPath}/flows/{flowId}/cancel`,
    summary: "Cancels a flow, and with the policy cancel_all its members.",
    hazard: "destructive",
    input: onServerSchema.extend({
      flowId: uuidSchema,
      policy: z.enum(["cancel_all", "cancel_flow_only", "cancel_pending"]).default("cancel_all"),
      note: z.string().max(500).default("cancelled by an operator"),
    }),
    title: ({ flowId }) => `Cancel flow ${flowId.slice(0, 8)}…`,
    target: ({ flowId }) => ({ kind: "other", id: flowId, label: `Flow ${flowId.slice(0, 8)}…` }),
  }),
};
