import { setTimeout as sleep } from "node:timers/promises";
import { type AttemptFrames, executionInfo, type Frame } from "./execution.ts";
import { parseExecutionId } from "./identifiers.ts";
import { badQuery, isRejected, readQuery } from "./query.ts";
import { executionProblemRefusal, requireUuid } from "./refusals.ts";
import { json, type Reply, refuse, text, unavailable } from "./reply.ts";
import { type Call, large, parameter, type Route } from "./route.ts";
import type { ServerState } from "./state.ts";

/** The routes that read executions. */
export function readRoutes(state: ServerState): Route[] {
  const id = "/v1/executions/{id}";
  const stream = `${id}/attempts/{idx}/stream`;
  return [
    {
      method: "GET",
      template: "/v1/executions",
      limit: large,
      calls: { reads: "list_executions: SMEMBERS all_executions + sort/filter" },
      handle: (call) => list(state, call.query),
    },
    {
      method: "GET",
      template: id,
      calls: { reads: "read_execution_info: HGETALL exec_core" },
      handle: (call) => json(200, executionInfo(state.execution(parameter(call)))),
    },
    {
      method: "GET",
      template: `${id}/state`,
      calls: { reads: "read_execution_state: HGET exec_core" },
      handle: (call) => json(200, state.execution(parameter(call)).vector.public_state),
    },
    {
      method: "GET",
      template: `${id}/pending-waitpoints`,
      calls: { reads: "list_pending_waitpoints: SMEMBERS waitpoints" },
      handle: (call) => pending(state, parameter(call)),
    },
    {
      method: "GET",
      template: `${id}/waitpoints/{waitpoint_id}/token`,
      calls: { reads: "read_waitpoint_token: HGET waitpoint" },
      handle: (call) => token(state, call),
    },
    { method: "GET", template: `${id}/result`, handle: (call) => result(state, parameter(call)) },
    { method: "GET", template: stream, handle: (call) => readStream(state, call) },
    { method: "GET", template: `${stream}/tail`, handle: (call) => tailStream(state, call) },
  ];
}

function list(state: ServerState, query: URLSearchParams): Reply {
  const read = readQuery(query, { partition: "u16", cursor: "text", limit: "u64" });
  if (isRejected(read)) return read;
  if (read.partition === undefined) return badQuery("missing field `partition`");
  if (state.backend === "sqlite") throw unavailable("sqlite.list_executions");
  const partition = Number(read.partition);
  const limit = read.limit === undefined ? undefined : Number(read.limit);
  const cursor = read.cursor ?? "";
  const place = cursor === "" ? undefined : parseExecutionId(cursor);
  if (place && "problem" in place) throw refuse(400, `invalid cursor: ${place.problem}`);
  const ids = [...state.executions.values()]
    .filter((execution) => execution.partition === partition && execution.id > cursor)
    .map((execution) => execution.id)
    .sort();
  const page = ids.slice(0, Math.min(limit ?? 50, 1000));
  const more = page.length > 0 && page.length < ids.length;
  return json(200, { executions: page, next_cursor: more ? page.at(-1) : null });
}

function pending(state: ServerState, id: string): Reply {
  executionProblemRefusal(id);
  const execution = state.executions.get(id);
  if (!execution) throw refuse(404, "not found: execution");
  const open = [...execution.waitpoints]
    .sort((left, right) => (left.id < right.id ? -1 : 1))
    // The cut comes before the filter: an open one beyond it cannot be seen.
    .slice(0, state.backend === "valkey" ? 101 : undefined)
    .filter(({ state }) => state !== "closed")
    .slice(0, 100);
  return json(
    200,
    open.map((waitpoint) => ({
      waitpoint_id: waitpoint.id,
      waitpoint_key: waitpoint.key,
      state: waitpoint.state,
      required_signal_names: waitpoint.signals,
      created_at: waitpoint.createdAt,
      ...(waitpoint.state === "active" && { activated_at: waitpoint.createdAt + 1 }),
      ...(waitpoint.expiresAt !== undefined && { expires_at: waitpoint.expiresAt }),
      execution_id: execution.id,
      token_kid: waitpoint.kid,
      token_fingerprint: waitpoint.token.slice(-40).slice(0, 16),
    })),
  );
}

const noStore = { "cache-control": "no-store" };

