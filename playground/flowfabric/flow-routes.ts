import { blockByDependency, end, isTerminal } from "./execution.ts";
import { i64, u64 } from "./fields.ts";
import { parseExecutionId, partitionOfUuid } from "./identifiers.ts";
import { requireSame, requireUuid } from "./refusals.ts";
import { json, type Reply, refuse } from "./reply.ts";
import { type Call, parameter, type Route, small } from "./route.ts";
import type { ServerState, SimulatedFlow } from "./state.ts";
import { cancelOne } from "./write-routes.ts";

const memberCall = "add_execution_to_flow: FCALL ff_add_execution_to_flow";
const stageCall = "stage_dependency_edge: FCALL ff_stage_dependency_edge";
const applyCall = "apply_dependency: FCALL ff_apply_dependency_to_child";

function route(template: string, writes: string, handle: Route["handle"]): Route {
  return { method: "POST", template, limit: small, calls: { writes }, handle };
}

/** The routes of flows. */
export function flowRoutes(state: ServerState): Route[] {
  const id = "/v1/flows/{id}";
  return [
    route("/v1/flows", "create_flow: FCALL ff_create_flow", (call) => create(state, call)),
    route(`${id}/members`, memberCall, (call) => addMember(state, call)),
    route(`${id}/cancel`, "cancel_flow_header: FCALL ff_cancel_flow", (call) => cancel(state, call)),
    route(`${id}/edges`, stageCall, (call) => stage(state, call)),
    route(`${id}/edges/apply`, applyCall, (call) => apply(state, call)),
  ];
}

function create(state: ServerState, call: Call): Reply {
  const fields = call.fields();
  const id = fields.uuid("flow_id");
  for (const name of ["flow_kind", "namespace"]) fields.text(name);
  fields.integer("now", i64);
  if (state.flows.has(id)) return json(200, { AlreadySatisfied: { flow_id: id } });
  state.flows.set(id, emptyFlow(id));
  return json(201, { Created: { flow_id: id } });
}

export function emptyFlow(id: string): SimulatedFlow {
  return { id, members: [], revision: 0, edges: new Map(), cancelled: undefined };
}

function flowOf(state: ServerState, call: Call, label: string): SimulatedFlow {
  const path = requireUuid("invalid flow_id", parameter(call));
  const fields = call.fields();
  requireSame("flow_id", path, fields.uuid("flow_id"));
  const flow = state.flows.get(path);
  if (flow) return flow;
  throw state.refusal({
    label,
    code: "flow_not_found",
    text: "flow does not exist",
    typed: [404, "not found: flow"],
  });
}

function addMember(state: ServerState, call: Call): Reply {
  const flow = flowOf(state, call, memberCall);
  const id = call.fields().executionId("execution_id");
  requireSamePartition(state, flow, id);
  const execution = state.execution(id, memberCall);
  if (flow.members.includes(id))
    return json(200, { AlreadyMember: { execution_id: id, node_count: flow.members.length } });
  flow.members.push(id);
  flow.revision += 1;
  execution.flowId = flow.id;
  return json(201, { Added: { execution_id: id, new_node_count: flow.members.length } });
}

/** Members live where their flow does; on SQLite that is partition 0 (flowfabric-admin §1.8.7). */
function requireSamePartition(state: ServerState, flow: SimulatedFlow, executionId: string): void {
  const parsed = parseExecutionId(executionId);
  const is = "partition" in parsed ? parsed.partition : Number.NaN;
  const wanted = state.backend === "sqlite" ? 0 : partitionOfUuid(flow.id, state.partitions);
  if (is === wanted) return;
  if (state.backend !== "valkey")
    throw refuse(400, `invalid_input: execution partition mismatch: expected ${wanted}, got ${is}`);
  throw refuse(
    400,
    `invalid_input: add_execution_to_flow: execution_id's partition ${is} != flow_id's partition ${wanted}. Post-RFC-011 §7.3 co-location requires mint via \`ExecutionId::for_flow(&flow_id, config)\` so the exec's hash-tag matches the flow's \`{fp:N}\`.`,
  );
}

