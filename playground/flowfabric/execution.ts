import { randomUUID } from "node:crypto";

/** The seven params that say where an execution stands. */
export interface StateVector {
  lifecycle_phase: string;
  ownership_state: string;
  eligibility_state: string;
  blocking_reason: string;
  terminal_outcome: string;
  attempt_state: string;
  public_state: string;
}

export interface Grant {
  workerId: string;
  kind: "claim" | "reclaim";
  writtenAt: number;
  expiresAt: number;
}

export interface Waitpoint {
  id: string;
  key: string;
  state: "pending" | "active" | "closed";
  signals: string[];
  createdAt: number;
  expiresAt?: number;
  kid: string;
  token: string;
}

export interface Frame {
  id: string;
  fields: Record<string, string>;
}

/** Output of one attempt. */
export interface AttemptFrames {
  list: Frame[];
  closedAt?: number;
  closedReason?: string;
}

/** One unit of work of the simulated server. */
export interface SimulatedExecution {
  id: string;
  partition: number;
  namespace: string;
  lane: string;
  kind: string;
  priority: number;
  vector: StateVector;
  blockingDetail: string;
  createdAt: number;
  startedAt?: number;
  completedAt?: number;
  attempt: number;
  flowId: string | undefined;
  requiredCapabilities: string[];
  worker: string | undefined;
  lease: { id: string; epoch: number; expiresAt: number } | undefined;
  grant: Grant | undefined;
  reclaimCount: number;
  replays: number;
  deadlineAt: number | undefined;
  delayUntil: number | undefined;
  result: Buffer | undefined;
  waitpoints: Waitpoint[];
  frames: Map<number, AttemptFrames>;
}

export interface NewExecution {
  id: string;
  partition: number;
  namespace: string;
  lane: string;
  kind: string;
  priority: number;
  requiredCapabilities?: string[];
  delayUntil?: number | undefined;
  deadlineAt?: number | undefined;
}

const eligible = {
  lifecycle_phase: "runnable",
  ownership_state: "unowned",
  eligibility_state: "eligible_now",
  blocking_reason: "waiting_for_worker",
  terminal_outcome: "none",
  attempt_state: "pending_first_attempt",
  public_state: "waiting",
};

export function newExecution(params: NewExecution, now: number): SimulatedExecution {
  const execution: SimulatedExecution = {
    id: params.id,
    partition: params.partition,
    namespace: params.namespace,
    lane: params.lane,
    kind: params.kind,
    priority: Math.min(9000, Math.max(0, params.priority)),
    vector: { ...eligible },
    blockingDetail: "",
    createdAt: now,
    attempt: 0,
    flowId: undefined,
    requiredCapabilities: params.requiredCapabilities ?? [],
    worker: undefined,
    lease: undefined,
    grant: undefined,
    reclaimCount: 0,
    replays: 0,
    deadlineAt: params.deadlineAt,
    delayUntil: params.delayUntil,
    result: undefined,
    waitpoints: [],
    frames: new Map(),
  };
  if (params.delayUntil !== undefined && params.delayUntil > now) delay(execution, params.delayUntil);
  return execution;
}

/** What is created on Postgres and SQLite stays so: nothing makes it runnable (flowfabric-admin §1.6). */
export function leaveSubmitted(execution: SimulatedExecution): void {
  Object.assign(execution.vector, { lifecycle_phase: "submitted", blocking_reason: "none" });
}

/** Waits for another execution of its flow. */
export function blockByDependency(execution: SimulatedExecution, edge: string): void {
  Object.assign(execution.vector, {
    eligibility_state: "blocked_by_dependencies",
    blocking_reason: "waiting_for_children",
    public_state: "waiting_children",
  });
  execution.blockingDetail = `1 dep(s) unresolved incl ${edge}`;
}

function delay(execution: SimulatedExecution, until: number): void {
  execution.blockingDetail = `delayed until ${until}`;
  Object.assign(execution.vector, {
    eligibility_state: "not_eligible_until_time",
    blocking_reason: "waiting_for_delay",
    public_state: "delayed",
  });
}

/** Back to the queue, as a replay or a Postgres re-queue leaves it. */
export function makeEligible(execution: SimulatedExecution, attemptState: string): void {
  execution.vector = { ...eligible, attempt_state: attemptState };
  execution.blockingDetail = "";
  execution.worker = undefined;
  execution.lease = undefined;
  execution.grant = undefined;
}

