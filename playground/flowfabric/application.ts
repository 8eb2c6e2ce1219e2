import type { IncomingMessage, ServerResponse } from "node:http";
import { refuseForeign } from "../kit/access.ts";
import { decodeSegment, matchPath, type PathParameter } from "../kit/http.ts";
import { budgetRoutes } from "./budget-routes.ts";
import { Fields } from "./fields.ts";
import { flowRoutes } from "./flow-routes.ts";
import { grantRoutes } from "./grant-routes.ts";
import type { Keystores } from "./keystore.ts";
import type { Metrics } from "./metrics.ts";
import { readRoutes } from "./read-routes.ts";
import { badJson, empty, json, Refusal, type Reply, text, unavailable } from "./reply.ts";
import type { RotationRoute } from "./rotation.ts";
import { type Call, type Route, small } from "./route.ts";
import type { ServerState } from "./state.ts";
import { writeRoutes } from "./write-routes.ts";

interface Parts {
  state: ServerState;
  rotation: RotationRoute;
  keystores: Keystores;
  metrics: Metrics;
}

type Found = { route: Route; parameters: PathParameter[] };

/** Everything in front of the handlers, in the server's order after foreign web pages are refused: CORS, token, path and method, size, then the extractors. */
export class Application {
  readonly requests: { method: string; path: string; status: number }[] = [];
  readonly #routes: Route[];

  constructor(
    private readonly options: { token?: string | undefined; observability?: boolean },
    private readonly parts: Parts,
  ) {
    const { state, rotation, keystores } = parts;
    this.#routes = [
      ...readRoutes(state),
      ...writeRoutes(state),
      ...grantRoutes(state, keystores),
      ...flowRoutes(state),
      ...budgetRoutes(state),
      {
        method: "POST",
        template: "/v1/admin/rotate-waitpoint-secret",
        limit: small,
        handle: (call) => rotation.handle(call.fields()),
      },
      { method: "GET", template: "/healthz", calls: { reads: "ping: PING" }, handle: () => this.#health() },
    ];
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (refuseForeign(request, response)) return;
    const started = performance.now();
    const url = new URL(request.url ?? "/", "http://server");
    const reply = await this.#answer(request, url).catch((error: unknown) =>
      error instanceof Refusal ? error.reply : text(500, String(error)),
    );
    const found = this.#methodsOf(url).length > 0;
    const method = request.method ?? "GET";
    const template = this.#find(method, url)?.route.template ?? url.pathname;
    const seconds = (performance.now() - started) / 1000;
    if (url.pathname !== "/metrics")
      this.parts.metrics.count({ method, path: template, status: reply.status, seconds });
    this.requests.push({ method, path: url.pathname, status: reply.status });
    // A build with metrics merges another router in, whose paths and unknown ones know nothing of other origins.
    const cors = found || !this.options.observability ? corsHeaders : {};
    const length = reply.status === 204 ? {} : { "content-length": String(Buffer.byteLength(reply.body)) };
    const { allow, ...headers } = reply.headers;
    response.writeHead(reply.status, { ...headers, ...cors, ...(allow && { allow }), ...length });
    response.end(request.method === "HEAD" ? undefined : reply.body);
  }

  /** As `Allow` lists them: HEAD beside GET. */
  #methodsOf(url: URL): string[] {
    const methods = ["GET", "POST", "PUT"].filter((method) => this.#find(method, url));
    return methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
  }

  async #answer(request: IncomingMessage, url: URL): Promise<Reply> {
    const { token, observability = false } = this.options;
    const method = request.method ?? "GET";
    const methods = this.#methodsOf(url);
    const allow = { allow: methods.join(",") };
    if (method === "OPTIONS") return empty(200, allow);
    if (url.pathname === "/metrics" && observability && (method === "GET" || method === "HEAD"))
      return text(
        200,
        this.parts.metrics.text(this.parts.state.claims),
        "text/plain; version=0.0.4; charset=utf-8",
      );
    if (methods.length === 0 && observability) return empty(404);
    const found = this.#find(method === "HEAD" ? "GET" : method, url);
    if (token && url.pathname !== "/healthz" && !carries(request, token)) {
      const wrong = !found && methods.length > 0;
      return json(401, { error: "missing or invalid Authorization header" }, wrong ? allow : {});
    }
    if (methods.length === 0) return empty(404);
    if (!found) return empty(405, allow);
    return this.#dispatch(request, url, found);
  }

  async #dispatch(request: IncomingMessage, url: URL, { route, parameters }: Found): Promise<Reply> {
    const announced = Number(request.headers["content-length"] ?? 0);
    if (route.limit !== undefined && announced > route.limit) return tooLarge(route);
    const decoded = parameters.flatMap(({ segment }) => decodeSegment(segment) ?? []);
    if (decoded.length < parameters.length) return text(400, "Invalid URL: Invalid UTF-8 in `id`");
    const body = route.ignoresBody
      ? undefined
      : await readBody(request, route.limit ?? Number.POSITIVE_INFINITY);
    if (body === "too large") return tooLarge(route);
    const call: Call = {
      parameters: decoded,
      query: url.searchParams,
      fields: () => new Fields(parseJson(request, body)),
    };
    return this.parts.state.store.perform(route.calls ?? {}, () => route.handle(call));
  }

  #health(): Reply {
    if (this.parts.state.backend === "sqlite") throw unavailable("ping");
    return json(200, { status: "ok" });
  }

  #find(method: string, url: URL): Found | undefined {
    for (const route of this.#routes) {
      const parameters = route.method === method && matchPath(route.template, url.pathname);
      if (parameters) return { route, parameters };
    }
    return undefined;
  }
}

function carries(request: IncomingMessage, token: string): boolean {
  return request.headers.authorization === `Bearer ${token}`;
}

const corsHeaders = {
  vary: "origin, access-control-request-method, access-control-request-headers",
  "access-control-allow-origin": "*",
};

function tooLarge(route: Route): Reply {
  return json(413, { error: "payload_too_large", limit_bytes: route.limit, route: route.template });
}

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | "too large"> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > limit) return "too large";
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function parseJson(request: IncomingMessage, body: Buffer | undefined): unknown {
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type !== "application/json" && !/^application\/[^\s]+\+json$/.test(type)) throw badJson(415);
  const text = body?.toString("utf8") ?? "";
  try {
    return JSON.parse(text);
  } catch {
    // The shape is judged before what follows the document, and no body of ours has a shape that fits nothing.
    throw badJson(/^\s*(\{\s*\}|\[\s*\]|null|true|false)\s*\S/.test(text) ? 422 : 400);
  }
}
