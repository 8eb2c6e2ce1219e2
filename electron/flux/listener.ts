import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { FluxTarget } from "../../shared/connections/flux-target.ts";
import { DaemonSocket } from "./daemon-socket.ts";
import { readBody } from "./http-body.ts";
import { type ListenerLimits, MinuteCounter } from "./limits.ts";
import { listeningFailure, readCertificate } from "./listener-files.ts";
import { routeOf } from "./listener-routes.ts";
import { Refusals } from "./refusals.ts";
import { ownerOf, tokenOf } from "./tokens.ts";

type Holder = FluxTarget["daemons"][number];

export interface ListenerParts {
  target: Pick<FluxTarget, "host" | "port" | "certificateFile" | "keyFile">;
  limits: ListenerLimits;
  /** Who may come in now. */
  holders(): readonly Holder[];
  /** A daemon has registered; `end` tells when and why this connection is over. */
  onDaemon(daemonId: string, socket: DaemonSocket): (reason: string) => void;
  /** A daemon has posted an event, as text; it is answered whatever comes of it. */
  onEvent(daemonId: string, body: string): void;
  onChange(): void;
  now(): number;
}

/** The server that daemons dial: six registration paths and the endpoint for events (flux-rpc §1). */
export class Listener {
  readonly refusals: Refusals;
  droppedEvents = 0;
  readonly #parts: ListenerParts;
  readonly #sockets = new Set<DaemonSocket>();
  readonly #failures: MinuteCounter;
  readonly #events: MinuteCounter;
  #server: Server | undefined;
  #websockets: WebSocketServer | undefined;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
    this.refusals = new Refusals(parts.now);
    this.#failures = new MinuteCounter(parts.now);
    this.#events = new MinuteCounter(parts.now);
  }

  get socketCount(): number {
    return this.#sockets.size;
  }

  /** Base address for `--connect`, once it listens. */
  get url(): string {
    const { host, certificateFile } = this.#parts.target;
    const address = this.#server?.address() as AddressInfo | undefined;
    const port = address?.port ?? this.#parts.target.port;
    // Nobody can dial "every address": the machine's own name stands for it.
    const name = host === "0.0.0.0" || host === "::" ? hostname() : host;
    return `${certificateFile ? "wss" : "ws"}://${name.includes(":") ? `[${name}]` : name}:${port}`;
  }

  /** Resolves when daemons can come. Throws a Failure that names the file or the address at fault. */
  async open(): Promise<void> {
    const { target, limits } = this.#parts;
    const certificate = await readCertificate(target);
    const server = certificate ? createTlsServer(certificate) : createServer();
    server.maxConnections = limits.sockets;
    server.headersTimeout = 10_000;
    server.requestTimeout = 30_000;
    // Compression is not negotiated: the Go ends have none (flux-rpc §1.6).
    this.#websockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: limits.messageBytes,
    });
    server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    server.on("request", (request, response) => void this.#request(request, response));
    server.on("clientError", (_error, socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) => reject(listeningFailure(error, target)));
      server.listen(target.port, target.host, resolve);
    });
    this.#server = server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    for (const socket of this.#sockets) socket.close("the console stopped listening");
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 300).unref();
    for (const client of this.#websockets?.clients ?? []) setTimeout(() => client.terminate(), 300).unref();
    await closed;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const route = routeOf(request.url);
    const owner = ownerOf(tokenOf(request.headers.authorization), this.#parts.holders());
    if (!owner || request.headers.origin !== undefined) {
      this.#refuse(request, owner ? "a web page tried to connect" : tokenProblem(request));
      // 401, never 410: that would end the daemon's process (flux-rpc §1.5).
      if (this.#mayAnswer(request)) answerSocket(socket, "401 Unauthorized");
      else socket.destroy();
      return;
    }
    if (route.kind !== "register") {
      this.#refuse(
        request,
        route.kind === "unsupported" ? `protocol V${route.protocol} is not spoken here` : "no such path",
      );
      answerSocket(socket, "404 Not Found");
      return;
    }
    this.#websockets?.handleUpgrade(request, socket, head, (websocket) => {
      let onEnd: (reason: string) => void = () => undefined;
      const daemon = new DaemonSocket(
        websocket,
        {
          protocol: route.protocol,
          userAgent: (request.headers["user-agent"] ?? "").slice(0, 200),
          remoteAddress: addressOf(request),
        },
        {
          limits: this.#parts.limits,
          now: this.#parts.now,
          onEnd: (reason) => {
            this.#sockets.delete(daemon);
            onEnd(reason);
          },
        },
      );
      this.#sockets.add(daemon);
      onEnd = this.#parts.onDaemon(owner.id, daemon);
    });
  }

  async #request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const owner = ownerOf(tokenOf(request.headers.authorization), this.#parts.holders());
    if (!owner) {
      this.#refuse(request, tokenProblem(request));
      if (this.#mayAnswer(request)) answer(response, 401);
      else request.socket.destroy();
      return;
    }
    const { kind } = routeOf(request.url);
    if (kind === "events" && request.method === "POST") return this.#event(owner.id, request, response);
    this.#refuse(request, kind === "register" ? "this path wants a websocket" : "no such path");
    answer(response, kind === "register" ? 426 : 404);
  }

  async #event(daemonId: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, this.#parts.limits.eventBytes);
    if (body === undefined) {
      this.#refuse(request, "the event is larger than allowed");
      answer(response, 413);
      return;
    }
    if (this.#events.count(daemonId) > this.#parts.limits.eventsPerMinute) {
      this.droppedEvents++;
      this.#parts.onChange();
    } else this.#parts.onEvent(daemonId, body);
    answer(response, 204);
  }

  #refuse(request: IncomingMessage, reason: string): void {
    const path = (request.url ?? "").split("?", 1)[0]?.slice(0, 100) ?? "";
    this.refusals.add({ remoteAddress: addressOf(request), path, reason });
    this.#parts.onChange();
  }

  /** A flood of wrong tokens is cut off; a right token is let in all the same. */
  #mayAnswer(request: IncomingMessage): boolean {
    return this.#failures.count(addressOf(request)) <= this.#parts.limits.refusalsPerMinute;
  }
}

function tokenProblem(request: IncomingMessage): string {
  return tokenOf(request.headers.authorization) === undefined ? "no token" : "unknown token";
}

function addressOf(request: IncomingMessage): string {
  // A socket that is gone already has no address any more.
  return (request.socket?.remoteAddress ?? "unknown").replace(/^::ffff:/, "");
}

function answer(response: ServerResponse, status: number): void {
  if (status >= 400) response.setHeader("Connection", "close");
  response.statusCode = status;
  response.end();
}

function answerSocket(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
