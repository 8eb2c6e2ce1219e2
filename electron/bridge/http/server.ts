import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { SocketPlaces } from "../../sockets/socket-places.ts";
import type { HttpApp } from "./app.ts";

// A browser uses six, and each open file is one less for the databases.
const mostSockets = 256;
const lingerMs = 500;

export interface ListeningServer {
  port: number;
  close(): Promise<void>;
}

/** How long whoever sends or reads slowly, or not at all, is waited for, in milliseconds. */
export interface Timeouts {
  /** From the opening of the socket, or the first byte, until all headers are there. */
  headers: number;
  /** Until the whole request is there. */
  request: number;
  /** Without a byte in either direction, such as from a reader who has stopped to read. Streams beat more often. */
  silence: number;
  /** How often headers and requests are looked at. */
  check: number;
}

const defaultTimeouts: Timeouts = { headers: 10_000, request: 60_000, silence: 300_000, check: 2_000 };

/** Serves on loopback only; port 0 takes a free one. Rejects where the port is taken. */
export async function listenOnLoopback(
  app: HttpApp,
  port: number,
  timeouts = defaultTimeouts,
): Promise<ListeningServer> {
  const options = {
    headersTimeout: timeouts.headers,
    requestTimeout: timeouts.request,
    connectionsCheckingInterval: timeouts.check,
  };
  const sockets = new SocketPlaces({ total: mostSockets });
  const server = createServer(options, (incoming, outgoing) => {
    outgoing.once("finish", () => drain(incoming));
    void answer(app, { incoming, outgoing, trust: () => sockets.trust(incoming.socket) });
  });
  server.on("connection", (socket) => sockets.admit(socket));
  server.timeout = timeouts.silence;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new Error(`port ${port} is taken: choose another`) : error),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Exchange {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  trust(): void;
}

function answer(app: HttpApp, { incoming, outgoing, trust }: Exchange): Promise<void> {
  const bindings = { incoming, outgoing, trust };
  const listener = getRequestListener((request) => app.fetch(request, bindings), {
    overrideGlobalObjects: false,
    autoCleanupIncoming: false,
    // An address of which no request can be made: the application says what is wrong with it.
    errorHandler: () => app.request("/", { headers: { host: incoming.headers.host ?? "" } }, bindings),
  });
  return listener(incoming, outgoing);
}

/** A body that nobody wants is read for a moment longer, because who is still sending does not see the answer. */
function drain(incoming: IncomingMessage): void {
  if (incoming.complete) return;
  const late = setTimeout(() => incoming.destroy(), lingerMs).unref();
  incoming.once("close", () => clearTimeout(late));
  // Who has read of it so far has given up, and would only stop it again.
  incoming.removeAllListeners("data").resume();
}