function token(state: ServerState, call: Call): Reply {
  const partition = executionProblemRefusal(parameter(call));
  const waitpointId = requireUuid("waitpoint_id", parameter(call, 1));
  // Only the partition of the execution's id counts, and on Valkey not even whether the waitpoint is open.
  for (const execution of state.executions.values()) {
    if (execution.partition !== partition) continue;
    const found = execution.waitpoints.find(
      (each) => each.id === waitpointId && (state.backend === "valkey" || each.state !== "closed"),
    );
    if (found) return json(200, { token: found.token }, noStore);
  }
  return json(404, { error: "waitpoint token not found (consumed, expired, or unknown id)" }, noStore);
}

function result(state: ServerState, id: string): Reply {
  executionProblemRefusal(id);
  const found = state.executions.get(id)?.result;
  if (!found) throw refuse(404, `execution result not found: ${id}`);
  return { status: 200, headers: { "content-type": "application/octet-stream" }, body: found };
}

function streamLimit(text: string | undefined, otherwise: number): number {
  const limit = text === undefined ? otherwise : Number(text);
  if (limit === 0) throw refuse(400, "limit must be >= 1");
  if (limit > 1000)
    throw refuse(400, "limit exceeds REST ceiling 1000; paginate via from/to for larger spans");
  return limit;
}

function attemptOf(call: Call): number | undefined {
  const index = parameter(call, 1);
  return /^\d+$/.test(index) && Number(index) <= 4_294_967_295 ? Number(index) : undefined;
}

const oddAttempt = (call: Call): Reply =>
  text(400, `Invalid URL: Cannot parse value at index 1 with value \`${parameter(call, 1)}\` to a \`u32\``);

function place(id: string): [number, number] {
  const [milliseconds = "0", sequence = "0"] = id.split("-");
  return [Number(milliseconds), Number(sequence)];
}

function isAfter(frame: Frame, cursor: string, orAt: boolean): boolean {
  if (cursor === "start") return true;
  const [left, right] = [place(frame.id), place(cursor)];
  const order = left[0] - right[0] || left[1] - right[1];
  return order > 0 || (orAt && order === 0);
}

/** Of an execution or attempt that nobody knows there are none. */
function framesOf(state: ServerState, call: Call, attempt: number): Partial<AttemptFrames> {
  executionProblemRefusal(parameter(call));
  return state.executions.get(parameter(call))?.frames.get(attempt) ?? {};
}

function streamReply({ closedAt, closedReason }: Partial<AttemptFrames>, frames: Frame[]): Reply {
  return json(200, {
    frames,
    count: frames.length,
    ...(closedAt !== undefined && { closed_at: closedAt, closed_reason: closedReason }),
  });
}

function readStream(state: ServerState, call: Call): Reply {
  const attempt = attemptOf(call);
  if (attempt === undefined) return oddAttempt(call);
  const read = readQuery(call.query, { from: "cursor", to: "cursor", limit: "u64" });
  if (isRejected(read)) return read;
  const { from = "start", to = "end" } = read;
  const limit = streamLimit(read.limit, 100);
  const known = framesOf(state, call, attempt);
  guardPermits(state);
  const frames = (known.list ?? []).filter(
    (frame) => isAfter(frame, from, true) && (to === "end" || !isAfter(frame, to, false)),
  );
  return streamReply(known, frames.slice(0, limit));
}

async function tailStream(state: ServerState, call: Call): Promise<Reply> {
  const attempt = attemptOf(call);
  if (attempt === undefined) return oddAttempt(call);
  const read = readQuery(call.query, { after: "cursor", block_ms: "u64", limit: "u64" });
  if (isRejected(read)) return read;
  const block = Number(read.block_ms ?? 0);
  if (block > 30_000) throw refuse(400, "block_ms exceeds 30000ms ceiling");
  const after = read.after ?? "0-0";
  if (!/^\d+(-\d+)?$/.test(after))
    throw refuse(
      400,
      "after: XREAD cursor must be a concrete entry id; pass '0-0' to start from the beginning",
    );
  const limit = streamLimit(read.limit, 50);
  guardPermits(state);
  const known = (): Partial<AttemptFrames> => framesOf(state, call, attempt);
  const fresh = (): Frame[] =>
    (known().list ?? []).filter((frame) => isAfter(frame, after, false)).slice(0, limit);
  const deadline = Date.now() + block;
  while (fresh().length === 0 && Date.now() < deadline && !known().closedAt) await sleep(20);
  return streamReply(known(), fresh());
}

const streamPermits = 64;

function guardPermits(state: ServerState): void {
  if (state.streamOperations < streamPermits) return;
  throw refuse(
    429,
    `too many concurrent stream_ops calls (server max: ${streamPermits}); retry with backoff`,
    { kind: "resource_exhausted", retryable: true },
  );
}
