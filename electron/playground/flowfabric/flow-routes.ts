import { end, isTerminal } from "./execution.ts";
import { i64, u64 } from "./fields.ts";
import { requireSame, requireUuid } from "./refusals.ts";
import { json, type Reply, refuse } from "./reply.ts";
import { type Call, parameter, type Route, small } from "./route.ts";
import type { SimulatedFlow, World } from "./world.ts";

/** The routes of flows. */
export function flowRoutes(world: World): Route[] {
  const id = "/v1/flows/{id}";
  return [
    { method: "POST", template: "/v1/flows", limit: small, handle: (call) => create(world, call) },
    { method: "POST", template: `${id}/members`, limit: small, handle: (call) => addMember(world, call) },
    { method: "POST", template: `${id}/cancel`, limit: small, handle: (call) => cancel(world, call) },
    { method: "POST", template: `${id}/edges`, limit: small, handle: (call) => stage(world, call) },
    { method: "POST", template: `${id}/edges/apply`, limit: small, handle: (call) => apply(world, call) },
  ];
}

function create(world: World, call: Call): Reply {
  const fields = call.fields();
  const id = fields.uuid("flow_id");
  for (const name of ["flow_kind", "namespace"]) fields.text(name);
  fields.integer("now", i64);
  if (world.flows.has(id)) return json(200, { AlreadySatisfied: { flow_id: id } });
  world.flows.set(id, emptyFlow(id));
  return json(201, { Created: { flow_id: id } });
}

export function emptyFlow(id: string): SimulatedFlow {
  return { id, members: [], revision: 0, edges: new Map(), cancelled: undefined };
}

function flowOf(world: World, call: Call, label: string): SimulatedFlow {
  const path = requireUuid("invalid flow_id", parameter(call));
  const fields = call.fields();
  requireSame("flow_id", path, fields.uuid("flow_id"));
  const flow = world.flows.get(path);
  if (flow) return flow;
  throw world.refusal({
    label,
    code: "flow_not_found",
    text: "flow does not exist",
    typed: [404, "not found: flow"],
  });
}

function addMember(world: World, call: Call): Reply {
  const flow = flowOf(world, call, "add_execution_to_flow: FCALL ff_add_execution_to_flow");
  const id = call.fields().executionId("execution_id");
  const execution = world.executions.get(id);
  if (!execution)
    throw refuse(400, `invalid_input: add_execution_to_flow: execution ${id} is not in the flow's partition`);
  if (flow.members.includes(id))
    return json(200, { AlreadyMember: { execution_id: id, node_count: flow.members.length } });
  flow.members.push(id);
  flow.revision += 1;
  execution.flowId = flow.id;
  return json(201, { Added: { execution_id: id, new_node_count: flow.members.length } });
}

function stage(world: World, call: Call): Reply {
  const label = "stage_dependency_edge: FCALL ff_stage_dependency_edge";
  const flow = flowOf(world, call, label);
  const fields = call.fields();
  const edge = fields.uuid("edge_id");
  if (fields.integer("expected_graph_revision", u64) !== flow.revision)
    throw world.refusal({
      label,
      code: "stale_graph_revision",
      text: `expected ${flow.revision}`,
      typed: [409, "contention: StaleGraphRevision", "contention", true],
    });
  flow.revision += 1;
  flow.edges.set(edge, {
    upstream: fields.executionId("upstream_execution_id"),
    downstream: fields.executionId("downstream_execution_id"),
    applied: false,
  });
  return json(201, { Staged: { edge_id: edge, new_graph_revision: flow.revision } });
}

function apply(world: World, call: Call): Reply {
  const flow = flowOf(world, call, "apply_dependency: FCALL ff_apply_dependency_to_child");
  const edge = flow.edges.get(call.fields().uuid("edge_id"));
  if (!edge || edge.applied) return json(200, "AlreadyApplied");
  edge.applied = true;
  const child = world.executions.get(edge.downstream);
  if (child)
    Object.assign(child.vector, {
      eligibility_state: "blocked_by_dependencies",
      blocking_reason: "waiting_for_children",
      public_state: "waiting_children",
    });
  return json(200, { Applied: { unsatisfied_count: 1 } });
}

function cancel(world: World, call: Call): Reply {
  const path = requireUuid("invalid flow_id", parameter(call));
  const fields = call.fields();
  requireSame("flow_id", path, fields.uuid("flow_id"));
  const policy = fields.text("cancellation_policy");
  const flow = world.flows.get(path);
  if (!flow)
    throw world.backend === "valkey"
      ? refuse(400, "invalid_input: ff_cancel_flow failed: flow_not_found")
      : refuse(404, "not found: flow");
  const wait = ["true", "1"].includes(call.query.get("wait") ?? "");
  const already = flow.cancelled;
  flow.cancelled ??= policy;
  const members = [...flow.members];
  // A flow that is over is not gone through again.
  if (policy === "cancel_all" && already === undefined)
    for (const id of members) {
      const member = world.executions.get(id);
      if (member && !isTerminal(member)) end(member, "cancelled", world.now());
    }
  if (wait || policy !== "cancel_all" || members.length === 0 || already)
    return json(200, {
      Cancelled: { cancellation_policy: already ?? policy, member_execution_ids: members },
    });
  return json(200, {
    CancellationScheduled: {
      cancellation_policy: policy,
      member_count: members.length,
      member_execution_ids: members,
    },
  });
}
