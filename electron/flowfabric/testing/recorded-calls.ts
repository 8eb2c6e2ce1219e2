import type { HttpExchange } from "../../../recordings/recordings.ts";
import type { FlowfabricClient } from "../client/client.ts";

/** A recorded request as a call of the client. */
export interface RecordedCall {
  send(client: FlowfabricClient): Promise<unknown>;
  /** A 404 is no failure of this call. */
  absentIsValue: boolean;
  /** What the call answers, as it was on the wire. */
  wire(value: unknown): unknown;
  expected(exchange: HttpExchange): unknown;
}

type Body = Record<string, unknown>;
type Send = (client: FlowfabricClient, given: Given) => Promise<unknown>;
interface Given {
  id: string;
  second: string;
  query: Record<string, string>;
  body: Body;
}

interface RecordedRoute {
  method: string;
  path: RegExp;
  /** Names of the fields that the client sends; a body with others is from another program. */
  fields?: readonly string[];
  /** Sent only where there is something to say. */
  optional?: readonly string[];
  query?: readonly string[];
  send: Send;
  wire?: (value: unknown, exchange?: HttpExchange) => unknown;
}

const text = (value: unknown): string => String(value);
const execution = `/v1/executions/([^/]+)`;

const routes: readonly RecordedRoute[] = [
  { method: "GET", path: /^\/healthz$/, send: (client) => client.health() },
  { method: "GET", path: /^\/metrics$/, send: (client) => client.metrics() },
  {
    method: "GET",
    path: /^\/v1\/executions$/,
    query: ["partition", "cursor", "limit"],
    send: (client, { query }) =>
      client.listExecutions(Number(query.partition), {
        ...(query.cursor !== undefined && { cursor: query.cursor }),
        ...(query.limit !== undefined && { limit: Number(query.limit) }),
      }),
  },
  { method: "GET", path: new RegExp(`^${execution}$`), send: (client, { id }) => client.execution(id) },
  {
    method: "GET",
    path: new RegExp(`^${execution}/state$`),
    send: (client, { id }) => client.executionState(id),
  },
  {
    method: "GET",
    path: new RegExp(`^${execution}/pending-waitpoints$`),
    send: (client, { id }) => client.pendingWaitpoints(id),
  },
  {
    method: "GET",
    path: new RegExp(`^${execution}/result$`),
    send: (client, { id }) => client.executionResult(id).then((bytes) => bytes.toString("utf8")),
  },
  {
    method: "GET",
    path: new RegExp(`^${execution}/waitpoints/([^/]+)/token$`),
    send: (client, { id, second }) => client.readWaitpointToken(id, second),
    wire: (token) => ({ token }),
  },
  {
    method: "GET",
    path: new RegExp(String.raw`^${execution}/attempts/(\d+)/stream$`),
    query: ["from", "to", "limit"],
    send: (client, { id, second, query }) => client.readStream(id, Number(second), query),
  },
  {
    method: "GET",
    path: new RegExp(String.raw`^${execution}/attempts/(\d+)/stream/tail$`),
    query: ["after", "block_ms", "limit"],
    send: (client, { id, second, query: { after = "0-0", block_ms: blockMs, limit } }) =>
      client.tailStream(id, Number(second), {
        after,
        blockMs: Number(blockMs),
        ...(limit !== undefined && { limit: Number(limit) }),
      }),
  },
  {
    method: "POST",
    path: /^\/v1\/executions$/,
    send: (client, { body }) => client.createExecution(body),
    wire: tagged,
  },
  {
    method: "POST",
    path: new RegExp(`^${execution}/cancel$`),
    fields: ["execution_id", "reason", "source", "now"],
    send: (client, { id, body }) => client.cancelExecution(id, text(body.reason), Number(body.now)),
  },
  {
    method: "PUT",
    path: new RegExp(`^${execution}/priority$`),
    fields: ["new_priority"],
    send: (client, { id, body }) => client.changePriority(id, Number(body.new_priority)),
  },
  {
    method: "POST",
    path: new RegExp(`^${execution}/replay$`),
    fields: [],
    send: (client, { id }) => client.replayExecution(id),
  },
  {
    method: "POST",
    path: new RegExp(`^${execution}/revoke-lease$`),
    fields: [],
    send: (client, { id }) => client.revokeLease(id),
  },
  {
    method: "POST",
    path: new RegExp(`^${execution}/reclaim$`),
    fields: ["worker_id", "worker_instance_id", "lane_id", "grant_ttl_ms", "worker_capabilities"],
    send: (client, { id, body }) =>
      client.issueReclaimGrant(id, grantOf(text(body.worker_id), body, body.worker_capabilities)),
  },
  {
    method: "POST",
    path: /^\/v1\/workers\/([^/]+)\/claim$/,
    fields: ["lane_id", "worker_instance_id", "capabilities", "grant_ttl_ms"],
    send: (client, { id, body }) => client.claimForWorker(grantOf(id, body, body.capabilities)),
    wire: (grant) => grant ?? null,
  },
  {
    method: "POST",
    path: new RegExp(`^${execution}/signal$`),
    fields:
      "execution_id waitpoint_id signal_id signal_name signal_category source_type source_identity target_scope waitpoint_token now".split(
        " ",
      ),
    send: (client, { id, body }) =>
      client.deliverSignal(id, {
        waitpointId: text(body.waitpoint_id),
        signalId: text(body.signal_id),
        signalName: text(body.signal_name),
        token: text(body.waitpoint_token),
        now: Number(body.now),
        ...(body.payload !== undefined && {
          payload: Buffer.from(body.payload as number[]).toString("utf8"),
        }),
      }),
    optional: ["payload", "payload_encoding"],
  },
  ...limitAndFlowRoutes(),
  {
    method: "POST",
    path: /^\/v1\/admin\/rotate-waitpoint-secret$/,
    fields: ["new_kid", "new_secret_hex"],
    send: (client, { body }) =>
      client.rotateWaitpointSecret({ keyId: text(body.new_kid), secretHex: text(body.new_secret_hex) }),
  },
];

