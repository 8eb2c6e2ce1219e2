import { i64, u64 } from "./fields.ts";
import { requireUuid } from "./refusals.ts";
import { json, type Reply, refuse } from "./reply.ts";
import { type Call, parameter, type Route, small } from "./route.ts";
import type { ServerState, SimulatedBudget } from "./state.ts";

/** The routes of budgets and quotas. */
export function budgetRoutes(state: ServerState): Route[] {
  const id = "/v1/budgets/{id}";
  return [
    {
      method: "POST",
      template: "/v1/budgets",
      limit: small,
      calls: { writes: "create_budget: FCALL ff_create_budget" },
      handle: (call) => create(state, call),
    },
    {
      method: "GET",
      template: id,
      calls: { reads: "get_budget_status: HGETALL budget_def" },
      handle: (call) => read(state, call),
    },
    {
      method: "POST",
      template: `${id}/usage`,
      limit: small,
      calls: { writes: "report_usage: FCALL ff_report_usage_and_check" },
      handle: (call) => report(state, call),
    },
    {
      method: "POST",
      template: `${id}/reset`,
      calls: { writes: "reset_budget: FCALL ff_reset_budget" },
      limit: small,
      ignoresBody: true,
      handle: (call) => reset(state, call),
    },
    {
      method: "POST",
      template: "/v1/quotas",
      limit: small,
      calls: { writes: "create_quota_policy: FCALL ff_create_quota_policy" },
      handle: (call) => createQuota(state, call),
    },
  ];
}

export function emptyBudget(id: string): SimulatedBudget {
  return {
    id,
    scopeType: "",
    scopeId: "",
    mode: "",
    usage: new Map(),
    hard: {},
    soft: {},
    breaches: 0,
    softBreaches: 0,
    lastBreachAt: undefined,
    lastBreachDimension: undefined,
    resetInterval: 0,
    nextResetAt: undefined,
    createdAt: undefined,
    keys: new Set(),
  };
}

function create(state: ServerState, call: Call): Reply {
  const fields = call.fields();
  const id = fields.uuid("budget_id");
  const dimensions = fields.texts("dimensions");
  const hard = fields.integers("hard_limits", u64);
  const soft = fields.integers("soft_limits", u64);
  for (const name of ["on_hard_limit", "on_soft_limit"]) fields.text(name);
  const resetInterval = fields.integer("reset_interval_ms", u64);
  const now = fields.integer("now", i64);
  requireDimensions(state, { dimensions, hard, soft });
  if (state.budgets.has(id)) return json(200, { AlreadySatisfied: { budget_id: id } });
  const limits = (values: number[]) =>
    Object.fromEntries(dimensions.map((dimension, index) => [dimension, values[index] ?? 0]));
  state.budgets.set(id, {
    ...emptyBudget(id),
    scopeType: fields.text("scope_type"),
    scopeId: fields.text("scope_id"),
    mode: fields.text("enforcement_mode"),
    hard: limits(hard),
    soft: limits(soft),
    resetInterval,
    nextResetAt: resetInterval > 0 ? now + resetInterval : undefined,
    createdAt: now,
  });
  return json(201, { Created: { budget_id: id } });
}

const mostDimensions = 64;

function requireDimensions(
  state: ServerState,
  { dimensions, hard, soft }: { dimensions: string[]; hard: number[]; soft: number[] },
): void {
  const count = dimensions.length;
  const odd = [[hard.length, "hard_limits"] as const, [soft.length, "soft_limits"] as const].find(
    ([length]) => length !== count,
  );
  const problem =
    count > mostDimensions
      ? `too_many_dimensions: limit=${mostDimensions}, got=${count}`
      : odd && `dimension_limit_array_mismatch: dimensions=${count} ${odd[1]}=${odd[0]}`;
  if (problem === undefined || (state.backend !== "valkey" && !odd)) return;
  if (state.backend !== "valkey") throw refuse(400, `invalid_input: ${problem}`);
  const label = "engine: create_budget: FCALL ff_create_budget";
  throw refuse(500, `${label}: transport (valkey): parse error: ff_create_budget: ${problem}`, {
    retryable: true,
  });
}

