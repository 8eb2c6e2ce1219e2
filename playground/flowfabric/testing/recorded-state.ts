import type { HttpExchange } from "../../../recordings/recordings.ts";
import { leaveSubmitted, newExecution, type SimulatedExecution } from "../execution.ts";
import { emptyFlow } from "../flow-routes.ts";
import { parseExecutionId } from "../identifiers.ts";
import type { ServerState, SimulatedFlow } from "../state.ts";

type Body = Record<string, unknown>;

/** The execution of that id, newly created where there is none. */
export function addExecution(state: ServerState, id: string): SimulatedExecution {
  const known = state.executions.get(id);
  if (known) return known;
  const parsed = parseExecutionId(id);
  const partition = "partition" in parsed ? parsed.partition : 0;
  const params = { id, partition, namespace: "acme", lane: "default", kind: "summarise", priority: 5 };
  const execution = newExecution(params, state.now());
  if (state.backend !== "valkey") leaveSubmitted(execution);
  state.executions.set(id, execution);
  return execution;
}

/** Exactly the ids of a recorded page, and one behind it where it goes on. */
export function prepareList(state: ServerState, { body, path, status }: HttpExchange): void {
  if (status !== 200) return;
  const query = new URLSearchParams(path.split("?")[1]);
  const { executions, next_cursor: next } = body as { executions: string[]; next_cursor: string | null };
  const partition = Number(query.get("partition"));
  const inPage = (id: string): boolean => id > (query.get("cursor") ?? "") && (next === null || id <= next);
  for (const execution of [...state.executions.values()])
    if (execution.partition === partition && inPage(execution.id) && !executions.includes(execution.id))
      state.executions.delete(execution.id);
  for (const id of executions) addExecution(state, id);
  if (next !== null) addExecution(state, `${next.slice(0, -12)}ffffffffffff`);
}

/** An idempotency key that an earlier request had. */
export function prepareDuplicate(state: ServerState, { body, request }: HttpExchange): void {
  const { Duplicate: duplicate } = body as { Duplicate: { execution_id: string } };
  addExecution(state, duplicate.execution_id);
  const { partition_id: partition, namespace, idempotency_key: key } = request as Body;
  if (key) state.idempotency.set(`${partition}|${namespace}|${key}`, duplicate.execution_id);
}

/** Output that a worker wrote. */
export function giveFrames(execution: SimulatedExecution, path: string, body: Body): void {
  const attempt = Number(/attempts\/(\d+)/.exec(path)?.[1]);
  const {
    frames,
    closed_at: closedAt,
    closed_reason: closedReason,
  } = body as {
    frames: { id: string; fields: Record<string, string> }[];
    closed_at?: number;
    closed_reason?: string;
  };
  execution.frames.set(attempt, {
    list: frames,
    ...(closedAt !== undefined && { closedAt }),
    ...(closedReason !== undefined && { closedReason }),
  });
}

interface FlowReply {
  member_execution_ids?: string[];
  new_node_count?: number;
}

/** The members, edges and revision that a flow has by what the server answers. */
export function prepareFlow(state: ServerState, exchange: HttpExchange): void {
  const { path, body } = exchange;
  const id = /^\/v1\/flows\/([^/?]+)/.exec(path)?.[1];
  if (id === undefined) return;
  if (/flow_not_found|not found: flow/.test(JSON.stringify(body ?? ""))) return void state.flows.delete(id);
  const flow = state.flows.get(id) ?? emptyFlow(id);
  state.flows.set(id, flow);
  prepareEdges(flow, exchange);
  const reply = (body ?? {}) as Record<string, FlowReply>;
  const members = (reply.Cancelled ?? reply.PartiallyCancelled)?.member_execution_ids ?? [];
  if (members.length > 0) flow.members = members;
  for (const member of members) addExecution(state, member);
  const count = reply.Added?.new_node_count;
  if (count !== undefined) flow.members = flow.members.slice(0, count - 1);
  state.skipsAtOnce = reply.PartiallyCancelled !== undefined;
  if (state.skipsAtOnce) chain(flow);
}

function prepareEdges(flow: SimulatedFlow, { path, status, body, request }: HttpExchange): void {
  const { expected_graph_revision: expected, edge_id: edge } = (request ?? {}) as Body;
  const isStale = JSON.stringify(body ?? "").includes("stale");
  if (path.endsWith("/edges")) flow.revision = Number(expected) + (isStale ? 1 : 0);
  if (!path.endsWith("/apply") || flow.edges.has(String(edge)) || status !== 200) return;
  const { upstream_execution_id: upstream = "", downstream_execution_id: downstream = "" } =
    request as Record<string, string>;
  flow.edges.set(String(edge), { upstream, downstream, applied: false });
}

/** Each member depends on the one before. */
function chain(flow: SimulatedFlow): void {
  for (const [index, downstream] of flow.members.slice(1).entries())
    flow.edges.set(`chain-${index}`, { upstream: flow.members[index] ?? "", downstream, applied: true });
}
