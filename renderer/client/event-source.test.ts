import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { eventSourceBy } from "./event-source.ts";
import type { OpenedStream } from "./http-stream.ts";

let origin: string;
let server: ReturnType<typeof createServer>;
let asked: { method: string; path: string; authorization: string | undefined }[];
let streams: ServerResponse[];
let refuse: number | undefined;
let opened: OpenedStream | undefined;
/** What the stream's owner was told, in its order. */
let heard: string[];

beforeEach(async () => {
  [asked, streams, heard, refuse] = [[], [], [], undefined];
  server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { method = "", url = "", headers } = request;
    asked.push({ method, path: url, authorization: headers.authorization });
    if (refuse) return void response.writeHead(refuse).end("{}");
    if (method === "POST") return void response.end("{}");
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.flushHeaders();
    streams.push(response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  opened?.close();
  server.close();
  server.closeAllConnections();
});

/** Opens a stream of the topics `a` and `b:c`. */
function open(): OpenedStream {
  const send = (path: string, init: RequestInit = {}) =>
    fetch(origin + path, { ...init, headers: { ...init.headers, Authorization: "Bearer secret" } });
  opened = eventSourceBy(send)(["a", "b:c"], {
    opened: () => heard.push("opened"),
    message: (text) => heard.push(text),
    failed: (ended) => heard.push(ended ? "ended" : "broken"),
  });
  return opened;
}

test("events come whole, however the bytes are cut, and beats are no events", async () => {
  open();
  await vi.waitFor(() => expect(streams).toHaveLength(1));
  const bytes = Buffer.from('data: {"a":"ä€"}\n\n: alive\n\ndata: 2\n\n');
  for (const byte of bytes) {
    streams[0]?.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await vi.waitFor(() => expect(heard).toEqual(["opened", '{"a":"ä€"}', "2"]));
  expect(asked[0]).toMatchObject({ method: "GET", authorization: "Bearer secret" });
  expect(asked[0]?.path).toMatch(/^\/api\/stream\?topics=a,b%3Ac&id=[\w-]+$/);
});

test("an event of many megabytes comes whole, with those around it", async () => {
  open();
  await vi.waitFor(() => expect(streams).toHaveLength(1));
  const rows = "0123456789".repeat(2_000_000);
  streams[0]?.write(`data: 1\n\ndata: ${rows}\n\ndata: 3\n\n`);
  await vi.waitFor(() => expect(heard).toHaveLength(4));
  expect(heard.map(({ length }) => length)).toEqual([6, 1, rows.length, 1]);
  expect(heard[2] === rows).toBe(true);
});

test("a change goes to the same stream, with the same proof", async () => {
  const stream = open();
  await vi.waitFor(() => expect(heard).toEqual(["opened"]));
  expect(await stream.change({ follow: ["d"], leave: [] })).toBe(true);
  const id = new URL(origin + asked[0]?.path).searchParams.get("id");
  expect(asked[1]).toEqual({ method: "POST", path: `/api/stream/${id}`, authorization: "Bearer secret" });
  refuse = 404;
  expect(await stream.change({ follow: ["d"], leave: [] })).toBe(false);
});

test("a stream that breaks is restored, one that is refused is not", async () => {
  open();
  await vi.waitFor(() => expect(streams).toHaveLength(1));
  streams[0]?.destroy();
  await vi.waitFor(() => expect(heard).toEqual(["opened", "broken", "opened"]));
  refuse = 401;
  streams[1]?.destroy();
  await vi.waitFor(() => expect(heard).toEqual(["opened", "broken", "opened", "broken", "ended"]));
});

test("a stream that was closed says nothing more, and is closed at the far side", async () => {
  const stream = open();
  await vi.waitFor(() => expect(streams).toHaveLength(1));
  const gone = once(streams[0] as ServerResponse, "close");
  stream.close();
  await gone;
  expect(heard).toEqual(["opened"]);
});
