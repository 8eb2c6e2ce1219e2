import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Somebody else's server on this machine, which writes down what it is asked. */
export interface Listener {
  address: string;
  port: number;
  /** Method and path of each request so far. */
  requests: string[];
  /** How many connections were opened so far. */
  connections(): number;
  close(): Promise<void>;
}

/** Starts one that answers each request with a page, or as a proxy that refuses it and shows what it was sent. */
export async function startListener(kind: "page" | "echoing proxy" = "page"): Promise<Listener> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (kind === "echoing proxy") {
      response.writeHead(403, { "content-type": "text/plain" });
      response.end(`refused: ${JSON.stringify(request.headers)}`);
      return;
    }
    response.writeHead(200, { "content-type": "text/html", "access-control-allow-origin": "*" });
    response.end("<!doctype html><title>elsewhere</title>");
  });
  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    port,
    requests,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
