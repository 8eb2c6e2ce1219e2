import {
  end,
  isTerminal,
  leaveSubmitted,
  makeEligible,
  newExecution,
  orphan,
  type SimulatedExecution,
} from "./execution.ts";
import { type Fields, i32, i64, u16, u64 } from "./fields.ts";
import { laneProblem } from "./identifiers.ts";
import { executionProblemRefusal, requireSame } from "./refusals.ts";
import { badJson, json, type Reply, refuse } from "./reply.ts";
import { type Call, large, medium, parameter, type Route, small } from "./route.ts";
import type { World } from "./state.ts";

/** The routes that create and change executions. */
export function writeRoutes(world: World): Route[] {
  const id = "/v1/executions/{id}";
  return [
    {
      method: "POST",
      template: "/v1/executions",
      limit: large,
      calls: { writes: "create_execution: FCALL ff_create_execution" },
      handle: (call) => create(world, call.fields()),
    },
    {
      method: "POST",
      template: `${id}/cancel`,
      limit: small,
      calls: {
        reads: "cancel_execution: HMGET exec_core",
        writes: "cancel_execution: FCALL ff_cancel_execution",
      },
      handle: (call) => cancel(world, call),
    },
    {
      method: "POST",
      template: `${id}/signal`,
      limit: medium,
      calls: { writes: "deliver_signal: FCALL ff_deliver_signal" },
      handle: (call) => signal(world, call),
    },
    {
      method: "PUT",
      template: `${id}/priority`,
      limit: small,
      calls: { reads: "change_priority: HGET lane_id", writes: "change_priority: FCALL ff_change_priority" },
      handle: (call) => priority(world, call),
    },
    {
      method: "POST",
      template: `${id}/replay`,
      calls: { writes: "replay_execution: FCALL ff_replay_execution" },
      limit: small,
      ignoresBody: true,
      handle: (call) => replay(world, parameter(call)),
    },
    {
      method: "POST",
      template: `${id}/revoke-lease`,
      calls: {
        reads: "revoke_lease: HGET current_worker_instance_id",
        writes: "revoke_lease: FCALL ff_revoke_lease",
      },
      limit: small,
      ignoresBody: true,
      handle: (call) => revoke(world, parameter(call)),
    },
  ];
}

function create(world: World, fields: Fields): Reply {
  const id = fields.executionId("execution_id");
  const params = {
    id,
    partition: executionProblemRefusal(id),
    namespace: fields.text("namespace"),
    lane: fields.text("lane_id"),
    kind: fields.text("execution_kind"),
    priority: fields.integer("priority", i32),
    delayUntil: fields.maybeInteger("delay_until", i64),
    deadlineAt: fields.maybeInteger("execution_deadline_at", i64),
    requiredCapabilities:
      fields.object("policy")?.object("routing_requirements")?.texts("required_capabilities", []) ?? [],
  };
  fields.integers("input_payload", [0, 255]);
  fields.text("creator_identity");
  fields.integer("partition_id", u16);
  fields.integer("now", i64);
  const key = fields.maybeText("idempotency_key");
  if (laneProblem(params.lane)) throw badJson(422);
  const scoped = key ? `${params.partition}|${params.namespace}|${key}` : undefined;
  const known = world.executions.has(id) ? id : scoped && world.idempotency.get(scoped);
  // Postgres says the same again, and changes nothing.
  if (known && world.backend === "postgres")
    return json(201, { Created: { execution_id: known, public_state: "waiting" } });
  if (known) return json(200, { Duplicate: { execution_id: known } });
  const execution = newExecution(params, world.now());
  if (world.backend !== "valkey") leaveSubmitted(execution);
  world.executions.set(id, execution);
  if (scoped) world.idempotency.set(scoped, id);
  return json(201, { Created: { execution_id: id, public_state: execution.vector.public_state } });
}

function cancel(world: World, call: Call): Reply {
  const fields = call.fields();
  executionProblemRefusal(parameter(call));
  requireSame("execution_id", parameter(call), fields.executionId("execution_id"));
  fields.text("reason");
  fields.maybeText("source");
  fields.integer("now", i64);
  const execution = world.execution(parameter(call), "cancel_execution: parse");
  if (isTerminal(execution)) return alreadyOver(world, execution);
  cancelOne(world, execution);
  return cancelled(execution);
}

/** What was never claimed keeps its attempt on Valkey, and as a member of a flow on Postgres (flowfabric-admin §1.6). */
export function cancelOne(world: World, execution: SimulatedExecution): void {
  const { attempt_state: attempt } = execution.vector;
  const member = world.backend === "postgres" && execution.flowId !== undefined;
  const kept = attempt === "pending_first_attempt" && (world.backend === "valkey" || member);
  end(execution, "cancelled", world.now(), kept ? attempt : undefined);
}

function cancelled(execution: SimulatedExecution): Reply {
  return json(200, { Cancelled: { execution_id: execution.id, public_state: "cancelled" } });
}

