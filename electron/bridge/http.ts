import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { getCookie, setCookie } from "hono/cookie";
import {
  asFailure,
  type CallOptions,
  Failure,
  failureStatus,
  type Operation,
  type Operations,
} from "../../shared/contract/index.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { EventHub } from "./event-hub.ts";
import { checkOrigin, type HttpAccess } from "./http-access.ts";
import { HttpInput, parseJson } from "./http-input.ts";
import { TopicStreams } from "./http-stream.ts";
import { openApiDocument } from "./openapi.ts";

const cookieName = "switchyard-session";
const mostBodyBytes = 1_048_576;
const mostAtOnce = 64;
const mostStreams = 32;

export interface HttpParts {
  operations: Operations;
  dispatcher: Dispatcher;
  hub: EventHub;
  access: HttpAccess;
  version: string;
  /** The port that is listened on; the Host header is held against it. */
  port(): number;
  /** Serves the renderer's files; absent where only the interface is wanted. */
  pages?: MiddlewareHandler;
}

/** The HTTP adapter: the same operations, the same dispatcher, JSON in and out. */
export function httpApplication(parts: HttpParts): Hono {
  const application = new Hono();
  application.onError(failureReply);
  application.use("*", (context, next) => {
    checkOrigin(context.req.header("host"), context.req.header("origin"), parts.port());
    return next();
  });
  application.get("/", (context, next) => openSession(context, parts, next));
  const limit = limitConcurrency();
  application.use("/api/*", (context, next) => {
    const authorization = context.req.header("authorization");
    parts.access.check(authorization, authorization ? undefined : getCookie(context, cookieName));
    return limit(context, next);
  });
  application.on(
    ["POST", "PUT", "DELETE"],
    "/api/*",
    bodyLimit({ maxSize: mostBodyBytes, onError: tooLarge }),
  );
  let document: unknown;
  application.get("/api/openapi.json", () => {
    document ??= openApiDocument(parts.operations, parts.version);
    return jsonReply(document, 200);
  });
  const streams = new TopicStreams(parts.hub);
  application.get("/api/stream", (context) => streams.open(context));
  application.post("/api/stream/:id", async (context) => {
    streams.change(context.req.param("id"), await readBody(context));
    return jsonReply({}, 200);
  });
  for (const [name, operation] of fixedPathsFirst(parts.operations))
    addRoute(application, parts, name, operation);
  application.all("/api/*", (context) => {
    throw new Failure({
      code: "not_found",
      message: `There is no ${context.req.method} ${context.req.path}.`,
      hint: "GET /api/openapi.json lists all routes.",
    });
  });
  if (parts.pages) application.get("*", parts.pages);
  return application;
}

/** Made anew for each reply: the server writes that reply's length into the object it is given. */
const jsonHeaders = () => ({
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
});

/** Made here, not by the context: its way through header objects costs a third of the throughput. */
function jsonReply(value: unknown, status: number): Response {
  return new Response(JSON.stringify(value ?? null), { status, headers: jsonHeaders() });
}

function addRoute(application: Hono, parts: HttpParts, name: string, operation: Operation): void {
  const reader = new HttpInput(operation);
  const path = `/api${operation.path.replace(/\{(\w+)\}/g, ":$1")}`;
  application.on(operation.method, path, async (context) => {
    const input = reader.merge({
      body: await readBody(context),
      query: context.req.query(),
      path: context.req.param(),
    });
    const reply = await parts.dispatcher.call(name, input, readOptions(context), {
      transport: "http",
      actor: "http",
    });
    if (!reply.ok) return jsonReply(reply.failure, failureStatus[reply.failure.code]);
    if (operation.kind === "query" && operation.download) return download(context, reply.output);
    return jsonReply(reply.output, 200);
  });
}

/** `/events/export` has to be tried before `/events/{sequence}`. */
function fixedPathsFirst(operations: Operations): [string, Operation][] {
  const fields = (path: string) => path.split("{").length;
  return Object.entries(operations).sort(([, a], [, b]) => fields(a.path) - fields(b.path));
}

async function readBody(context: Context): Promise<Record<string, unknown>> {
  if (context.req.method === "GET") return {};
  const text = await context.req.text();
  if (text.trim() === "") return {};
  const body = parseJson(text, "body");
  if (typeof body === "object" && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  throw new Failure({ code: "invalid_input", message: "body: a JSON object is needed." });
}

function readOptions(context: Context): CallOptions {
  const header = (name: string) => {
    const text = context.req.header(name);
    return text === undefined ? undefined : decode(text, name);
  };
  const options: CallOptions = {};
  const reason = header("Switchyard-Reason");
  const batch = header("Switchyard-Batch");
  const token = header("Switchyard-Confirmation");
  const phrase = header("Switchyard-Phrase");
  if (reason) options.reason = reason.slice(0, 1_000);
  if (batch) options.batch = batch.slice(0, 100);
  if (token) options.confirmation = phrase === undefined ? { token } : { token, phrase };
  return options;
}

function decode(text: string, name: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Failure({ code: "invalid_input", message: `${name}: this header has to be percent-encoded.` });
  }
}

function download(context: Context, output: unknown): Response {
  const file = output as { fileName: string; mediaType: string; text: string };
  context.header("Cache-Control", "no-store");
  context.header("Content-Type", file.mediaType);
  context.header("Content-Disposition", `attachment; filename="${file.fileName.replace(/[^\w.-]/g, "_")}"`);
  return context.body(file.text);
}

async function openSession(
  context: Context,
  parts: HttpParts,
  next: () => Promise<void>,
): Promise<Response | undefined> {
  const token = context.req.query("token");
  if (token === undefined) {
    await next();
    return undefined;
  }
  const session = parts.access.redeem(token);
  if (session) setCookie(context, cookieName, session, { httpOnly: true, sameSite: "Strict", path: "/" });
  return context.redirect("/");
}

function limitConcurrency() {
  let running = 0;
  let streams = 0;
  return async (context: Context, next: () => Promise<void>) => {
    const isStream = context.req.path === "/api/stream";
    if (isStream ? streams >= mostStreams : running >= mostAtOnce) {
      throw new Failure({
        code: "rate_limited",
        message: "Too many calls at once.",
        hint: "Wait for some to end.",
      });
    }
    if (isStream) {
      streams++;
      context.req.raw.signal.addEventListener("abort", () => streams--, { once: true });
      return next();
    }
    running++;
    try {
      await next();
    } finally {
      running--;
    }
  };
}

function tooLarge(): never {
  throw new Failure({ code: "invalid_input", message: `body: more than ${mostBodyBytes} bytes.` });
}

function failureReply(error: unknown): Response {
  const failure = asFailure(error);
  return jsonReply(failure.toData(), failureStatus[failure.code]);
}