function stage(state: ServerState, call: Call): Reply {
  const label = stageCall;
  const flow = flowOf(state, call, label);
  const fields = call.fields();
  const edge = fields.uuid("edge_id");
  if (fields.integer("expected_graph_revision", u64) !== flow.revision)
    throw state.refusal({
      label,
      code: "stale_graph_revision",
      text: "graph has been updated",
      typed: [409, "contention: StaleGraphRevision", "contention", true],
    });
  const upstream = fields.executionId("upstream_execution_id");
  const downstream = fields.executionId("downstream_execution_id");
  if (reaches(flow, downstream, upstream))
    throw state.refusal({
      label,
      code: "cycle_detected",
      text: "dependency edge would create cycle",
      typed: [409, "cycle_detected: CycleDetected", "cycle_detected", false],
    });
  flow.revision += 1;
  flow.edges.set(edge, { upstream, downstream, applied: false });
  return json(201, { Staged: { edge_id: edge, new_graph_revision: flow.revision } });
}

/** Whether one member depends on the other, however far. */
function reaches(flow: SimulatedFlow, from: string, to: string): boolean {
  if (from === to) return true;
  return [...flow.edges.values()].some(
    ({ upstream, downstream }) => upstream === from && reaches(flow, downstream, to),
  );
}

function apply(state: ServerState, call: Call): Reply {
  const flow = flowOf(state, call, applyCall);
  const id = call.fields().uuid("edge_id");
  const edge = flow.edges.get(id);
  if (!edge || edge.applied) return json(200, "AlreadyApplied");
  edge.applied = true;
  const child = state.executions.get(edge.downstream);
  if (child) blockByDependency(child, id);
  return json(200, { Applied: { unsatisfied_count: 1 } });
}

function cancel(state: ServerState, call: Call): Reply {
  const path = requireUuid("invalid flow_id", parameter(call));
  const fields = call.fields();
  requireSame("flow_id", path, fields.uuid("flow_id"));
  const policy = fields.text("cancellation_policy");
  const flow = state.flows.get(path);
  if (!flow)
    throw state.backend === "valkey"
      ? refuse(400, "invalid_input: ff_cancel_flow failed: flow_not_found")
      : refuse(404, "not found: flow");
  const wait = ["true", "1"].includes(call.query.get("wait") ?? "");
  const already = flow.cancelled;
  flow.cancelled ??= policy;
  const members = [...flow.members];
  // A flow that is over is not gone through again.
  const failed = policy === "cancel_all" && already === undefined ? cancelMembers(state, flow) : [];
  const base = { cancellation_policy: already ?? policy };
  if (!wait && policy === "cancel_all" && members.length > 0 && !already)
    return json(200, {
      CancellationScheduled: { ...base, member_count: members.length, member_execution_ids: members },
    });
  if (failed.length > 0)
    return json(200, {
      PartiallyCancelled: { ...base, member_execution_ids: members, failed_member_execution_ids: failed },
    });
  return json(200, { Cancelled: { ...base, member_execution_ids: members } });
}

/** Cancels one after another; those that are over before their turn are told as failed (flowfabric-admin §1.8.7). */
function cancelMembers(state: ServerState, flow: SimulatedFlow): string[] {
  const failed: string[] = [];
  for (const id of flow.members) {
    const member = state.executions.get(id);
    if (!member || isTerminal(member)) {
      if (state.backend === "valkey" || !member) failed.push(id);
      continue;
    }
    cancelOne(state, member);
    if (state.skipsAtOnce) skipDependants(state, flow, id);
  }
  return failed;
}

function skipDependants(state: ServerState, flow: SimulatedFlow, upstream: string): void {
  for (const edge of flow.edges.values()) {
    const child = edge.upstream === upstream ? state.executions.get(edge.downstream) : undefined;
    if (!child || !edge.applied || isTerminal(child)) continue;
    end(child, "skipped", state.now(), child.vector.attempt_state);
    skipDependants(state, flow, child.id);
  }
}
