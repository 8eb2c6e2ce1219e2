import { setTimeout as sleep } from "node:timers/promises";
import { executionInfo, type Frame, type SimulatedExecution } from "./execution.ts";
import { executionProblemRefusal, requireUuid } from "./refusals.ts";
import { json, type Reply, refuse, text, unavailable } from "./reply.ts";
import { type Call, large, parameter, type Route } from "./route.ts";
import type { World } from "./world.ts";

/** The routes that read executions. */
export function readRoutes(world: World): Route[] {
  const id = "/v1/executions/{id}";
  const stream = `${id}/attempts/{idx}/stream`;
  return [
    { method: "GET", template: "/v1/executions", limit: large, handle: (call) => list(world, call.query) },
    {
      method: "GET",
      template: id,
      handle: (call) => json(200, executionInfo(world.execution(parameter(call)))),
    },
    {
      method: "GET",
      template: `${id}/state`,
      handle: (call) => json(200, world.execution(parameter(call)).vector.public_state),
    },
    {
      method: "GET",
      template: `${id}/pending-waitpoints`,
      handle: (call) => pending(world, parameter(call)),
    },
    {
      method: "GET",
      template: `${id}/waitpoints/{waitpoint_id}/token`,
      handle: (call) => token(world, call),
    },
    { method: "GET", template: `${id}/result`, handle: (call) => result(world, parameter(call)) },
    { method: "GET", template: stream, handle: (call) => readStream(world, call) },
    { method: "GET", template: `${stream}/tail`, handle: (call) => tailStream(world, call) },
  ];
}

function badQuery(detail: string): Reply {
  return text(400, `Failed to deserialize query string: ${detail}`);
}

function count(query: URLSearchParams, name: string): number | undefined | "odd" {
  const value = query.get(name);
  if (value === null) return undefined;
  return /^\d{1,15}$/.test(value) ? Number(value) : "odd";
}

function list(world: World, query: URLSearchParams): Reply {
  const partition = count(query, "partition");
  if (partition === undefined) return badQuery("missing field `partition`");
  const limit = count(query, "limit");
  if (partition === "odd" || partition > 65_535) return badQuery("partition: invalid digit found in string");
  if (limit === "odd") return badQuery("limit: invalid digit found in string");
  if (world.backend === "sqlite") throw unavailable("sqlite.list_executions");
  const cursor = query.get("cursor") ?? "";
  if (cursor !== "" && !cursor.startsWith("{fp:")) throw refuse(400, `invalid cursor: ${cursor}`);
  const ids = [...world.executions.values()]
    .filter((execution) => execution.partition === partition && execution.id > cursor)
    .map((execution) => execution.id)
    .sort();
  const page = ids.slice(0, Math.min(limit ?? 50, 1000));
  const more = page.length > 0 && page.length < ids.length;
  return json(200, { executions: page, next_cursor: more ? page.at(-1) : null });
}

function pending(world: World, id: string): Reply {
  executionProblemRefusal(id);
  const execution = world.executions.get(id);
  if (!execution) throw refuse(404, "not found: execution");
  const open = [...execution.waitpoints]
    .sort((left, right) => (left.id < right.id ? -1 : 1))
    // The cut comes before the filter: an open one beyond it cannot be seen.
    .slice(0, world.backend === "valkey" ? 101 : undefined)
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

function token(world: World, call: Call): Reply {
  const partition = executionProblemRefusal(parameter(call));
  const waitpointId = requireUuid("waitpoint_id", parameter(call, 1));
  // Only the partition of the execution's id counts, and on Valkey not even whether the waitpoint is open.
  for (const execution of world.executions.values()) {
    if (execution.partition !== partition) continue;
    const found = execution.waitpoints.find(
      ({ id, state }) => id === waitpointId && (world.backend === "valkey" || state !== "closed"),
    );
    if (found) return json(200, { token: found.token }, noStore);
  }
  return json(404, { error: "waitpoint token not found (consumed, expired, or unknown id)" }, noStore);
}

function result(world: World, id: string): Reply {
  executionProblemRefusal(id);
  const found = world.executions.get(id)?.result;
  if (!found) throw refuse(404, `execution result not found: ${id}`);
  return { status: 200, headers: { "content-type": "application/octet-stream" }, body: found };
}

const cursorPattern = /^(start|end|\d+(-\d+)?)$/;

function streamLimit(call: Call, usual: number): number {
  const limit = count(call.query, "limit");
  if (limit === 0) throw refuse(400, "limit must be >= 1");
  if (typeof limit === "number" && limit > 1000)
    throw refuse(400, "limit exceeds REST ceiling 1000; paginate via from/to for larger spans");
  return typeof limit === "number" ? limit : usual;
}

function attemptOf(call: Call): number | undefined {
  const index = parameter(call, 1);
  return /^\d+$/.test(index) && Number(index) <= 4_294_967_295 ? Number(index) : undefined;
}

const oddAttempt = (call: Call): Reply =>
  text(400, `Invalid URL: Cannot parse \`idx\` with value \`${parameter(call, 1)}\` to a \`u32\``);

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

function streamReply(execution: SimulatedExecution, attempt: number, frames: Frame[]): Reply {
  const { closedAt, closedReason } = execution.frames.get(attempt) ?? {};
  return json(200, {
    frames,
    count: frames.length,
    ...(closedAt !== undefined && { closed_at: closedAt, closed_reason: closedReason }),
  });
}

function readStream(world: World, call: Call): Reply {
  const attempt = attemptOf(call);
  if (attempt === undefined) return oddAttempt(call);
  const [from, to] = [call.query.get("from") ?? "start", call.query.get("to") ?? "end"];
  const odd = [from, to].find((cursor) => !cursorPattern.test(cursor));
  if (odd !== undefined) return badQuery(`invalid stream cursor: ${odd}`);
  const limit = streamLimit(call, 100);
  const execution = world.execution(parameter(call));
  guardPermits(world);
  const all = execution.frames.get(attempt)?.list ?? [];
  const frames = all.filter(
    (frame) => isAfter(frame, from, true) && (to === "end" || !isAfter(frame, to, false)),
  );
  return streamReply(execution, attempt, frames.slice(0, limit));
}

async function tailStream(world: World, call: Call): Promise<Reply> {
  const attempt = attemptOf(call);
  if (attempt === undefined) return oddAttempt(call);
  const block = count(call.query, "block_ms");
  if (block === "odd") return badQuery("block_ms: invalid digit found in string");
  if (block !== undefined && block > 30_000) throw refuse(400, "block_ms exceeds 30000ms ceiling");
  const after = call.query.get("after") ?? "0-0";
  if (!/^\d+(-\d+)?$/.test(after))
    throw refuse(
      400,
      "after: XREAD cursor must be a concrete entry id; pass '0-0' to start from the beginning",
    );
  const limit = streamLimit(call, 50);
  const execution = world.execution(parameter(call));
  guardPermits(world);
  const fresh = (): Frame[] =>
    (execution.frames.get(attempt)?.list ?? [])
      .filter((frame) => isAfter(frame, after, false))
      .slice(0, limit);
  const deadline = Date.now() + (block ?? 0);
  while (fresh().length === 0 && Date.now() < deadline && !execution.frames.get(attempt)?.closedAt)
    await sleep(20);
  return streamReply(execution, attempt, fresh());
}

const streamPermits = 64;

function guardPermits(world: World): void {
  if (world.streamOperations < streamPermits) return;
  throw refuse(
    429,
    `too many concurrent stream_ops calls (server max: ${streamPermits}); retry with backoff`,
    { kind: "resource_exhausted", retryable: true },
  );
}
