import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { Failure } from "../../../shared/contract/index.ts";
import { allowedLookup, requireAllowedHost } from "../../connections/addresses.ts";
import { withoutHidden } from "../../connections/hidden-texts.ts";
import { followContact } from "../../sockets/request-contact.ts";
import { closedFailure, isReset, noAnswer, tooLate } from "./exchange-failure.ts";

/** One request to the server; the path is given in segments, which are encoded here. */
export interface HttpRequest {
  method: "GET" | "POST" | "PUT";
  segments: readonly string[];
  query?: Record<string, string | number | undefined>;
  /** Sent as JSON. */
  body?: unknown;
  timeoutMs?: number;
  /** What it carries and no answer may bring back, beside the token. */
  hidden?: readonly string[];
}

export interface HttpAnswer {
  /** How it was asked: what was only read is not carried out later. */
  method: HttpRequest["method"];
  status: number;
  contentType: string;
  body: Buffer;
}

export interface HttpExchangeOptions {
  /** Base address; trailing slashes are taken off, a path in front is kept (flowfabric-admin §5.1). */
  url: string;
  token?: string | undefined;
  timeoutMs: number;
  /** Certificate authority, PEM. */
  ca?: string | undefined;
}

const largestAnswer = 32 * 1024 * 1024;
const connectionsAtOnce = 16;

/** Sends requests to one server and brings back whatever it answers; throws a Failure only where no answer came. */
export class HttpExchange {
  readonly base: string;
  private readonly agent: HttpAgent;
  private readonly headers: Record<string, string>;
  private closed = false;

  /** Throws `invalid_input` for a token that no header can carry (flowfabric-admin §5.1). */
  constructor(private readonly options: HttpExchangeOptions) {
    this.base = options.url.replace(/\/+$/, "");
    const settings = { keepAlive: true, maxSockets: connectionsAtOnce, lookup: allowedLookup };
    this.agent = this.base.startsWith("https:")
      ? new HttpsAgent({ ...settings, ...(options.ca !== undefined && { ca: options.ca }) })
      : new HttpAgent(settings);
    this.headers =
      options.token === undefined ? {} : { authorization: `Bearer ${checkedToken(options.token)}` };
  }

  /** The address of a request, as it is sent and as people may read it. */
  address(request: Pick<HttpRequest, "segments" | "query">): string {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(request.query ?? {}))
      if (value !== undefined) query.set(name, String(value));
    const text = query.toString();
    return `${this.base}/${request.segments.map(encodeSegment).join("/")}${text && `?${text}`}`;
  }

  async send(request: HttpRequest): Promise<HttpAnswer> {
    try {
      return await this.once(request);
    } catch (error) {
      // A kept connection may have been closed by the other side at that very moment; reading again is harmless.
      if (request.method !== "GET" || !isReset(error)) throw error;
      return this.once(request);
    }
  }

  /** Breaks off what is under way, and refuses what comes later. */
  close(): void {
    this.closed = true;
    this.agent.destroy();
  }

  private once(request: HttpRequest): Promise<HttpAnswer> {
    const address = this.address(request);
    const timeoutMs = request.timeoutMs ?? this.options.timeoutMs;
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers = {
      ...this.headers,
      accept: "application/json",
      ...(body !== undefined && {
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(body)),
      }),
    };
    const hidden = [this.options.token ?? "", ...(request.hidden ?? [])];
    return new Promise((resolve, reject) => {
      if (this.closed) throw closedFailure(this.base);
      requireAllowedHost(new URL(address).hostname);
      const start = address.startsWith("https:") ? httpsRequest : httpRequest;
      const outgoing = start(address, { method: request.method, headers, agent: this.agent });
      const contact = followContact(outgoing);
      const end = (finish: () => void): void => {
        clearTimeout(timer);
        finish();
      };
      const giveUp = (): void => {
        // The client tells of the end of a request that waits for a connection only when it gets one.
        const reading = request.method === "GET";
        end(() => reject(tooLate(this.base, timeoutMs, { connected: contact.made, reading })));
        outgoing.destroy();
      };
      const timer = setTimeout(giveUp, timeoutMs);
      outgoing.on("error", (error) => end(() => reject(noAnswer(error, this.base, contact.made))));
      outgoing.on("response", (incoming) => {
        readAll(incoming, request.method).then(
          (answer) => end(() => resolve(withoutEchoes(answer, hidden))),
          (error: Error) => end(() => reject(noAnswer(error, this.base, true))),
        );
      });
      outgoing.end(body);
    });
  }
}

function checkedToken(token: string): string {
  if (token.trim() !== "" && /^[\x20-\x7e]+$/.test(token)) return token;
  throw new Failure({
    code: "invalid_input",
    message: "token: it is empty, or has characters that no HTTP header can carry.",
    details: { fields: [{ path: "token", message: "not valid in an HTTP header" }], delivered: false },
    hint: "Enter the token again, or choose a connection without one.",
  });
}

/** Percent-encodes one segment; `.` and `..` would change the path and are refused (flowfabric-admin §5.2). */
function encodeSegment(segment: string): string {
  if (segment === "" || segment === "." || segment === "..")
    throw new Failure({
      code: "invalid_input",
      message: `An id in the address must not be "${segment}".`,
      details: { delivered: false },
    });
  return encodeURIComponent(segment).replaceAll("%3A", ":");
}

async function readAll(incoming: IncomingMessage, method: HttpAnswer["method"]): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size > largestAnswer) {
      incoming.destroy();
      throw new Failure({
        code: "upstream_invalid",
        message: `The server's answer is larger than ${largestAnswer / 1024 / 1024} MiB.`,
      });
    }
    chunks.push(chunk as Buffer);
  }
  return {
    method,
    status: incoming.statusCode ?? 0,
    contentType: incoming.headers["content-type"] ?? "",
    body: Buffer.concat(chunks),
  };
}

/** What a server or a proxy says about a failure is shown and recorded, and some repeat what they were sent. */
function withoutEchoes(answer: HttpAnswer, hidden: readonly string[]): HttpAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  // A byte is a character here, so that nothing else changes.
  const text = withoutHidden(answer.body.toString("latin1"), hidden);
  return { ...answer, body: Buffer.from(text, "latin1") };
}