function read(state: ServerState, call: Call): Reply {
  const budget = state.budgets.get(requireUuid("invalid budget_id", parameter(call)));
  if (!budget) throw refuse(404, "not found: budget");
  const time = (value: number | undefined): string | null => (value === undefined ? null : String(value));
  return json(200, {
    budget_id: budget.id,
    scope_type: budget.scopeType,
    scope_id: budget.scopeId,
    enforcement_mode: budget.mode,
    usage: Object.fromEntries(budget.usage),
    hard_limits: budget.hard,
    soft_limits: budget.soft,
    breach_count: budget.breaches,
    soft_breach_count: budget.softBreaches,
    last_breach_at: time(budget.lastBreachAt),
    last_breach_dim: budget.lastBreachDimension ?? null,
    next_reset_at: time(budget.nextResetAt),
    created_at: time(budget.createdAt),
  });
}

/** On Valkey nobody looks whether the budget exists: a stub record is left behind. */
function budgetOf(state: ServerState, call: Call): SimulatedBudget {
  const id = requireUuid("invalid budget_id", parameter(call));
  const known = state.budgets.get(id);
  if (known) return known;
  if (state.backend !== "valkey") throw refuse(404, "not found: budget");
  const stub = emptyBudget(id);
  state.budgets.set(id, stub);
  return stub;
}

function report(state: ServerState, call: Call): Reply {
  const fields = call.fields();
  const deltas = Object.entries(fields.counts("dimensions"));
  const key = fields.maybeText("dedup_key");
  const now = fields.integer("now", i64);
  const budget = budgetOf(state, call);
  if (key !== undefined && budget.keys.has(key)) return json(200, "AlreadyApplied");
  const used = (dimension: string): number => budget.usage.get(dimension) ?? 0;
  const hit = deltas.find(
    ([name, delta]) => (budget.hard[name] ?? 0) > 0 && used(name) + delta > (budget.hard[name] ?? 0),
  );
  if (hit) return breached(budget, hit[0], now);
  for (const [name, delta] of deltas) budget.usage.set(name, used(name) + delta);
  if (key !== undefined) budget.keys.add(key);
  const soft = deltas.find(([name]) => (budget.soft[name] ?? 0) > 0 && used(name) > (budget.soft[name] ?? 0));
  if (!soft) return json(200, "Ok");
  budget.softBreaches += 1;
  return json(200, {
    SoftBreach: { dimension: soft[0], current_usage: used(soft[0]), soft_limit: budget.soft[soft[0]] },
  });
}

/** Its time is the caller's (flowfabric-admin §1.7.9). */
function breached(budget: SimulatedBudget, dimension: string, now: number): Reply {
  budget.breaches += 1;
  budget.lastBreachAt = now;
  budget.lastBreachDimension = dimension;
  return json(200, {
    HardBreach: {
      dimension,
      current_usage: budget.usage.get(dimension) ?? 0,
      hard_limit: budget.hard[dimension],
    },
  });
}

function reset(state: ServerState, call: Call): Reply {
  const budget = budgetOf(state, call);
  for (const dimension of budget.usage.keys()) budget.usage.set(dimension, 0);
  budget.lastBreachAt = undefined;
  budget.lastBreachDimension = undefined;
  if (budget.resetInterval > 0) budget.nextResetAt = state.now() + budget.resetInterval;
  return json(200, { Reset: { next_reset_at: budget.resetInterval > 0 ? budget.nextResetAt : 0 } });
}

function createQuota(state: ServerState, call: Call): Reply {
  const fields = call.fields();
  const id = fields.uuid("quota_policy_id");
  for (const name of ["window_seconds", "max_requests_per_window", "max_concurrent"])
    fields.integer(name, u64);
  fields.integer("now", i64);
  if (state.quotas.has(id)) return json(200, { AlreadySatisfied: { quota_policy_id: id } });
  state.quotas.add(id);
  return json(201, { Created: { quota_policy_id: id } });
}