function limitAndFlowRoutes(): RecordedRoute[] {
  const flow = `/v1/flows/([^/]+)`;
  const budget = `/v1/budgets/([^/]+)`;
  const withoutFlow = ({ flow_id: _flow, ...edge }: Body): Body => edge;
  return [
    {
      method: "POST",
      path: /^\/v1\/flows$/,
      send: (client, { body }) => client.createFlow(body as Parameters<FlowfabricClient["createFlow"]>[0]),
      wire: tagged,
    },
    {
      method: "POST",
      path: new RegExp(`^${flow}/members$`),
      send: (client, { id, body }) => client.addFlowMember(id, text(body.execution_id), Number(body.now)),
      wire: tagged,
    },
    {
      method: "POST",
      path: new RegExp(`^${flow}/edges$`),
      send: (client, { id, body }) => client.stageFlowEdge(id, withoutFlow(body)),
      wire: tagged,
    },
    {
      method: "POST",
      path: new RegExp(`^${flow}/edges/apply$`),
      send: (client, { id, body }) => client.applyFlowEdge(id, withoutFlow(body)),
      wire: tagged,
    },
    {
      method: "POST",
      path: new RegExp(`^${flow}/cancel$`),
      query: ["wait"],
      send: (client, { id, body }) =>
        client.cancelFlow(id, {
          reason: text(body.reason),
          policy: text(body.cancellation_policy),
          now: Number(body.now),
        }),
    },
    {
      method: "POST",
      path: /^\/v1\/budgets$/,
      send: (client, { body }) => client.createBudget(body),
      wire: tagged,
    },
    {
      method: "GET",
      path: new RegExp(`^${budget}$`),
      send: (client, { id }) => client.budget(id),
      wire: budgetWire,
    },
    {
      method: "POST",
      path: new RegExp(`^${budget}/usage$`),
      send: (client, { id, body }) => client.reportUsage(id, body),
      wire: tagged,
    },
    {
      method: "POST",
      path: new RegExp(`^${budget}/reset$`),
      fields: [],
      send: (client, { id }) => client.resetBudget(id),
    },
    {
      method: "POST",
      path: /^\/v1\/quotas$/,
      send: (client, { body }) => client.createQuota(body),
      wire: tagged,
    },
  ];
}

