import {
  type Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestPlain,
} from "node:http";
import { request as requestTls } from "node:https";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { requireAllowedHost } from "./addresses.ts";

/** One request, and the socket that it is to go over. */
export interface Exchange {
  method: string;
  address: string;
  headers: Record<string, string | number>;
  body?: Buffer | undefined;
  agent: Agent;
  /** For all of it, to the last byte of the reply. */
  timeoutMs: number;
  maxReplyBytes: number;
  /** Breaks it off. */
  signal: AbortSignal;
}

export interface RawReply {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What an exchange itself fails with, beside the system, TLS and the parser. */
type ExchangeError =
  | "CONNECT_TIMEOUT"
  | "REPLY_TIMEOUT"
  | "REPLY_TOO_LARGE"
  | "PROTOCOL_CHANGED"
  | "EXCHANGE_ABORTED";

/** An exchange that brought no whole reply, and what may have become of its request. */
export class BrokenExchange extends Error {
  constructor(
    cause: unknown,
    /** Its connection stood, over TLS with the handshake behind it: before that, no byte of a request is sent. */
    readonly connected: boolean,
    /** It was written to a socket that an earlier request had left, and nothing came back. */
    readonly stale: boolean,
  ) {
    super("no whole reply", { cause });
  }
}

function problem(code: ExchangeError | "ETIMEDOUT", message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** Sends one request and reads its whole reply, whatever that is; throws a `BrokenExchange`. */
export function exchange(request: Exchange): Promise<RawReply> {
  const { address, method, headers, agent, body, timeoutMs, maxReplyBytes, signal } = request;
  return new Promise((resolve, reject) => {
    requireAllowedHost(new URL(address).hostname);
    if (signal.aborted) throw new BrokenExchange(aborted(), false, false);
    const send = address.startsWith("https:") ? requestTls : requestPlain;
    const outgoing = send(address, { method, headers, agent });
    const contact = followContact(outgoing);
    let isAnswered = false;
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    };
    const fail = (error: unknown): void => {
      end();
      const stale = outgoing.reusedSocket && !isAnswered;
      // Node emits the end of a request that waits for a socket only when it gets one.
      reject(new BrokenExchange(timeOf(error, contact.made), contact.made, stale));
      outgoing.destroy();
    };
    const abort = (): void => fail(aborted());
    signal.addEventListener("abort", abort);
    const timer = setTimeout(() => fail(problem("ETIMEDOUT", `no reply within ${timeoutMs} ms`)), timeoutMs);
    outgoing.on("error", fail);
    outgoing.on("response", (incoming) => {
      isAnswered = true;
      readAll(incoming, maxReplyBytes).then((read) => {
        end();
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: read });
      }, fail);
    });
    outgoing.end(body);
  });
}

function aborted(): Error {
  return problem("EXCHANGE_ABORTED", "the client was closed");
}

/** A time-out is another thing before there is a connection: the system's own, or ours. */
function timeOf(error: unknown, connected: boolean): unknown {
  if ((error as NodeJS.ErrnoException).code !== "ETIMEDOUT") return error;
  return problem(connected ? "REPLY_TIMEOUT" : "CONNECT_TIMEOUT", (error as Error).message);
}

async function readAll(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // What is announced as too large is not even begun with.
  if (Number(incoming.headers["content-length"]) > limit) throw tooLarge(limit);
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(limit: number): Error {
  return problem("REPLY_TOO_LARGE", `the reply has more than ${limit} bytes`);
}

/** Sockets whose connection stands; an agent hands one of them to request after request. */
const established = new WeakSet<Socket>();

/** Follows a request that was just made to its connection; a reply that changes the protocol becomes an error of it. */
function followContact(outgoing: ClientRequest): { readonly made: boolean } {
  const contact = { made: false };
  refuseUpgrade(outgoing);
  // A request that waits for a free socket of its agent has no contact either.
  outgoing.once("socket", (socket) => {
    if (established.has(socket)) {
      contact.made = true;
      return;
    }
    socket.once(socket instanceof TLSSocket ? "secureConnect" : "connect", () => {
      established.add(socket);
      contact.made = true;
    });
  });
  return contact;
}

/** Without a listener, Node closes the connection on such a reply, and the request hears of neither. */
function refuseUpgrade(outgoing: ClientRequest): void {
  outgoing.once("upgrade", (_reply, socket) => {
    socket.destroy();
    outgoing.emit("error", problem("PROTOCOL_CHANGED", "the far side changed the protocol"));
  });
}
