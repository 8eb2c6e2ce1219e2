import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";

/** What the server is to answer with. */
export interface CannedAnswer {
  status: number;
  body: string;
  contentType: string;
}

/** A server that answers everything with the same, and notes what it was asked. */
export interface AnsweringServer {
  url: string;
  answer: CannedAnswer;
  /** Method and path of each request, without its query. */
  asked: string[];
}

/** Gives the tests of a file such a server. */
export function answeringServer(): AnsweringServer {
  const shared: AnsweringServer = {
    url: "",
    answer: { status: 200, body: "", contentType: "text/plain" },
    asked: [],
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? "").replace(/\?.*$/, ""));
    shared.asked.push(`${request.method} ${path}`);
    request.resume().on("end", () => {
      const { status, body, contentType } = shared.answer;
      response.writeHead(status, { "content-type": contentType }).end(body);
    });
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    shared.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  return shared;
}
