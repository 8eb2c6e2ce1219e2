import { createHmac } from "node:crypto";
import type { Random } from "../kit/random.ts";
import { emptyBudget } from "./budget-routes.ts";
import { block, end, lease, newExecution, orphan, type SimulatedExecution, suspend } from "./execution.ts";
import { emptyFlow } from "./flow-routes.ts";
import { partitionOfLane, partitionOfUuid } from "./identifiers.ts";
import type { ServerState } from "./state.ts";

const lanes = ["default", "main", "build"];
const kinds = ["summarise", "transcode", "settle-invoice", "review"];
const workers = ["worker-1", "worker-2", "worker-7"];

/** A UUID from the seed, so that a playground can be replayed. */
function randomUuid(random: Random): string {
  const hex = Array.from({ length: 32 }, () => random.integer(0, 15).toString(16)).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** An execution of its own, or a member of a flow, which share its partition. */
export function addExecution(
  state: ServerState,
  random: Random,
  more: Partial<SimulatedExecution> = {},
): SimulatedExecution {
  const lane = random.pick(lanes);
  const flow = random.chance(0.8) ? randomUuid(random) : undefined;
  const partition = flow ? partitionOfUuid(flow, state.partitions) : partitionOfLane(lane, state.partitions);
  const execution = newExecution(
    {
      id: `{fp:${partition}}:${randomUuid(random)}`,
      partition,
      namespace: random.pick(["acme", "globex"]),
      lane,
      kind: random.pick(kinds),
      priority: random.integer(0, 9),
    },
    state.now() - random.integer(10_000, 3_600_000),
  );
  execution.flowId = flow;
  Object.assign(execution, more);
  state.executions.set(execution.id, execution);
  if (flow) state.flows.set(flow, { ...emptyFlow(flow), members: [execution.id], revision: 1 });
  return execution;
}

/** Gives an execution to a worker, and lets it write some output. */
export function work(state: ServerState, random: Random, execution: SimulatedExecution): void {
  const now = state.now();
  lease(execution, random.pick(workers), { now, leaseMilliseconds: 30_000 });
  const list = [0, 1, 2].map((step) => ({
    id: `${now - 3_000 + step * 1_000}-0`,
    fields: {
      frame_type: "log",
      ts: String(now - 3_000 + step * 1_000),
      payload: `${execution.kind}: step ${step + 1} of 5`,
      encoding: "utf8",
      source: "worker",
    },
  }));
  execution.frames.set(execution.attempt, { list });
}

/** Suspends an execution until somebody approves; its token is signed with the key of that time. */
export function awaitApproval(
  state: ServerState,
  random: Random,
  execution: SimulatedExecution,
  kid: string,
): void {
  const id = randomUuid(random);
  const createdAt = state.now() - random.integer(1_000, 600_000);
  const digest = createHmac("sha1", `playground ${kid}`)
    .update(`${id}|approval:1|${createdAt}`)
    .digest("hex");
  suspend(execution, {
    id,
    key: "approval:1",
    state: "active",
    signals: ["approve"],
    createdAt,
    expiresAt: createdAt + 86_400_000,
    kid,
    token: `${kid}:${digest}`,
  });
}

const budgetIds = ["3f2b8c1e-9a47-4d60-8b1f-5c2e7a90d412", "11111111-1111-4111-8111-111111111111"];

/** Executions in every state that an operator should have seen, and two budgets, one of them nearly used up. */
export function seedServer(state: ServerState, random: Random, kid: string): void {
  for (let count = 0; count < 14; count += 1) addExecution(state, random);
  for (let count = 0; count < 8; count += 1) work(state, random, addExecution(state, random));
  for (let count = 0; count < 6; count += 1) awaitApproval(state, random, addExecution(state, random), kid);
  for (const how of [
    "lease_expired_reclaimable",
    "lease_expired_reclaimable",
    "lease_expired_reclaimable",
    "lease_revoked",
  ] as const) {
    const execution = addExecution(state, random);
    work(state, random, execution);
    orphan(execution, how);
  }
  const needy = addExecution(state, random, { requiredCapabilities: ["gpu"] });
  block(needy, "blocked_by_route", "no connected worker satisfies required_capabilities");
  block(addExecution(state, random), "blocked_by_budget", "tokens at hard limit");
  for (const outcome of ["completed", "completed", "completed", "failed", "expired", "cancelled"] as const) {
    const execution = addExecution(state, random);
    work(state, random, execution);
    end(execution, outcome, state.now());
    if (outcome === "completed")
      execution.result = Buffer.from(JSON.stringify({ ok: true, kind: execution.kind }));
  }
  seedBudgets(state);
}

function seedBudgets(state: ServerState): void {
  const now = state.now();
  for (const [index, id] of budgetIds.entries())
    state.budgets.set(id, {
      ...emptyBudget(id),
      scopeType: "namespace",
      scopeId: index === 0 ? "acme" : "globex",
      mode: "strict",
      usage: new Map([["tokens", index === 0 ? 940_000 : 120_000]]),
      hard: { tokens: 1_000_000 },
      soft: { tokens: 800_000 },
      softBreaches: index === 0 ? 1 : 0,
      resetInterval: 86_400_000,
      nextResetAt: now + 36_000_000,
      createdAt: now - 864_000_000,
    });
}