function grantOf(workerId: string, body: Body, capabilities: unknown) {
  return {
    workerId,
    workerInstanceId: text(body.worker_instance_id),
    lane: text(body.lane_id),
    grantTtlMs: Number(body.grant_ttl_ms),
    capabilities: capabilities as string[],
  };
}

/** A creation tells besides whether it was one. */
function tagged(value: unknown): unknown {
  return (value as { reply: unknown }).reply;
}

/** Amounts are text with us, because a u64 may not fit a number. */
function budgetWire(value: unknown): unknown {
  const budget = { ...(value as Body) };
  for (const name of ["usage", "hard_limits", "soft_limits"])
    budget[name] = Object.fromEntries(
      Object.entries(budget[name] as Record<string, string>).map(([key, amount]) => [key, Number(amount)]),
    );
  for (const name of ["breach_count", "soft_breach_count"]) budget[name] = Number(budget[name]);
  return budget;
}

/** The call that sends the recorded request; undefined for a request that only another program makes. */
export function callOf(exchange: HttpExchange): RecordedCall | undefined {
  const url = new URL(exchange.path, "http://server");
  const query = Object.fromEntries(url.searchParams);
  const route = routes.find(({ method, path }) => method === exchange.method && path.test(url.pathname));
  if (!route || !mayBeOurs(exchange, route, query)) return undefined;
  const [, id = "", second = ""] = route.path.exec(url.pathname) ?? [];
  const given = { id: decoded(id), second: decoded(second), query, body: (exchange.request ?? {}) as Body };
  return {
    send: (client) => route.send(client, given),
    absentIsValue: url.pathname.endsWith("/token") && exchange.status === 404,
    wire: route.wire ?? ((value) => value),
    expected: ({ status, body }) =>
      url.pathname === "/metrics" && body !== null
        ? (body as { truncated: string }).truncated
        : url.pathname.endsWith("/token") && status === 404
          ? { token: undefined }
          : body,
  };
}

function mayBeOurs(
  { request, path }: HttpExchange,
  { fields, optional = [], query: names = [] }: RecordedRoute,
  query: Record<string, string>,
): boolean {
  if (path.includes("%ff") || typeof request === "string" || isCut(request)) return false;
  if (!isOfQuery(path, names, query)) return false;
  if (fields === undefined) return true;
  return fields.length === 0 ? request === null : isOfFields(request, fields, optional);
}

/** Only what the client writes into a query, and always what it never leaves out. */
function isOfQuery(path: string, names: readonly string[], query: Record<string, string>): boolean {
  const always = [
    ...(names.includes("partition") ? ["partition"] : []),
    ...(path.includes("/tail") ? ["after", "block_ms"] : []),
  ];
  const isNumber = (name: string): boolean => query[name] === undefined || /^\d+$/.test(query[name]);
  return (
    Object.keys(query).every((name) => names.includes(name)) &&
    always.every((name) => query[name] !== undefined) &&
    ["partition", "limit"].every(isNumber)
  );
}

function isCut(request: unknown): boolean {
  return typeof request === "object" && request !== null && "truncated" in request;
}

/** Exactly these, and of the kinds that the client sends. */
function isOfFields(request: unknown, fields: readonly string[], optional: readonly string[]): boolean {
  if (typeof request !== "object" || request === null) return false;
  const body = request as Body;
  const required = Object.keys(body).filter((name) => !optional.includes(name));
  const same = required.sort().join() === [...fields].sort().join();
  const odd = body.capabilities === null || typeof body.new_kid === "number" || body.signal_category === "x";
  return same && !odd;
}

function decoded(segment: string): string {
  return decodeURIComponent(segment);
}
