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
import type { ServerState } from "./state.ts";

/** The routes that create and change executions. */
export function writeRoutes(state: ServerState): Route[] {
  const id = "/v1/executions/{id}";
  return [
    {
      method: "POST",
      template: "/v1/executions",
      limit: large,
      calls: { writes: "create_execution: FCALL ff_create_execution" },
      handle: (call) => create(state, call.fields()),
    },
    {
      method: "POST",
      template: `${id}/cancel`,
      limit: small,
      calls: {
        reads: "cancel_execution: HMGET exec_core",
        writes: "cancel_execution: FCALL ff_cancel_execution",
      },
      handle: (call) => cancel(state, call),
    },
    {
      method: "POST",
      template: `${id}/signal`,
      limit: medium,
      calls: { writes: "deliver_signal: FCALL ff_deliver_signal" },
      handle: (call) => signal(state, call),
    },
    {
      method: "PUT",
      template: `${id}/priority`,
      limit: small,
      calls: { reads: "change_priority: HGET lane_id", writes: "change_priority: FCALL ff_change_priority" },
      handle: (call) => priority(state, call),
    },
    {
      method: "POST",
      template: `${id}/replay`,
      calls: { writes: "replay_execution: FCALL ff_replay_execution" },
      limit: small,
      ignoresBody: true,
      handle: (call) => replay(state, parameter(call)),
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
      handle: (call) => revoke(state, parameter(call)),
    },
  ];
}

function create(state: ServerState, fields: Fields): Reply {
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
  const known = state.executions.has(id) ? id : scoped && state.idempotency.get(scoped);
  // Postgres says the same again, and changes nothing.
  if (known && state.backend === "postgres")
    return json(201, { Created: { execution_id: known, public_state: "waiting" } });
  if (known) return json(200, { Duplicate: { execution_id: known } });
  const execution = newExecution(params, state.now());
  if (state.backend !== "valkey") leaveSubmitted(execution);
  state.executions.set(id, execution);
  if (scoped) state.idempotency.set(scoped, id);
  return json(201, { Created: { execution_id: id, public_state: execution.vector.public_state } });
}

function cancel(state: ServerState, call: Call): Reply {
  const fields = call.fields();
  executionProblemRefusal(parameter(call));
  requireSame("execution_id", parameter(call), fields.executionId("execution_id"));
  fields.text("reason");
  fields.maybeText("source");
  fields.integer("now", i64);
  const execution = state.execution(parameter(call), "cancel_execution: parse");
  if (isTerminal(execution)) return alreadyOver(state, execution);
  cancelOne(state, execution);
  return cancelled(execution);
}

/** What was never claimed keeps its attempt on Valkey, and as a member of a flow on Postgres (flowfabric-admin §1.6). */
export function cancelOne(state: ServerState, execution: SimulatedExecution): void {
  const { attempt_state: attempt } = execution.vector;
  const member = state.backend === "postgres" && execution.flowId !== undefined;
  const kept = attempt === "pending_first_attempt" && (state.backend === "valkey" || member);
  end(execution, "cancelled", state.now(), kept ? attempt : undefined);
}

function cancelled(execution: SimulatedExecution): Reply {
  return json(200, { Cancelled: { execution_id: execution.id, public_state: "cancelled" } });
}

function alreadyOver(state: ServerState, execution: SimulatedExecution): Reply {
  const { public_state: publicState } = execution.vector;
  if (state.backend !== "valkey" && publicState === "cancelled") return cancelled(execution);
  throw state.refusal({
    label: "cancel_execution: parse",
    code: "execution_not_active",
    text: `lifecycle_phase= terminal_outcome=${execution.vector.terminal_outcome} lease_epoch= attempt_id=`,
    typed: [
      400,
      `invalid_input: cancel_execution: execution_id=${execution.id}: already terminal in state '${publicState}'`,
    ],
  });
}

function priority(state: ServerState, call: Call): Reply {
  const wanted = call.fields().integer("new_priority", i32);
  const label = "change_priority: FCALL ff_change_priority";
  const execution = state.execution(parameter(call), label);
  const { lifecycle_phase: phase, eligibility_state: eligibility } = execution.vector;
  if (phase !== "runnable" || eligibility !== "eligible_now")
    throw state.refusal({
      label,
      code: "execution_not_eligible",
      text: "state changed",
      typed: [409, "contention: ExecutionNotEligible", "contention", true],
    });
  execution.priority = Math.min(9000, Math.max(0, wanted));
  return json(200, { Changed: { execution_id: execution.id } });
}

const maxReplays = 10;

function replay(state: ServerState, id: string): Reply {
  const label = "replay_execution: FCALL ff_replay_execution";
  const execution = state.execution(id, label);
  const phaseElsewhere = state.backend !== "valkey" && execution.vector.terminal_outcome === "cancelled";
  if (!isTerminal(execution) || phaseElsewhere)
    throw state.refusal({
      label,
      code: "execution_not_terminal",
      text: "cannot replay non-terminal execution",
      typed: [409, "execution_not_terminal: ExecutionNotTerminal", "execution_not_terminal", false],
    });
  if (execution.replays >= maxReplays)
    throw state.refusal({
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

function revoke(state: ServerState, id: string): Reply {
  executionProblemRefusal(id);
  const execution = state.executions.get(id);
  if (!execution && state.backend !== "valkey") throw refuse(404, "not found: execution");
  const ownership = execution?.vector.ownership_state;
  const reasons: Record<string, string> = {
    lease_revoked: "already_revoked",
    lease_expired_reclaimable: "already_expired",
  };
  if (!execution?.lease || ownership !== "leased") {
    const reason = (state.backend === "valkey" && ownership && reasons[ownership]) || "no_active_lease";
    return json(200, { AlreadySatisfied: { reason } });
  }
  const { id: leaseId, epoch } = execution.lease;
  if (state.backend === "valkey") {
    orphan(execution, "lease_revoked");
    return json(200, { Revoked: { lease_id: leaseId, lease_epoch: String(epoch) } });
  }
  const name = `pg:${id.split("}:")[1]}:${execution.attempt}:${epoch}`;
  makeEligible(execution, "pending_retry_attempt");
  return json(200, { Revoked: { lease_id: name, lease_epoch: String(epoch) } });
}

function signal(state: ServerState, call: Call): Reply {
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
  const execution = state.executions.get(parameter(call));
  if (!execution) throw refuse(404, "not found: execution");
  const waitpoint = execution.waitpoints.find(({ id }) => id === waitpointId);
  if (!waitpoint) throw refuse(400, "invalid_token");
  if (token === "") throw unknownCode("missing_token");
  if (waitpoint.token !== token) throw refuse(400, "invalid_token");
  if (waitpoint.kid.startsWith("expired")) throw unknownCode("token_expired");
  if (state.signals.has(signalId)) return json(200, { Duplicate: { existing_signal_id: signalId } });
  if (waitpoint.state === "closed")
    throw refuse(409, "state_conflict: TargetNotSignalable", { kind: "state_conflict", retryable: false });
  state.signals.add(signalId);
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
