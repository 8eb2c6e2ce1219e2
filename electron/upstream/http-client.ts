import { setMaxListeners } from "node:events";
import { Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../shared/contract/index.ts";
import { allowedLookup } from "./addresses.ts";
import { BrokenExchange, exchange } from "./http-exchange.ts";
import { HttpReply, type HttpRequest } from "./http-messages.ts";
import { type FailureKind, networkCause, networkFailure } from "./network-cause.ts";

export interface HttpClientOptions {
  /** Base address; a path in front is kept, trailing slashes are taken off. */
  url: string;
  /** How to sign in. */
  headers?: Record<string, string>;
  /** Texts that must not be shown. */
  hidden?: readonly string[];
  timeoutMs: number;
  /** Authority and client certificate, PEM. */
  tls?: { ca?: Buffer; cert?: Buffer; key?: Buffer };
  maxRequestBytes?: number;
  maxReplyBytes: number;
}

const socketsAtOnce = 16;

/** HTTP to one server, and to nowhere else: no redirect is followed, no proxy setting of the environment is used. */
export class HttpClient {
  /** The base address, without credentials. */
  readonly address: string;
  private readonly kept: Agent;
  private readonly own: Agent;
  private readonly life = new AbortController();
  /** When reads may go on, after the server asked for a pause; on the clock of `performance`. */
  private pausedUntil = 0;

  /** Throws `invalid_input` for a secret that no header can carry. */
  constructor(private readonly options: HttpClientOptions) {
    const { origin, pathname } = new URL(options.url);
    this.address = `${origin}${pathname}`.replace(/\/+$/, "");
    requireSendable(Object.values(options.headers ?? {}));
    const shared = { maxSockets: socketsAtOnce, lookup: allowedLookup };
    const agent = (keepAlive: boolean): Agent =>
      this.isTls
        ? new TlsAgent({ ...shared, keepAlive, ...options.tls })
        : new Agent({ ...shared, keepAlive });
    [this.kept, this.own] = [agent(true), agent(false)];
    // One for each request under way.
    setMaxListeners(0, this.life.signal);
  }

  get isTls(): boolean {
    return this.address.startsWith("https:");
  }

  /**
   * Sends a read on a kept socket, and once more where that turns out to have gone stale. A server that asks for a pause
   * gets it, as far as the request's time allows.
   */
  async read(request: HttpRequest): Promise<HttpReply> {
    const deadline = this.deadlineOf(request);
    for (;;) {
      await this.pause(deadline);
      const reply = await this.readOnce(request, deadline);
      const wait = reply.retryAfterMs;
      if (wait === undefined || performance.now() + wait >= deadline) return reply;
      this.pausedUntil = Math.max(this.pausedUntil, performance.now() + wait);
    }
  }

  /** Sends a command once, on a socket of its own: what became of it can be told, and it is never repeated from here. */
  async send(request: HttpRequest): Promise<HttpReply> {
    try {
      return await this.exchange(request, this.own, this.deadlineOf(request));
    } catch (error) {
      throw this.failure(error, request);
    }
  }

  /** Breaks off what is under way, and refuses what comes later. */
  close(): void {
    this.life.abort();
    this.kept.destroy();
    this.own.destroy();
  }

  private deadlineOf({ timeoutMs = this.options.timeoutMs }: HttpRequest): number {
    return performance.now() + timeoutMs;
  }

  private async pause(deadline: number): Promise<void> {
    const { signal } = this.life;
    // What would not fit into its time is not helped by waiting.
    for (let now = performance.now(); now < this.pausedUntil && this.pausedUntil < deadline; ) {
      await sleep(this.pausedUntil - now, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      now = performance.now();
    }
  }

  private async readOnce(request: HttpRequest, deadline: number): Promise<HttpReply> {
    try {
      return await this.exchange(request, this.kept, deadline).catch((error: unknown) => {
        if (error instanceof BrokenExchange && error.stale && causeOf(error) === "closed")
          return this.exchange(request, this.own, deadline);
        throw error;
      });
    } catch (error) {
      throw this.failure(error, request);
    }
  }

  private async exchange(request: HttpRequest, agent: Agent, deadline: number): Promise<HttpReply> {
    const { method, path } = request;
    const body = request.body === undefined ? undefined : Buffer.from(request.body);
    const { maxRequestBytes = Number.POSITIVE_INFINITY, maxReplyBytes } = this.options;
    if (body && body.length > maxRequestBytes) throw requestTooLarge(body.length, maxRequestBytes);
    const raw = await exchange({
      method,
      address: `${this.address}${path}`,
      headers: {
        accept: "application/json, text/plain",
        ...this.options.headers,
        ...(agent === this.own && { connection: "close" }),
        ...(body && { "content-type": "application/json", "content-length": body.length }),
      },
      body,
      agent,
      timeoutMs: Math.max(Math.ceil(deadline - performance.now()), 1),
      maxReplyBytes,
      signal: this.life.signal,
    });
    return new HttpReply(method, raw, this.hiddenOf(request));
  }

  private hiddenOf({ hidden = [] }: HttpRequest): readonly string[] {
    return [...(this.options.hidden ?? []), ...hidden];
  }

  private failure(error: unknown, request: HttpRequest): Failure {
    const cause = error instanceof BrokenExchange ? error.cause : error;
    return networkFailure(cause, {
      address: this.address,
      hidden: this.hiddenOf(request),
      dialect: [...dialect, tooLargeKind(this.options.maxReplyBytes)],
      ...(!mayBeDelivered(error) && { details: { delivered: false } }),
    });
  }
}

/** What only HTTP fails with. */
const dialect: readonly FailureKind[] = [
  {
    cause: "timeout",
    code: "unreachable",
    matches: /^CONNECT_TIMEOUT$/,
    message: "{address} could not be connected to in time.",
    hint: "Check the address, TLS, and whether a firewall drops the packets. Nothing was sent.",
  },
  {
    cause: "timeout",
    code: "timeout",
    matches: /^REPLY_TIMEOUT$/,
    message: "{address} did not answer in time.",
    hint: "It may still be working on it. Read the state again, or raise the connection's request time-out.",
  },
  {
    cause: "closed",
    code: "unreachable",
    matches: /^EXCHANGE_ABORTED$/,
    message: "The connection to {address} was closed.",
    hint: "Open the connection.",
  },
  {
    cause: "not-http",
    code: "upstream_invalid",
    matches: /^(HPE_.*|PROTOCOL_CHANGED)$/,
    message: "{address} does not speak HTTP, or only over TLS.",
    hint: "Check the address; is it https:// instead of http://?",
  },
];

function tooLargeKind(limit: number): FailureKind {
  return {
    cause: "too-large",
    code: "upstream_invalid",
    matches: /^REPLY_TOO_LARGE$/,
    message: `The answer of {address} is larger than ${limit / 1024 / 1024} MiB.`,
    hint: "The console reads no more at once. Ask for fewer rows.",
  };
}

/** Whether an error, with what is known of its connection, leaves open that the request arrived. */
function mayBeDelivered(error: unknown): boolean {
  if (!(error instanceof BrokenExchange) || !error.connected) return false;
  // Our side of the handshake is over before the server has asked in vain for a certificate, and it comes to no request.
  return causeOf(error) !== "tls-certificate";
}

function causeOf(error: BrokenExchange): string | undefined {
  return networkCause(error.cause, dialect)?.cause;
}

/** Refuses a secret such as a token that was copied with the end of its line. */
function requireSendable(values: readonly string[]): void {
  if (values.every((value) => /^[\x20-\x7e\x80-\xff]*$/.test(value))) return;
  throw new Failure({
    code: "invalid_input",
    message: "The connection's secret has a line break or another character that no HTTP header can carry.",
    details: { fields: [{ path: "secrets", message: "not valid in an HTTP header" }], delivered: false },
    hint: "Enter the secret again, without what stands around it.",
  });
}

function requestTooLarge(bytes: number, limit: number): Failure {
  return new Failure({
    code: "invalid_input",
    message: `The request has ${bytes} bytes; the server takes ${limit} at most.`,
    details: { bytes, limit, delivered: false },
    hint: "Use a smaller payload, or fewer items at a time.",
  });
}
