import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { hostname } from "node:os";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { FluxTarget } from "../../../shared/connections/flux-target.ts";
import { SocketPlaces } from "../../sockets/socket-places.ts";
import { listeningFailure } from "../../upstream/network-cause.ts";
import { DaemonSocket } from "../client/daemon-socket.ts";
import { brokenReason, type ConnectionError, onHandshakeLeft } from "./broken-connection.ts";
import { readBody } from "./http-body.ts";
import { type ListenerLimits, MinuteCounter } from "./limits.ts";
import { readCertificate } from "./listener-files.ts";
import { routeOf } from "./listener-routes.ts";
import { Refusals } from "./refusals.ts";
import { SplittingSocket } from "./splitting-socket.ts";
import { ownerOf, tokenOf } from "./tokens.ts";

/** A piece of a message is what came at once from the network, which is never so much. */
const pieceBytes = 1024 * 1024;

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
  /** Sockets that were closed because they showed no token in time, or were too many. */
  evicted = 0;
  readonly #parts: ListenerParts;
  readonly #places: SocketPlaces;
  readonly #sockets = new Set<DaemonSocket>();
  readonly #failures: MinuteCounter;
  readonly #events: MinuteCounter;
  #opening: Promise<void> | undefined;
  #server: Server | undefined;
  #websockets: WebSocketServer | undefined;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
    this.refusals = new Refusals(parts.now);
    this.#failures = new MinuteCounter(parts.now);
    this.#events = new MinuteCounter(parts.now);
    this.#places = this.#newPlaces();
  }

  get socketCount(): number {
    return this.#sockets.size;
  }

  /** Sockets that have shown no token yet. */
  get strangers(): number {
    return this.#places.strangers;
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
  open(): Promise<void> {
    this.#opening = this.#open();
    return this.#opening;
  }

  async close(): Promise<void> {
    // Nobody could close what only then begins to listen.
    await this.#opening?.catch(() => undefined);
    const server = this.#server;
    for (const socket of this.#sockets) socket.close("the console stopped listening");
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    setTimeout(() => this.#places.close(), 300).unref();
    await closed;
  }

  async #open(): Promise<void> {
    const { target, limits } = this.#parts;
    const certificate = await readCertificate(target);
    const timeouts = {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      connectionsCheckingInterval: 2_000,
    };
    const server = certificate
      ? createTlsServer({ ...timeouts, ...certificate, handshakeTimeout: limits.strangerMs })
      : createServer(timeouts);
    server.on("connection", (socket) => this.#places.admit(socket));
    if (certificate)
      onHandshakeLeft(server, (address) => {
        const reason = "it broke the TLS handshake off: it may not trust the certificate";
        this.refusals.add({ remoteAddress: plainAddress(address), path: "", reason });
        this.#parts.onChange();
      });
    // Compression is not negotiated: the Go ends have none (flux-rpc §1.6).
    this.#websockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: pieceBytes,
      // Pieces of a text, which is passed over, may be cut amid a character.
      skipUTF8Validation: true,
    });
    server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    server.on("request", (request, response) => void this.#request(request, response));
    server.on("clientError", (error, socket) => this.#clientError(error, socket));
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) => reject(listeningFailure(error, target)));
      server.listen(target.port, target.host, resolve);
    });
    this.#server = server;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const route = routeOf(request.url);
    const { owner, problem } = this.#ownerOf(request);
    if (!owner) {
      this.#refuse(request, problem);
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
    if (!this.#places.trust(request.socket, owner.id)) {
      this.#refuse(request, "too many daemons are connected from this address");
      answerSocket(socket, "503 Service Unavailable");
      return;
    }
    const pieces = new SplittingSocket(request.socket, head);
    this.#websockets?.handleUpgrade(request, pieces, Buffer.alloc(0), (websocket) => {
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
    const { owner, problem } = this.#ownerOf(request);
    if (!owner) {
      this.#refuse(request, problem);
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
    // Beside its websocket, so that many events at once do not cost a daemon its connection.
    this.#places.trust(request.socket, `events of ${daemonId}`);
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

  /** Whose request it is, or why it is nobody's. No daemon has an Origin; a web page cannot leave it out. */
  #ownerOf({ headers }: IncomingMessage): { owner?: Holder | undefined; problem: string } {
    if (headers.origin !== undefined) return { problem: "a web page tried to connect" };
    const token = tokenOf(headers.authorization);
    const owner = ownerOf(token, this.#parts.holders());
    return { owner, problem: token === undefined ? "no token" : "unknown token" };
  }

  #newPlaces(): SocketPlaces {
    const { sockets, strangersPerAddress, trustedPerAddress, socketsPerDaemon, strangerMs } =
      this.#parts.limits;
    return new SocketPlaces(
      { total: sockets, strangersPerAddress, trustedPerAddress, perCaller: socketsPerDaemon, strangerMs },
      (remoteAddress, why) => {
        this.evicted++;
        const reason = why === "too slow" ? "no token in time" : "too many sockets";
        this.refusals.add({ remoteAddress: plainAddress(remoteAddress), path: "", reason });
        this.#parts.onChange();
      },
    );
  }

  /** What is no request, or comes too slowly, over TLS also what is no handshake. */
  #clientError(error: ConnectionError, socket: Duplex): void {
    const remoteAddress = plainAddress((socket as Socket).remoteAddress);
    const reason = brokenReason(error);
    socket.destroy();
    if (reason === undefined) return;
    this.refusals.add({ remoteAddress, path: "", reason });
    this.#parts.onChange();
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

function addressOf(request: IncomingMessage): string {
  return plainAddress(request.socket?.remoteAddress);
}

function plainAddress(remoteAddress: string | undefined): string {
  // A socket that is gone already has no address any more.
  return (remoteAddress ?? "unknown").replace(/^::ffff:/, "");
}

function answer(response: ServerResponse, status: number): void {
  if (status >= 400) response.setHeader("Connection", "close");
  response.statusCode = status;
  response.end();
}

/** The last word on a socket: its other end may never read nor close, and no time limit of HTTP holds any more. */
function answerSocket(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
