import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { refuseForeign } from "../kit/access.ts";
import { Faults } from "../kit/faults.ts";
import { closeAtOnce, decodeSegment, listen, matchPath, type PathParameter } from "../kit/http.ts";
import { FrameworkError } from "./extractor.ts";
import { answerFault, type ForgeFault } from "./faults.ts";
import { type ForgeVersion, isAtLeast, type Route } from "./route.ts";
import { cronRoutes } from "./routes-cron.ts";
import { Endless, jobRoutes, Panic } from "./routes-jobs.ts";
import { queueRoutes } from "./routes-queues.ts";
import { seriesRoutes } from "./routes-series.ts";
import type { ForgeStore } from "./store.ts";
import { type Answer, send } from "./wire.ts";

export interface ForgeServerOptions {
  version: ForgeVersion;
  /** Where the routes are mounted, such as `/ops/queue`. */
  basePath?: string;
  /** What a proxy in front asks for: the exact value of this header. */
  requires?: { header: string; value: string };
  tls?: { certificate: string; key: string };
  port?: number;
}

const allRoutes: readonly Route[] = [...queueRoutes, ...jobRoutes, ...cronRoutes, ...seriesRoutes];
const readLimit = 8 * 1024 * 1024;

/** The HTTP side of a forge-jobs server. */
export class ForgeServer {
  readonly faults = new Faults<ForgeFault>();
  /** Answers that are held back at this moment. */
  held = 0;
  /** Every request that came, newest last. */
  readonly requests: { method: string; path: string; headers: IncomingMessage["headers"] }[] = [];
  readonly #store: ForgeStore;
  readonly #options: ForgeServerOptions;
  readonly #routes: readonly Route[];
  #server: Server | undefined;
  #port: number;

  constructor(store: ForgeStore, options: ForgeServerOptions) {
    this.#store = store;
    this.#options = options;
    this.#port = options.port ?? 0;
    this.#routes = allRoutes.filter(({ since }) => isAtLeast(options.version, since));
  }

  get url(): string {
    const scheme = this.#options.tls ? "https" : "http";
    return `${scheme}://127.0.0.1:${this.#port}${this.#options.basePath ?? ""}`;
  }

  get running(): boolean {
    return this.#server !== undefined;
  }

  /** Listens, on the port of the last time where there was one. */
  async start(): Promise<void> {
    const handle = (request: IncomingMessage, response: ServerResponse): void =>
      void this.#handle(request, response);
    const { tls } = this.#options;
    const server = tls
      ? createTlsServer({ cert: tls.certificate, key: tls.key }, handle)
      : createServer(handle);
    this.#port = await listen(server, this.#port);
    this.#server = server;
  }

  /** Ends at once, as a killed process does: open requests get no answer. */
  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server) await closeAtOnce(server);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (refuseForeign(request, response)) return;
    const [target = "/", query = ""] = (request.url ?? "/").split("?");
    this.requests.push({ method: request.method ?? "", path: target, headers: request.headers });
    if (this.requests.length > 1_000) this.requests.shift();
    const body = await readAll(request);
    if (!body) return;
    const path = this.#pathBelow(target);
    if (path === undefined) return send(response, { kind: "empty", status: 404 }, false);
    if (!this.#admits(request)) {
      response.writeHead(401, { "content-type": "text/html" });
      response.end("<html>sign in</html>");
      return;
    }
    const fault = this.faults.takeFirst((each) => path.startsWith(each.path ?? "/"));
    if (fault && answerFault(fault, request, response)) return;
    const answer = this.#answer(request, { path, query: new URLSearchParams(query), body });
    this.#deliver(answer, { request, response, fault });
  }

  #deliver(
    answer: Answer | "dropped" | "endless",
    {
      request,
      response,
      fault,
    }: { request: IncomingMessage; response: ServerResponse; fault: ForgeFault | undefined },
  ): void {
    if (answer === "endless") return;
    if (fault?.kind === "dropAfter" || answer === "dropped") {
      request.socket.destroy();
      return;
    }
    const cut = fault?.kind === "truncated" && answer.kind === "json";
    const shown = cut ? { ...answer, text: answer.text.slice(0, -2) } : answer;
    const deliver = (): void => send(response, shown, request.method === "HEAD");
    if (fault?.kind === "slow") this.#holdBack(deliver, fault.milliseconds ?? 1_000);
    else deliver();
  }

  #holdBack(deliver: () => void, milliseconds: number): void {
    this.held += 1;
    const release = (): void => {
      this.held -= 1;
      deliver();
    };
    setTimeout(release, milliseconds).unref();
  }

  #pathBelow(target: string): string | undefined {
    const base = this.#options.basePath ?? "";
    return target.startsWith(`${base}/`) ? target.slice(base.length) : undefined;
  }

  #admits(request: IncomingMessage): boolean {
    const { requires } = this.#options;
    return !requires || request.headers[requires.header.toLowerCase()] === requires.value;
  }

  #answer(
    request: IncomingMessage,
    { path, query, body }: { path: string; query: URLSearchParams; body: Buffer },
  ): Answer | "dropped" | "endless" {
    const method = request.method === "HEAD" ? "GET" : (request.method ?? "");
    const candidates = this.#routes.flatMap((route) => {
      const parameters = matchPath(route.path, path);
      return parameters ? [{ route, parameters }] : [];
    });
    const [first] = candidates;
    if (!first) return { kind: "empty", status: 404 };
    const found = candidates.find(({ route }) => route.method === method);
    if (!found)
      return { kind: "empty", status: 405, allow: first.route.method === "GET" ? "GET,HEAD" : "POST" };
    try {
      return found.route.answer({
        store: this.#store,
        version: this.#options.version,
        parameters: found.parameters.map(decodeParameter),
        query,
        contentType: request.headers["content-type"],
        body,
      });
    } catch (error) {
      if (error instanceof FrameworkError) return { kind: "text", status: error.status, text: error.message };
      if (error instanceof Endless) return "endless";
      if (error instanceof Panic) return "dropped";
      throw error;
    }
  }
}

function decodeParameter({ name, segment }: PathParameter): string {
  const text = decodeSegment(segment);
  if (text === undefined) throw new FrameworkError(400, `Invalid URL: Invalid UTF-8 in \`${name}\``);
  return text;
}

/** The whole body; undefined when the client went away. */
async function readAll(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length <= readLimit) chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch {
    return undefined;
  }
}
