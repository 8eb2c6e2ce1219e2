import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import {
  asFailure,
  type CallContext,
  Failure,
  type FailureData,
  failureStatus,
  type Operation,
  type Operations,
} from "../../../shared/contract/index.ts";
import type { Dispatcher } from "../dispatcher.ts";
import type { EventHub } from "../event-hub.ts";
import type { HttpAccess } from "./access.ts";
import { identified, ownAddress, ownSite, protection } from "./checks.ts";
import { HttpInput } from "./input.ts";
import { openApiDocument } from "./openapi.ts";
import { type HttpContext, type HttpEnv, pathOf, readOptions, takeBody } from "./request.ts";
import { Slots } from "./slots.ts";
import { TopicStreams } from "./stream.ts";
import { browserName } from "./user-agent.ts";

const mostCalls = 64;
const mostBytes = 1_048_576;
/** Of the body that opens a session: nobody has shown a proof yet. */
const mostSessionBytes = 4_096;
const methods = ["GET", "POST", "PUT", "DELETE"];

export type HttpApp = Hono<HttpEnv>;

export interface HttpParts {
  operations: Operations;
  dispatcher: Dispatcher;
  hub: EventHub;
  access: HttpAccess;
  version: string;
  /** The port that is listened on; the Host header is held against it. */
  port(): number;
  /** The folder of the renderer's files, and what they may load; absent where only the interface is wanted. */
  pages?: { folder: string; policy: string } | undefined;
}

/** The HTTP adapter: the same operations, the same dispatcher, JSON in and out. What a route wants stands in the order in which it is asked for. */
export function httpApp(parts: HttpParts): HttpApp {
  const app: HttpApp = new Hono<HttpEnv>({ getPath: pathOf });
  app.onError((error, c) => sendFailure(c, asFailure(error).toData()));
  app.notFound((c) => sendFailure(c, noRoute(app, c)));
  app.use(protection, ownAddress(parts.port));
  app.use("/api/*", ownSite);
  addSignIn(app, parts.access);
  app.use("/api/*", identified(parts.access));
  addSession(app, parts.access);
  addStreams(app, parts);
  addOperations(app, parts);
  app.all("/api/*", (c) => c.notFound());
  if (parts.pages) addPages(app, parts.pages);
  return app;
}

const signInSchema = z.object({ token: z.string().max(1_000) });

/** `POST /api/session` trades the one-time token of a sign-in link, which is the proof, for the secret of a session. */
function addSignIn(app: HttpApp, { sessions }: HttpAccess): void {
  app.post("/api/session", takeBody(mostSessionBytes), (c) => {
    const body = signInSchema.safeParse(c.var.body);
    const token = body.success ? body.data.token : "";
    return sendJson(c, { session: sessions.redeem(token, browserName(c.req.header("user-agent"))) });
  });
}

/** `GET /api/session` says who calls, which counts as use; `DELETE` signs the calling browser out, whatever its scope. */
function addSession(app: HttpApp, { sessions }: HttpAccess): void {
  app.get("/api/session", (c) => {
    const { actor, scope } = c.var.caller;
    return sendJson(c, { actor, scope });
  });
  app.delete("/api/session", (c) => {
    if (sessions.close(c.var.caller.id, "signed-out")) return sendJson(c, { closed: true });
    throw new Failure({
      code: "conflict",
      message: "A token is no session: it cannot be signed out.",
      hint: "Revoke it with DELETE /api/console/tokens/{tokenId}.",
    });
  });
}

function addStreams(app: HttpApp, { hub, access }: HttpParts): void {
  const streams = new TopicStreams(hub, access);
  app.get("/api/stream", (c) => streams.open(c));
  app.post("/api/stream/:id", takeBody(mostBytes), (c) => {
    streams.change(c.var.caller, c.req.param("id"), c.var.body);
    return sendJson(c, {});
  });
}

function addOperations(app: HttpApp, { operations, dispatcher, version }: HttpParts): void {
  let document: unknown;
  app.get("/api/openapi.json", (c) => {
    document ??= openApiDocument(operations, version);
    return sendJson(c, document);
  });
  const slots = new Slots(mostCalls);
  for (const [name, operation] of Object.entries(operations).sort(fixedPathsFirst)) {
    const path = `/api${operation.path.replace(/\{(\w+)\}/g, ":$1")}`;
    const input = new HttpInput(operation);
    // The body comes before the slot: one that comes slowly must not keep others waiting.
    app.on(operation.method, path, takeBody(mostBytes), async (c) => {
      const { caller } = c.var;
      const context: CallContext = { transport: "http", actor: caller.actor, scope: caller.scope, caller };
      const call = [name, input.read(c), readOptions(c), context] as const;
      const reply = await slots.within(() => dispatcher.call(...call));
      if (!reply.ok) return sendFailure(c, reply.failure);
      if (operation.kind === "query" && operation.download) return sendFile(c, reply.output);
      return sendJson(c, reply.output);
    });
  }
}

/** `/events/export` has to be tried before `/events/{sequence}`. */
function fixedPathsFirst([, a]: [string, Operation], [, b]: [string, Operation]): number {
  return a.path.split("{").length - b.path.split("{").length;
}

/** Serves the renderer's files, with the same policy as in the window. */
function addPages(app: HttpApp, { folder, policy }: NonNullable<HttpParts["pages"]>): void {
  app.use((c, next) => {
    c.header("Content-Security-Policy", policy);
    c.header("Referrer-Policy", "no-referrer");
    return next();
  });
  app.get("*", serveStatic({ root: folder }));
}

function noRoute(app: HttpApp, c: HttpContext): FailureData {
  const { method, path } = c.req;
  if (!path.startsWith("/api/")) return { code: "not_found", message: "There is no such page here." };
  const others = methods.filter((other) =>
    app.router.match(other, path)[0].some(([[, route]]) => route.method === other && route.path !== "/*"),
  );
  const known = others.length > 0 ? `It takes ${others.join(" and ")}. ` : "";
  return {
    code: "not_found",
    message: `There is no ${method} ${path.slice(0, 200)}.`,
    hint: `${known}GET /api/openapi.json lists all routes.`,
  };
}

function sendJson(c: HttpContext, value: unknown, status = 200): Response {
  const text = JSON.stringify(value ?? null);
  return sendText(c, text, { status, type: "application/json; charset=utf-8" });
}

function sendFailure(c: HttpContext, failure: FailureData): Response {
  return sendJson(c, failure, failureStatus[failure.code]);
}

function sendFile(c: HttpContext, output: unknown): Response {
  const { fileName, mediaType, text } = output as { fileName: string; mediaType: string; text: string };
  c.header("Content-Disposition", `attachment; filename="${fileName.replace(/[^\w.-]/g, "_")}"`);
  return sendText(c, text, { status: 200, type: mediaType });
}

function sendText(
  c: HttpContext,
  text: string,
  { status, type }: { status: number; type: string },
): Response {
  return c.body(text, status as ContentfulStatusCode, {
    "Content-Type": type,
    "Cache-Control": "no-store",
    // Said here, it holds for HEAD as well.
    "Content-Length": String(Buffer.byteLength(text)),
  });
}
