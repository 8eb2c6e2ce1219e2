import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import {
  type CallContext,
  Failure,
  failureStatus,
  type Operation,
  type Operations,
} from "../../shared/contract/index.ts";
import { SocketPlaces } from "../sockets/socket-places.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { EventHub } from "./event-hub.ts";
import type { HttpAccess } from "./http-access.ts";
import { readBody } from "./http-body.ts";
import { type Exchange, readOptions } from "./http-exchange.ts";
import { HttpInput, readQuery } from "./http-input.ts";
import { checkOrigin, checkSite } from "./http-origin.ts";
import { protectiveHeaders, sendFailure, sendJson, sendText } from "./http-reply.ts";
import { type Route, RouteTable } from "./http-routes.ts";
import { closeOwnSession, describeCaller, openSession, sessionPath } from "./http-session.ts";
import { Slots } from "./http-slots.ts";
import { TopicStreams } from "./http-stream.ts";
import { openApiDocument } from "./openapi.ts";

const mostCalls = 64;
const mostStreams = 32;
// A browser uses six, and each open file is one less for the databases.
const mostSockets = 256;

export interface HttpParts {
  operations: Operations;
  dispatcher: Dispatcher;
  hub: EventHub;
  access: HttpAccess;
  version: string;
  /** The port that is listened on; the Host header is held against it. */
  port(): number;
  /** Serves the renderer's files; absent where only the interface is wanted. */
  pages?: RequestListener;
}

/** What a server is made of. */
export interface HttpService {
  /** Answers each request; never throws. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Takes each new socket in. */
  admit(socket: Socket): void;
}

type Target = (exchange: Exchange) => Promise<void> | void;

/**
 * The HTTP adapter: the same operations, the same dispatcher, JSON in and out. It works on Node's own requests: objects
 * of the fetch standard for request, reply and headers would take as long again as all the rest of a small call.
 */
export function httpService(parts: HttpParts): HttpService {
  const sockets = new SocketPlaces({ total: mostSockets });
  const routes = routeTable(parts);
  return {
    admit: (socket) => sockets.admit(socket),
    answer: async (request, response) => {
      try {
        checkOrigin(request.headers.host, request.headers.origin, parts.port());
        const { path, query } = targetOf(request);
        if (!path.startsWith("/api/")) return answerPage(parts, request, response);
        checkSite(request.headers["sec-fetch-site"]);
        if (path === sessionPath && request.method === "POST")
          return sendJson(response, await openSession(request, parts.access));
        const caller = parts.access.identify(request.headers.authorization);
        sockets.trust(request.socket);
        const { target, fields } = routes.find(request.method ?? "", path);
        await target({ request, response, fields, query: readQuery(query), caller });
      } catch (error) {
        sendFailure(request, response, error);
      }
    },
  };
}

function routeTable(parts: HttpParts): RouteTable<Target> {
  const callSlots = new Slots(mostCalls);
  const operations = Object.entries(parts.operations).map(([name, operation]) => ({
    method: operation.method,
    path: `/api${operation.path}`,
    target: operationTarget(parts, callSlots, name, operation),
  }));
  return new RouteTable([
    documentRoute(parts),
    ...sessionRoutes(parts.access),
    ...streamRoutes(parts),
    ...operations,
  ]);
}

function documentRoute({ operations, version }: HttpParts): Route<Target> {
  let document: unknown;
  const target: Target = ({ response }) => {
    document ??= openApiDocument(operations, version);
    sendJson(response, document);
  };
  return { method: "GET", path: "/api/openapi.json", target };
}

function sessionRoutes(access: HttpAccess): Route<Target>[] {
  const describe: Target = ({ response, caller }) => sendJson(response, describeCaller(caller));
  const close: Target = ({ response, caller }) => sendJson(response, closeOwnSession(access, caller));
  return [
    { method: "GET", path: sessionPath, target: describe },
    { method: "DELETE", path: sessionPath, target: close },
  ];
}

function streamRoutes({ hub, access }: HttpParts): Route<Target>[] {
  const streams = new TopicStreams(hub, access);
  const slots = new Slots(mostStreams);
  const open: Target = (exchange) => slots.within(() => streams.open(exchange));
  const change: Target = async ({ request, response, fields, caller }) => {
    streams.change(caller, fields.id ?? "", await readBody(request));
    sendJson(response, {});
  };
  return [
    { method: "GET", path: "/api/stream", target: open },
    { method: "POST", path: "/api/stream/{id}", target: change },
  ];
}

function operationTarget(
  { dispatcher }: HttpParts,
  slots: Slots,
  name: string,
  operation: Operation,
): Target {
  const reader = new HttpInput(operation);
  return async ({ request, response, fields, query, caller }) => {
    // Before a slot is taken: a body that comes slowly must not keep others waiting.
    const body = await readBody(request);
    const input = reader.merge({ body, query, path: fields });
    const options = readOptions(request);
    const context: CallContext = { transport: "http", actor: caller.actor, scope: caller.scope, caller };
    const reply = await slots.within(() => dispatcher.call(name, input, options, context));
    if (!reply.ok) sendJson(response, reply.failure, failureStatus[reply.failure.code]);
    else if (operation.kind === "query" && operation.download) sendFile(response, reply.output);
    else sendJson(response, reply.output);
  };
}

function targetOf({ url = "" }: IncomingMessage): { path: string; query: string } {
  if (!url.startsWith("/")) {
    throw new Failure({ code: "invalid_input", message: "The request has to name a path of this console." });
  }
  const mark = url.indexOf("?");
  return mark < 0 ? { path: url, query: "" } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

function answerPage({ pages }: HttpParts, request: IncomingMessage, response: ServerResponse): void {
  if (pages) pages(request, response);
  else throw new Failure({ code: "not_found", message: "There are no pages here." });
}

function sendFile(response: ServerResponse, output: unknown): void {
  const { fileName, mediaType, text } = output as { fileName: string; mediaType: string; text: string };
  const disposition = `attachment; filename="${fileName.replace(/[^\w.-]/g, "_")}"`;
  const headers = [
    "Content-Type",
    mediaType,
    "Content-Disposition",
    disposition,
    "Cache-Control",
    "no-store",
    ...protectiveHeaders,
  ];
  sendText(response, { status: 200, headers, text });
}
