import { z } from "zod";
import { command } from "../contract/index.ts";
import { flowfabricPath, onServerSchema, uuidSchema } from "./inputs.ts";

/** A u64 on the wire, as far as a number is exact. */
const amountSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const wordSchema = z.string().trim().min(1, "must not be empty").max(256);

/** One dimension of a budget; a limit of 0 is none (flowfabric-admin §1.7.9). */
const budgetDimensionSchema = z.object({
  name: wordSchema,
  hardLimit: amountSchema,
  softLimit: amountSchema,
});

const budgetParamsSchema = onServerSchema.extend({
  budgetId: uuidSchema.describe("A fresh UUID: whoever creates a budget chooses it."),
  scopeType: wordSchema.describe("What kind of thing it is for, such as namespace."),
  scopeId: wordSchema.describe("Which one, such as acme."),
  enforcementMode: wordSchema.describe("Free text that the server keeps as it is, such as strict."),
  onHardLimit: wordSchema.describe("Free text that the server keeps as it is."),
  onSoftLimit: wordSchema.describe("Free text that the server keeps as it is."),
  resetIntervalMs: amountSchema.describe("0: it is never reset by itself."),
  dimensions: z
    .array(budgetDimensionSchema)
    .min(1, "at least one dimension")
    .max(64, "at most 64 dimensions")
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, "each dimension once"),
});
export type BudgetParams = Omit<z.infer<typeof budgetParamsSchema>, "connectionId">;

const quotaParamsSchema = onServerSchema.extend({
  quotaId: uuidSchema.describe("A fresh UUID: whoever creates a policy chooses it, and no route lists it."),
  windowSeconds: amountSchema.min(1),
  maxRequestsPerWindow: amountSchema,
  maxConcurrent: amountSchema,
});
export type QuotaParams = Omit<z.infer<typeof quotaParamsSchema>, "connectionId">;

/** Operations that create what limits executions (flowfabric-admin §1.8.8). */
export const limitOperations = {
  "flowfabric.budgets.create": command({
    method: "POST",
    path: `${flowfabricPath}/budgets`,
    summary: "Creates a budget; one of that id that exists already is left as it is.",
    hazard: "change",
    input: budgetParamsSchema,
    title: ({ scopeType, scopeId }) => `Create a budget for ${scopeType} ${scopeId}`,
    target: ({ budgetId }) => ({ kind: "budget", id: budgetId, label: `Budget ${budgetId.slice(0, 8)}…` }),
  }),
  "flowfabric.quotas.create": command({
    method: "POST",
    path: `${flowfabricPath}/quotas`,
    summary: "Creates a quota policy. No route reads it back: its id is all that leads to it.",
    hazard: "change",
    input: quotaParamsSchema,
    title: ({ maxRequestsPerWindow, windowSeconds }) =>
      `Create a quota policy of ${maxRequestsPerWindow} requests in ${windowSeconds} s`,
    target: ({ quotaId }) => ({ kind: "other", id: quotaId, label: `Quota policy ${quotaId.slice(0, 8)}…` }),
  }),
};
