import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import type { Hono, MiddlewareHandler } from "hono";
import { contentSecurityPolicy, mediaTypes } from "./page-files.ts";

export interface ListeningServer {
  port: number;
  close(): Promise<void>;
}

/** Serves an application on loopback only; port 0 takes a free one. Rejects where the port is taken. */
export async function listenOnLoopback(application: Hono, port: number): Promise<ListeningServer> {
  const server = createServer(getRequestListener(application.fetch));
  server.headersTimeout = 10_000;
  server.requestTimeout = 60_000;
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
export function pages(folder: string): MiddlewareHandler {
  return serveStatic({
    root: folder,
    onFound: (path, context) => {
      context.header("Content-Security-Policy", contentSecurityPolicy);
      context.header("X-Content-Type-Options", "nosniff");
      context.header("Referrer-Policy", "no-referrer");
      const type = mediaTypes[extname(path)];
      if (type) context.header("Content-Type", type);
    },
  });
}