function alreadyOver(world: World, execution: SimulatedExecution): Reply {
  const state = execution.vector.public_state;
  if (world.backend !== "valkey" && state === "cancelled") return cancelled(execution);
  throw world.refusal({
    label: "cancel_execution: parse",
    code: "execution_not_active",
    text: `lifecycle_phase= terminal_outcome=${execution.vector.terminal_outcome} lease_epoch= attempt_id=`,
    typed: [
      400,
      `invalid_input: cancel_execution: execution_id=${execution.id}: already terminal in state '${state}'`,
    ],
  });
}

function priority(world: World, call: Call): Reply {
  const wanted = call.fields().integer("new_priority", i32);
  const label = "change_priority: FCALL ff_change_priority";
  const execution = world.execution(parameter(call), label);
  const { lifecycle_phase: phase, eligibility_state: eligibility } = execution.vector;
  if (phase !== "runnable" || eligibility !== "eligible_now")
    throw world.refusal({
      label,
      code: "execution_not_eligible",
      text: "state changed",
      typed: [409, "contention: ExecutionNotEligible", "contention", true],
    });
  execution.priority = Math.min(9000, Math.max(0, wanted));
  return json(200, { Changed: { execution_id: execution.id } });
}

const maxReplays = 10;

function replay(world: World, id: string): Reply {
  const label = "replay_execution: FCALL ff_replay_execution";
  const execution = world.execution(id, label);
  const phaseElsewhere = world.backend !== "valkey" && execution.vector.terminal_outcome === "cancelled";
  if (!isTerminal(execution) || phaseElsewhere)
    throw world.refusal({
      label,
      code: "execution_not_terminal",
      text: "cannot replay non-terminal execution",
      typed: [409, "execution_not_terminal: ExecutionNotTerminal", "execution_not_terminal", false],
    });
  if (execution.replays >= maxReplays)
    throw world.refusal({
      label,
      code: "max_replays_exhausted",
      text: "replay limit reached",
      typed: [409, "max_replays_exhausted: MaxReplaysExhausted", "max_replays_exhausted", false],
    });
  execution.replays += 1;
  delete execution.completedAt;
  makeEligible(execution, "pending_replay_attempt");
  return json(200, { Replayed: { public_state: "waiting" } });
}

function revoke(world: World, id: string): Reply {
  executionProblemRefusal(id);
  const execution = world.executions.get(id);
  if (!execution && world.backend !== "valkey") throw refuse(404, "not found: execution");
  const ownership = execution?.vector.ownership_state;
  const reasons: Record<string, string> = {
    lease_revoked: "already_revoked",
    lease_expired_reclaimable: "already_expired",
  };
  if (!execution?.lease || ownership !== "leased") {
    const reason = (world.backend === "valkey" && ownership && reasons[ownership]) || "no_active_lease";
    return json(200, { AlreadySatisfied: { reason } });
  }
  const { id: leaseId, epoch } = execution.lease;
  if (world.backend === "valkey") {
    orphan(execution, "lease_revoked");
    return json(200, { Revoked: { lease_id: leaseId, lease_epoch: String(epoch) } });
  }
  const name = `pg:${id.split("}:")[1]}:${execution.attempt}:${epoch}`;
  makeEligible(execution, "pending_retry_attempt");
  return json(200, { Revoked: { lease_id: name, lease_epoch: String(epoch) } });
}

function signal(world: World, call: Call): Reply {
  const fields = call.fields();
  executionProblemRefusal(parameter(call));
  requireSame("execution_id", parameter(call), fields.executionId("execution_id"));
  const waitpointId = fields.uuid("waitpoint_id");
  const signalId = fields.uuid("signal_id");
  const name = fields.text("signal_name");
  for (const field of ["signal_category", "source_type", "source_identity", "target_scope"])
    fields.text(field);
  const token = fields.text("waitpoint_token");
  fields.integer("now", i64);
  for (const name of ["created_at", "dedup_ttl_ms", "resume_delay_ms"]) fields.maybeInteger(name, u64);
  const execution = world.executions.get(parameter(call));
  if (!execution) throw refuse(404, "not found: execution");
  const waitpoint = execution.waitpoints.find(({ id }) => id === waitpointId);
  if (!waitpoint) throw refuse(400, "invalid_token");
  if (token === "") throw unknownCode("missing_token");
  if (waitpoint.token !== token) throw refuse(400, "invalid_token");
  if (waitpoint.kid.startsWith("expired")) throw unknownCode("token_expired");
  if (world.signals.has(signalId)) return json(200, { Duplicate: { existing_signal_id: signalId } });
  if (waitpoint.state === "closed")
    throw refuse(409, "state_conflict: TargetNotSignalable", { kind: "state_conflict", retryable: false });
  world.signals.add(signalId);
  if (waitpoint.signals.length > 0 && !waitpoint.signals.includes(name))
    return json(200, { Accepted: { signal_id: signalId, effect: "no_op" } });
  waitpoint.state = "closed";
  makeEligible(execution, "pending_retry_attempt");
  execution.vector.public_state = "resumable";
  return json(200, { Accepted: { signal_id: signalId, effect: "resume_condition_satisfied" } });
}

/** Codes that the server's Rust layer does not know come out as parse errors, and claim to be retryable. */
function unknownCode(code: string): Error {
  return refuse(
    500,
    `engine: deliver_signal: FCALL ff_deliver_signal: transport (valkey): parse error: FcallResult::into_success: unknown error code: ${code}`,
    { retryable: true },
  );
}