/** A worker takes the lease. */
export function lease(
  execution: SimulatedExecution,
  worker: string,
  times: { now: number; leaseMilliseconds: number },
): void {
  const again = execution.lease !== undefined;
  // A replay begins a new attempt when it is claimed, not before.
  if (again || execution.vector.attempt_state === "pending_replay_attempt") execution.attempt += 1;
  if (again) execution.reclaimCount += 1;
  execution.worker = worker;
  execution.grant = undefined;
  execution.startedAt ??= times.now;
  execution.lease = {
    id: randomUUID(),
    epoch: (execution.lease?.epoch ?? 0) + 1,
    expiresAt: times.now + times.leaseMilliseconds,
  };
  execution.blockingDetail = "";
  Object.assign(execution.vector, {
    lifecycle_phase: "active",
    ownership_state: "leased",
    eligibility_state: "not_applicable",
    blocking_reason: "none",
    attempt_state: "running_attempt",
    public_state: "active",
  });
}

/** The owner died: what the lease-expiry scanner writes on Valkey. */
export function orphan(
  execution: SimulatedExecution,
  how: "lease_expired_reclaimable" | "lease_revoked",
): void {
  Object.assign(execution.vector, {
    ownership_state: how,
    blocking_reason: "waiting_for_worker",
    attempt_state: "attempt_interrupted",
  });
  execution.blockingDetail =
    how === "lease_revoked" ? "lease revoked: operator_revoke" : "lease expired, awaiting reclaim";
}

/** Moves it out of the queue because no check lets it pass (public state is rate_limited for all of them). */
export function block(execution: SimulatedExecution, eligibility: string, detail: string): void {
  const reasons: Record<string, string> = {
    blocked_by_route: "waiting_for_capable_worker",
    blocked_by_budget: "waiting_for_budget",
    blocked_by_quota: "waiting_for_quota",
  };
  Object.assign(execution.vector, {
    eligibility_state: eligibility,
    blocking_reason: reasons[eligibility] ?? "none",
    public_state: "rate_limited",
  });
  execution.blockingDetail = detail;
}

export function suspend(execution: SimulatedExecution, waitpoint: Waitpoint): void {
  execution.waitpoints.push(waitpoint);
  execution.worker = undefined;
  execution.lease = undefined;
  Object.assign(execution.vector, {
    lifecycle_phase: "suspended",
    ownership_state: "unowned",
    eligibility_state: "not_applicable",
    blocking_reason: "waiting_for_signal",
    attempt_state: "attempt_interrupted",
    public_state: "suspended",
  });
}

export function end(
  execution: SimulatedExecution,
  outcome: "completed" | "failed" | "cancelled" | "expired" | "skipped",
  now: number,
  attemptState = "attempt_terminal",
): void {
  execution.vector = {
    lifecycle_phase: "terminal",
    ownership_state: "unowned",
    eligibility_state: "not_applicable",
    blocking_reason: "none",
    terminal_outcome: outcome === "completed" ? "success" : outcome,
    attempt_state: attemptState,
    public_state: outcome,
  };
  execution.completedAt = now;
  execution.blockingDetail = "";
  execution.worker = undefined;
  execution.grant = undefined;
  for (const waitpoint of execution.waitpoints) waitpoint.state = "closed";
}

export function isTerminal(execution: SimulatedExecution): boolean {
  return execution.vector.lifecycle_phase === "terminal";
}

/** The reply of `GET /v1/executions/{id}`. */
export function executionInfo(execution: SimulatedExecution): Record<string, unknown> {
  return {
    execution_id: execution.id,
    namespace: execution.namespace,
    lane_id: execution.lane,
    priority: execution.priority,
    execution_kind: execution.kind,
    state_vector: execution.vector,
    public_state: execution.vector.public_state,
    created_at: String(execution.createdAt),
    ...(execution.startedAt !== undefined && { started_at: String(execution.startedAt) }),
    ...(execution.completedAt !== undefined && { completed_at: String(execution.completedAt) }),
    current_attempt_index: execution.attempt,
    flow_id: execution.flowId ?? null,
    blocking_detail: execution.blockingDetail,
  };
}
