import { Agent, type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestTls, Agent as TlsAgent } from "node:https";
import type { ForgeTarget } from "../../../shared/connections/forge-target.ts";
import type { Secrets } from "../../../shared/connections/schema.ts";
import { Failure } from "../../../shared/contract/index.ts";
import { allowedLookup, requireAllowedHost } from "../../connections/addresses.ts";
import { readSettingsFile } from "../../connections/files.ts";
import { requireHeaderName } from "../../connections/headers.ts";
import { followContact } from "../../sockets/request-contact.ts";
import { transportFailure } from "./transport-failure.ts";

/** One request; `path` is below the base address and already encoded. */
export interface HttpRequest {
  method: "GET" | "POST";
  path: string;
  /** JSON text; without it the request has no body and no content type. */
  body?: string | undefined;
  timeoutMs?: number | undefined;
}

export interface HttpResponse {
  status: number;
  contentType: string;
  location?: string;
  text: string;
}

/** Servers refuse larger bodies (forge-jobs §3). */
const bodyLimitBytes = 2_097_152;
const responseLimitBytes = 128 * 1024 * 1024;

/** HTTP to one server, and to nowhere else: no redirect is followed, no proxy setting of the environment is used. */
export class HttpTransport {
  private readonly base: URL;
  private readonly agent: Agent;
  private readonly authority: Buffer | undefined;

  /** Throws `invalid_input` where the authority's file cannot be read, or the secret cannot be in a header. */
  constructor(
    private readonly target: ForgeTarget,
    private readonly secrets: Secrets,
  ) {
    this.base = new URL(target.url.replace(/\/+$/, ""));
    this.authority = target.caFile === undefined ? undefined : readSettingsFile("CA file", target.caFile);
    requireHeaderName(target);
    this.refuseUnsendable();
    const options = { keepAlive: true, maxSockets: 8, lookup: allowedLookup };
    this.agent = this.isTls ? new TlsAgent({ ...options, ca: this.authority }) : new Agent(options);
  }

  /** The address without credentials. */
  get address(): string {
    return `${this.base.origin}${this.base.pathname.replace(/\/+$/, "")}`;
  }

  /** Texts that must not be shown: the secrets, and user and password as they are sent together. */
  get hidden(): string[] {
    const { authorization = "" } = this.authorization();
    return [...authorization.split(" ").slice(1), ...Object.values(this.secrets)];
  }

  get isTls(): boolean {
    return this.base.protocol === "https:";
  }

  /** Sends a read on a shared socket; one that went stale meanwhile is replaced once, for reads may be repeated. */
  async read(request: HttpRequest): Promise<HttpResponse> {
    try {
      return await this.exchange(request, this.agent);
    } catch (error) {
      if (error instanceof Failure && error.details?.staleSocket === true)
        return this.exchange(request, this.agent);
      throw error;
    }
  }

  /** Sends a command on a socket of its own, so that "refused" means that nobody received it. */
  act(request: HttpRequest): Promise<HttpResponse> {
    const own = this.isTls
      ? new TlsAgent({ ca: this.authority, lookup: allowedLookup })
      : new Agent({ lookup: allowedLookup });
    return this.exchange(request, own).finally(() => own.destroy());
  }

  close(): void {
    this.agent.destroy();
  }

  private exchange(request: HttpRequest, agent: Agent): Promise<HttpResponse> {
    const body = request.body === undefined ? undefined : Buffer.from(request.body);
    if (body && body.length > bodyLimitBytes) return Promise.reject(tooLarge(body.length));
    const timeoutMs = request.timeoutMs ?? this.target.requestTimeoutMs;
    const options = { method: request.method, agent, headers: this.headers(body) };
    const address = `${this.address}${request.path}`;
    return new Promise((resolve, reject) => {
      requireAllowedHost(this.base.hostname);
      const send = this.isTls ? requestTls : requestPlain;
      const outgoing = send(address, options);
      const contact = followContact(outgoing);
      const fail = (error: unknown): void => {
        clearTimeout(timer);
        outgoing.destroy();
        reject(
          transportFailure(error, {
            address: this.address,
            connected: contact.made,
            hidden: this.hidden,
            stale: outgoing.reusedSocket,
          }),
        );
      };
      const timer = setTimeout(() => fail(timedOut), timeoutMs);
      const timedOut = Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: "TIMEOUT" });
      outgoing.on("error", fail);
      outgoing.on("response", (response) => {
        void readAll(response).then((text) => {
          clearTimeout(timer);
          resolve(responseOf(response, text));
        }, fail);
      });
      outgoing.end(body);
    });
  }

  private headers(body: Buffer | undefined): Record<string, string | number> {
    const headers: Record<string, string | number> = {
      accept: "application/json, text/plain",
      ...this.authorization(),
    };
    if (!body) return headers;
    return { ...headers, "content-type": "application/json", "content-length": body.length };
  }

  /** Such as a token that was copied with the end of its line. */
  private refuseUnsendable(): void {
    const values = Object.values(this.authorization());
    if (values.every((value) => /^[\x20-\x7e\x80-\xff]*$/.test(value))) return;
    throw new Failure({
      code: "invalid_input",
      message: "The connection's secret has a line break or another character that no header can carry.",
      details: { fields: [{ path: "secrets", message: "not for a header" }], delivered: false },
      hint: "Enter the secret again, without what stands around it.",
    });
  }

  private authorization(): Record<string, string> {
    const { authentication } = this.target;
    switch (authentication.method) {
      case "bearer":
        return { authorization: `Bearer ${this.secrets.token ?? ""}` };
      case "basic": {
        const pair = `${authentication.user}:${this.secrets.password ?? ""}`;
        return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
      }
      case "header":
        return { [authentication.name.toLowerCase()]: this.secrets.header ?? "" };
      default:
        return {};
    }
  }
}

function responseOf(response: IncomingMessage, text: string): HttpResponse {
  const { location } = response.headers;
  return {
    status: response.statusCode ?? 0,
    contentType: (response.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "",
    ...(location !== undefined && { location }),
    text,
  };
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > responseLimitBytes)
      throw Object.assign(new Error("the answer is too large"), { code: "TOO_LARGE" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function tooLarge(bytes: number): Failure {
  return new Failure({
    code: "invalid_input",
    message: `The request has ${bytes} bytes; the server takes ${bodyLimitBytes} at most.`,
    details: { bytes, limit: bodyLimitBytes, delivered: false },
    hint: "Use a smaller payload, or fewer jobs at a time.",
  });
}
