import { block, type SimulatedExecution } from "./execution.ts";
import { u64 } from "./fields.ts";
import type { Keystores } from "./keystore.ts";
import { executionProblemRefusal, requireGrantTtl, requireLane, requireWorker } from "./refusals.ts";
import { empty, json, type Reply, refuse, unavailable } from "./reply.ts";
import { type Call, parameter, type Route, small } from "./route.ts";
import type { ServerState } from "./state.ts";

/** The two routes that write grants; neither takes the lease. */
export function grantRoutes(state: ServerState, keystores: Keystores): Route[] {
  return [
    {
      method: "POST",
      template: "/v1/workers/{worker_id}/claim",
      calls: { reads: "scheduler: server_time_ms for rotation cursor" },
      limit: small,
      handle: (call) => claim(state, keystores, call),
    },
    {
      method: "POST",
      template: "/v1/executions/{id}/reclaim",
      calls: { writes: "issue_reclaim_grant: FCALL ff_issue_reclaim_grant" },
      limit: small,
      handle: (call) => reclaim(state, keystores, call),
    },
  ];
}

async function claim(state: ServerState, keystores: Keystores, call: Call): Promise<Reply> {
  const workerId = parameter(call);
  const fields = call.fields();
  const lane = fields.text("lane_id");
  const instance = fields.text("worker_instance_id");
  const capabilities = fields.texts("capabilities", []);
  const ttl = fields.integer("grant_ttl_ms", u64);
  requireWorker("worker_id", workerId);
  requireWorker("worker_instance_id", instance);
  requireLane(lane);
  requireGrantTtl(ttl);
  if (state.backend === "sqlite") throw unavailable("claim_for_worker");
  await requireKeys(state, keystores, "claim_for_worker");
  if (state.backend === "valkey") {
    checkCapabilities(capabilities);
    state.claims.set(lane, (state.claims.get(lane) ?? 0) + 1);
  }
  if (state.spuriousEmptyClaims > 0) {
    state.spuriousEmptyClaims -= 1;
    return empty(204);
  }
  const now = state.now();
  const found = candidates(state, lane).find((execution) => mayTake(execution, capabilities, now));
  if (!found) return empty(204);
  found.grant = { workerId, kind: "claim", writtenAt: now, expiresAt: now + ttl };
  return json(200, {
    execution_id: found.id,
    partition_key: `{fp:${found.partition}}`,
    grant_key: grantKey(state, found, "pg", now + ttl),
    expires_at_ms: now + ttl,
  });
}

/** Best of the lane first: highest priority, then oldest. */
function candidates(state: ServerState, lane: string): SimulatedExecution[] {
  return [...state.executions.values()]
    .filter(
      ({ vector, lane: own }) =>
        own === lane && vector.lifecycle_phase === "runnable" && vector.eligibility_state === "eligible_now",
    )
    .sort((left, right) => right.priority - left.priority || left.createdAt - right.createdAt);
}

/** A candidate that fails a check leaves the queue: that is the side effect of every claim. */
function mayTake(execution: SimulatedExecution, capabilities: readonly string[], now: number): boolean {
  if (execution.requiredCapabilities.some((token) => !capabilities.includes(token))) {
    block(execution, "blocked_by_route", "no connected worker satisfies required_capabilities");
    return false;
  }
  return execution.grant === undefined || execution.grant.expiresAt <= now;
}

function checkCapabilities(capabilities: readonly string[]): void {
  for (const token of capabilities) {
    if (token === "") throw refuse(400, "invalid_input: capability token must not be empty");
    if (token.includes(","))
      throw refuse(400, `invalid_input: capability token may not contain ',' (CSV delimiter): "${token}"`);
    if (/[\s\p{Cc}]/u.test(token))
      throw refuse(
        400,
        `invalid_input: capability token must not contain whitespace or control characters: "${token}"`,
      );
  }
  if (capabilities.length > 256)
    throw refuse(400, `invalid_input: capability set exceeds CAPS_MAX_TOKENS (256): ${capabilities.length}`);
}

async function requireKeys(state: ServerState, keystores: Keystores, operation: string): Promise<void> {
  if (state.backend === "postgres" && (await keystores.currentKid(0)) === "")
    throw unavailable(`${operation}: ff_waitpoint_hmac keystore empty`);
}

