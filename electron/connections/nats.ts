import { type ConnectionOptions, DebugEvents, Events, type NatsConnection } from "nats";
import { NatsConnectionImpl } from "nats/lib/nats-base-client/internal_mod.js";
import { connect as connectWebsocket, type ConnectionOptions as WebsocketOptions } from "nats.ws";
import { WebSocket as NodeWebSocket } from "ws";
import type { LatticeTarget, Secrets } from "../../shared/connections/schema.ts";
import { Failure } from "../../shared/contract/index.ts";
import { allowedLookup, requireAllowedHost } from "../upstream/addresses.ts";
import { Backoff, type Delays } from "../upstream/backoff.ts";
import { readCertificates } from "./files.ts";
import { natsAuthentication, signInExpiry } from "./nats-authentication.ts";
import { natsFailure } from "./nats-failure.ts";
import { connectTimeoutMs, natsOptions, usesWebsocket } from "./nats-options.ts";
import { installNodeTransport } from "./node-transport.ts";

export type { NatsConnection } from "nats";

/** The name under which the console appears in the servers' connection lists. */
const connectionName = "switchyard";

const reconnectDelays: Delays = { firstMs: 250, longestMs: 5_000 };
const reconnectJitter = 0.25;

async function connectSockets(options: ConnectionOptions): Promise<NatsConnection> {
  installNodeTransport();
  return NatsConnectionImpl.connect(options);
}

async function connectWebsockets(options: ConnectionOptions, target: LatticeTarget): Promise<NatsConnection> {
  const transport = websocketTransport(target.tls, connectTimeoutMs);
  try {
    const settings = { ...options, wsFactory: transport.factory } as WebsocketOptions;
    return (await connectWebsocket(settings)) as NatsConnection;
  } catch (error) {
    transport.abandon();
    throw transport.lastError() ?? error;
  }
}

/** From now on a lost connection is made again, endlessly; each attempt waits a little longer. */
async function keepAlive(connection: NatsConnection, backoff: Backoff): Promise<void> {
  if ("options" in connection) Object.assign(connection.options as object, { reconnect: true });
  for await (const status of connection.status()) {
    if (status.type === DebugEvents.Reconnecting) backoff.failed();
    if (status.type === Events.Reconnect) backoff.reset();
  }
}

/** Everything that must not appear in a message about this target. */
function hidden(target: LatticeTarget, secrets: Secrets): string[] {
  return target.authentication.method === "none" ? [] : Object.values(secrets);
}

/** The list with another one in front; the order of the rest is kept. */
function startingAt(addresses: readonly string[], first: number): string[] {
  return [...addresses.slice(first), ...addresses.slice(0, first)];
}

async function openOnce(target: LatticeTarget, secrets: Secrets, name: string): Promise<NatsConnection> {
  const backoff = new Backoff(reconnectDelays, reconnectJitter);
  const signIn = natsAuthentication(target, secrets);
  try {
    const options: ConnectionOptions = {
      ...natsOptions(target, name),
      ...signIn,
      // During the first attempt a server that hangs up must fail it at once, with the server's own reason.
      reconnect: false,
      noRandomize: true,
      reconnectDelayHandler: () => {
        installNodeTransport();
        return backoff.delayMs;
      },
    };
    const websocket = usesWebsocket(target.addresses);
    const connection = await (websocket ? connectWebsockets(options, target) : connectSockets(options));
    keepReading(connection);
    void keepAlive(connection, backoff);
    return connection;
  } catch (error) {
    const failure = natsFailure(error, { addresses: target.addresses, hidden: hidden(target, secrets) });
    throw explainExpiry(failure, signInExpiry(signIn));
  }
}

/** Servers refuse an expired user like a wrong one; its JWT tells which it was. */
function explainExpiry(failure: Failure, expiry: Date | undefined): Failure {
  if (failure.details?.cause !== "authorization" || !expiry || expiry.getTime() > Date.now()) return failure;
  return new Failure({
    ...failure.toData(),
    message: `The credentials expired on ${expiry.toISOString()}.`,
    details: { ...failure.details, cause: "expired", expiredAt: expiry.toISOString() },
    hint: "Have new credentials issued and put them into the connection.",
  });
}

/**
 * Opens one NATS connection to the first address that works, in the given order, and keeps it through losses.
 * Throws a Failure whose `details.cause` names the kind of trouble (see `nats-failure.ts`).
 */
export async function openNats(
  target: LatticeTarget,
  secrets: Secrets,
  name: string = connectionName,
): Promise<NatsConnection> {
  for (let first = 0; ; first += 1) {
    const addresses = startingAt(target.addresses, first);
    try {
      return await openOnce({ ...target, addresses }, secrets, name);
    } catch (error) {
      // A server that hangs up ends the client's own walk through the addresses; refusals do not.
      const hungUp = error instanceof Failure && ["closed", "limit"].includes(String(error.details?.cause));
      if (!hungUp || first + 1 >= target.addresses.length) throw error;
    }
  }
}

interface Protocol {
  processMsg(message: unknown, data: Uint8Array): void;
}

/**
 * Keeps one message from ending the connection that brought it. The NATS client calls its listeners, and reads the headers
 * of a message for them, inside the loop that reads the socket: an exception there ends that loop, and nothing is received
 * any more on a connection that looks open. Everybody on the server can send headers that are none.
 */
function keepReading(connection: NatsConnection): void {
  const { protocol } = connection as unknown as { protocol: Protocol };
  const processMessage = protocol.processMsg.bind(protocol);
  protocol.processMsg = (message, data) => {
    try {
      processMessage(message, data);
    } catch (error) {
      // Such a message says nothing to anybody.
      if (hasBadHeaders(error)) return;
      // A mistake of a listener is told like any other.
      queueMicrotask(() => {
        throw error;
      });
    }
  };
}

/** The two clients have an error class each, and the codes in common. */
function hasBadHeaders(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === "BAD_HEADER";
}

/** The sockets of one connection: `ws` does for Node 18 what browsers do, and takes certificates. */
interface WebsocketTransport {
  factory(address: string): Promise<{ socket: WebSocket; encrypted: boolean }>;
  /** The error of the newest socket with its code, which nats.ws turns into text. */
  lastError(): Error | undefined;
  /** Ends sockets that never became a connection. */
  abandon(): void;
}

/** Makes the socket factory for ws:// and wss:// addresses; certificate files are read again for each socket. */
function websocketTransport(tls: LatticeTarget["tls"], timeoutMs: number): WebsocketTransport {
  let newest: NodeWebSocket | undefined;
  let error: Error | undefined;
  return {
    async factory(address) {
      requireAllowedHost(new URL(address).hostname);
      const options = {
        ...readCertificates(tls),
        lookup: allowedLookup,
        handshakeTimeout: timeoutMs,
        perMessageDeflate: false,
        // Node 18 would try only the first address of a name, which for localhost may be ::1.
        autoSelectFamily: true,
      };
      const socket = new NodeWebSocket(address, options);
      error = undefined;
      newest = socket;
      socket.on("error", (cause) => {
        error = cause;
      });
      return { socket: socket as unknown as WebSocket, encrypted: address.startsWith("wss:") };
    },
    lastError: () => error,
    abandon: () => newest?.terminate(),
  };
}
