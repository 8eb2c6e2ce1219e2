import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import type { HttpParts, HttpService } from "./bridge/http.ts";
import { protection } from "./bridge/http-reply.ts";
import { contentSecurityPolicy } from "./page-files.ts";

export interface ListeningServer {
  port: number;
  close(): Promise<void>;
}

/** How long whoever sends or reads slowly, or not at all, is waited for, in milliseconds. */
export interface Patience {
  /** From the opening of the socket, or the first byte, until all headers are there. */
  headers: number;
  /** Until the whole request is there. */
  request: number;
  /** Without a byte in either direction, such as from a reader who has stopped to read. Streams beat more often. */
  silence: number;
  /** How often headers and requests are looked at. */
  check: number;
}

const usualPatience: Patience = {
  headers: 10_000,
  request: 60_000,
  silence: 300_000,
  check: 2_000,
};

/** Serves on loopback only; port 0 takes a free one. Rejects where the port is taken. */
export async function listenOnLoopback(
  service: HttpService,
  port: number,
  patience = usualPatience,
): Promise<ListeningServer> {
  const options = {
    headersTimeout: patience.headers,
    requestTimeout: patience.request,
    connectionsCheckingInterval: patience.check,
  };
  const server = createServer(options, service.answer);
  server.on("connection", service.admit);
  server.timeout = patience.silence;
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

/** Serves the renderer's files with the same policy as in the window. */
export function pages(folder: string): NonNullable<HttpParts["pages"]> {
  const files = new Hono();
  // Before the file is looked for: what is said once it was found comes too late for the reply.
  files.use("*", (context, next) => {
    context.header("Content-Security-Policy", contentSecurityPolicy);
    for (const [name, value] of protection) context.header(name, value);
    context.header("Referrer-Policy", "no-referrer");
    return next();
  });
  files.get("*", serveStatic({ root: folder }));
  return getRequestListener(files.fetch, { overrideGlobalObjects: false });
}