async function reclaim(state: ServerState, keystores: Keystores, call: Call): Promise<Reply> {
  const id = parameter(call);
  const fields = call.fields();
  const params = {
    worker: fields.text("worker_id"),
    instance: fields.text("worker_instance_id"),
    lane: fields.text("lane_id"),
    ttl: fields.integer("grant_ttl_ms", u64),
    capabilities: fields.texts("worker_capabilities", []),
  };
  for (const name of ["capability_hash", "route_snapshot_json", "admission_summary"]) fields.maybeText(name);
  executionProblemRefusal(id);
  requireWorker("worker_id", params.worker);
  requireWorker("worker_instance_id", params.instance);
  requireLane(params.lane);
  requireGrantTtl(params.ttl);
  await requireKeys(state, keystores, "issue_reclaim_grant");
  const execution = state.executions.get(id);
  if (!execution) throw refuse(404, "not found: execution");
  const refusal = notReclaimable(state, execution, params.capabilities);
  if (refusal) return json(200, { ...refusal, execution_id: id });
  const writtenAt = state.now();
  const expiresAt = writtenAt + params.ttl;
  execution.grant = { workerId: params.worker, kind: "reclaim", writtenAt, expiresAt };
  return json(200, {
    status: "granted",
    execution_id: id,
    partition_key: `{fp:${execution.partition}}`,
    grant_key: grantKey(state, execution, "pg:reclaim", expiresAt),
    expires_at_ms: expiresAt,
    lane_id: params.lane,
  });
}

type NotReclaimable = Record<string, unknown> | undefined;

const notReclaimableFor = (detail: string): NotReclaimable => ({ status: "not_reclaimable", detail });

function notReclaimable(
  state: ServerState,
  execution: SimulatedExecution,
  capabilities: readonly string[],
): NotReclaimable {
  if (state.backend === "postgres") return notReclaimableOnPostgres(execution);
  if (state.backend === "sqlite") return notReclaimableOnSqlite(execution);
  if (execution.vector.lifecycle_phase !== "active" || !isOrphaned(execution))
    return notReclaimableFor("execution_not_reclaimable");
  if (execution.grant && execution.grant.expiresAt > state.now())
    throw refuse(409, "state_conflict: GrantAlreadyExists", { kind: "state_conflict", retryable: false });
  if (capabilities.length > 256) throw refuse(400, "invalid_capabilities: worker:too_many_tokens");
  if (capabilities.join(",").length > 4096) throw refuse(400, "invalid_capabilities: worker:too_many_bytes");
  const missing = execution.requiredCapabilities.filter((token) => !capabilities.includes(token)).sort();
  return missing.length > 0 ? notReclaimableFor(`capability_mismatch: ${missing.join(",")}`) : undefined;
}

function isOrphaned({ vector }: SimulatedExecution): boolean {
  return vector.ownership_state === "lease_expired_reclaimable" || vector.ownership_state === "lease_revoked";
}

function notReclaimableOnPostgres(execution: SimulatedExecution): NotReclaimable {
  const { lifecycle_phase: phase, ownership_state: ownership } = execution.vector;
  if (execution.reclaimCount >= 1000)
    return { status: "reclaim_cap_exceeded", reclaim_count: execution.reclaimCount };
  if (phase === "active" && (isOrphaned(execution) || execution.worker === undefined)) return undefined;
  return notReclaimableFor(
    `execution not reclaimable: lifecycle_phase=${phase}, ownership_state=${ownership}`,
  );
}

function notReclaimableOnSqlite(execution: SimulatedExecution): NotReclaimable {
  const { lifecycle_phase: phase, ownership_state: ownership } = execution.vector;
  if (phase !== "active") return notReclaimableFor(`lifecycle_phase=${phase} (expected active)`);
  if (isOrphaned(execution)) return undefined;
  return notReclaimableFor(
    `ownership_state=${ownership} (expected lease_expired_reclaimable | lease_revoked)`,
  );
}

function grantKey(
  state: ServerState,
  { id, partition }: SimulatedExecution,
  prefix: string,
  expiresAt: number,
): string {
  if (state.backend === "valkey") return `ff:exec:{fp:${partition}}:${id}:claim_grant`;
  return `${prefix}:{fp:${partition}}:${id.split("}:")[1]}:${expiresAt}:k:${"0".repeat(64)}`;
}
