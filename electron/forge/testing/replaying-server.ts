import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { HttpExchange } from "../../../recordings/recordings.ts";
import { ForgeClient } from "../client/client.ts";
import { forgeHttp } from "../client/http.ts";

interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** The body of a recorded answer as it came. */
export function textOf({ headers, body }: HttpExchange): string {
  if (headers["content-type"] === "application/json") return JSON.stringify(body);
  return body === null ? "" : String(body);
}

/** A real server that gives the answer it was told to give, and keeps what it was asked; with a client of it. */
export async function replayingServer() {
  let answer: Answer | undefined;
  let asked: { method: string; path: string; body: string } | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      asked = {
        method: request.method ?? "",
        path: request.url ?? "",
        body: Buffer.concat(chunks).toString("utf8"),
      };
      const { status, headers, text } = answer ?? { status: 500, headers: {}, text: "" };
      const { "content-length": _length, ...rest } = headers;
      response.writeHead(status, rest).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new ForgeClient(
    forgeHttp({ url, authentication: { method: "none" }, requestTimeoutMs: 10_000 }, {}),
  );
  return {
    client,
    asked: () => asked,
    /** What it says next, until it is told something else. */
    give: (exchange: HttpExchange, text = textOf(exchange)) => {
      answer = { status: exchange.status, headers: exchange.headers, text };
    },
    stop: () => {
      client.http.close();
      server.close();
    },
  };
}
