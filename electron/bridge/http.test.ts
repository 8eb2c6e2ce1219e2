import { once } from "node:events";
import { createServer, type IncomingMessage, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { Failure, local, query, topic } from "../../shared/contract/index.ts";
import { ActivityEngine } from "./activity.ts";
import { Confirmations } from "./confirmation.ts";
import { Dispatcher } from "./dispatcher.ts";
import { EventHub } from "./event-hub.ts";
import { httpService } from "./http.ts";
import { HttpAccess } from "./http-access.ts";

const token = "a-token-for-this-test-only";
const echoInput = z.object({
  id: z.string(),
  count: z.number().optional(),
  deep: z.boolean().optional(),
  names: z.array(z.string()).optional(),
});
const operations = {
  "echo.get": query({
    method: "GET",
    path: "/echo/{id}",
    summary: "Echoes.",
    input: echoInput,
    output: echoInput,
  }),
  "echo.put": local({
    method: "PUT",
    path: "/echo/{id}",
    summary: "Echoes.",
    input: echoInput,
    output: echoInput,
  }),
  "echo.export": query({
    method: "GET",
    path: "/echo/export",
    summary: "A file.",
    input: z.object({}),
    output: z.object({ fileName: z.string(), mediaType: z.string(), text: z.string() }),
    download: true,
  }),
  "echo.fail": query({
    method: "GET",
    path: "/fail",
    summary: "Fails.",
    input: z.object({}),
    output: z.object({}),
  }),
};

function application() {
  const unused = () => {
    throw new Error("no commands here");
  };
  const activities = new ActivityEngine({
    journal: { append: unused, get: unused, unsettled: unused, newest: unused },
    now: Date.now,
    prepareAgain: unused,
    onJournalError: unused,
  });
  const dispatcher = new Dispatcher({
    operations,
    handlers: {
      "echo.get": (input) => input,
      "echo.put": (input) => input,
      "echo.export": () => ({ fileName: 'a"b.ndjson', mediaType: "application/x-ndjson", text: "{}\n" }),
      "echo.fail": () => {
        throw new Failure({ code: "upstream_invalid", message: "Garbage came back.", upstream: "<html>" });
      },
    },
    connections: () => [],
    connection: unused,
    activities,
    confirmations: new Confirmations(Date.now),
    onInternalError: () => undefined,
  });
  const rows = topic({ scope: "console", row: z.object({ id: z.string() }), key: (row) => row.id });
  const following = { rows: 0, others: 0 };
  const source = (name: keyof typeof following) => ({
    snapshot: () => [{ id: "a" }],
    follow: () => {
      following[name]++;
      return () => {
        following[name]--;
      };
    },
  });
  const access = new HttpAccess(token, Date.now);
  const server = createServer((request, response) => void service.answer(request, response));
  const listening = once(server.listen(0, "127.0.0.1"), "listening");
  const port = () => (server.address() as AddressInfo).port;
  const service = httpService({
    operations,
    dispatcher,
    hub: new EventHub({ rows, others: rows }, { rows: source("rows"), others: source("others") }),
    access,
    version: "1",
    port,
  });
  ends.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const request = async (path: string, { body, ...init }: Sent = {}) => {
    await listening;
    const headers = { authorization: `Bearer ${token}`, ...init.headers };
    const sent = send({ port: port(), path, ...init, headers }).end(body);
    const [reply] = (await once(sent, "response")) as [IncomingMessage];
    const replyHeaders = Object.entries(reply.headersDistinct).map(([name, of]) => [name, `${of}`] as const);
    const text = Readable.toWeb(reply) as ReadableStream<Uint8Array>;
    return new Response(text, { status: reply.statusCode, headers: Object.fromEntries(replyHeaders) });
  };
  const hostHeader = async (by: number) => {
    await listening;
    return `127.0.0.1:${port() + by}`;
  };
  return { request, access, hostHeader, followers: () => following };
}

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

describe("input", () => {
  it("comes from path, query and body, each text read as its field's kind", async () => {
    const { request } = application();
    const got = await request("/api/echo/7?count=3&deep=true&names=%5B%22a%22%5D");
    expect(await got.json()).toEqual({ id: "7", count: 3, deep: true, names: ["a"] });
    const put = await request("/api/echo/x%20y", {
      method: "PUT",
      body: JSON.stringify({ id: "other", count: 2 }),
    });
    expect(await put.json()).toEqual({ id: "x y", count: 2 });
  });

  it.each([
    ["/api/echo/7?count=three", "count"],
    ["/api/echo/7?deep=perhaps", "deep"],
    ["/api/echo/7?names=[", "names"],
  ])("%s is refused and names the field", async (path, field) => {
    const reply = await application().request(path);
    expect(reply.status).toBe(400);
    expect((await reply.json()).message).toMatch(new RegExp(`^${field}: `));
  });

  it.each(["{", "[]", "1"])("a body of %s is refused", async (body) => {
    const reply = await application().request("/api/echo/7", { method: "PUT", body });
    expect([reply.status, (await reply.json()).code]).toEqual([400, "invalid_input"]);
  });

  it("of more than a megabyte is refused", async () => {
    const body = JSON.stringify({ names: ["x".repeat(2_000_000)] });
    const headers = { "content-length": String(body.length) };
    const reply = await application().request("/api/echo/7", { method: "PUT", body, headers });
    expect([reply.status, (await reply.json()).message]).toEqual([400, expect.stringContaining("bytes")]);
  });
});

describe("access", () => {
  it.each([
    ["no token", {}, 401],
    ["a wrong token", { authorization: "Bearer nope" }, 401],
    ["another host name", { authorization: `Bearer ${token}`, host: "evil.example:4000" }, 403],
    ["another origin", { authorization: `Bearer ${token}`, origin: "http://evil.example" }, 403],
    ["a page of another port", { authorization: `Bearer ${token}`, "sec-fetch-site": "same-site" }, 403],
    ["a page of another site", { authorization: `Bearer ${token}`, "sec-fetch-site": "cross-site" }, 403],
  ])("with %s is refused", async (_name, headers, status) => {
    const reply = await application().request("/api/echo/7", { headers: { authorization: "", ...headers } });
    expect(reply.status).toBe(status);
  });

  it("wants our own port in the Host header, and our own origin where there is one", async () => {
    const { request, hostHeader } = application();
    const ours = await hostHeader(0);
    const withHeaders = async (headers: Record<string, string>) =>
      (await request("/api/echo/7", { headers })).status;
    expect(await withHeaders({ host: ours, origin: `http://${ours}` })).toBe(200);
    expect(await withHeaders({ host: ours, "sec-fetch-site": "same-origin" })).toBe(200);
    // An address that a person typed.
    expect(await withHeaders({ host: ours, "sec-fetch-site": "none" })).toBe(200);
    expect(await withHeaders({ host: await hostHeader(1) })).toBe(403);
  });

  it("by a one-time address opens one session and works once", async () => {
    const { request, access, hostHeader } = application();
    const once = access.issueOneTimeToken();
    const opened = await request(`/?token=${once}`);
    expect([opened.status, opened.headers.get("location")]).toEqual([302, "/"]);
    const cookie = opened.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    // Cookies know no port: one name for all consoles would let the second end the session of the first.
    const [, port = ""] = (await hostHeader(0)).split(":");
    expect(cookie).toMatch(new RegExp(`^switchyard-session-${port}=`));
    const headers = { authorization: "", cookie: cookie.split(";")[0] as string };
    expect((await request("/api/echo/7", { headers })).status).toBe(200);
    expect((await request(`/?token=${once}`)).headers.get("set-cookie")).toBeNull();
  });
});

it("no reply is taken for another kind of file than it is", async () => {
  const { request } = application();
  for (const path of ["/api/echo/7", "/api/echo/export", "/api/nothing"])
    expect((await request(path)).headers.get("x-content-type-options")).toBe("nosniff");
});

it("failures keep their code, text and status", async () => {
  const reply = await application().request("/api/fail");
  expect(reply.status).toBe(502);
  expect(await reply.json()).toEqual({
    code: "upstream_invalid",
    message: "Garbage came back.",
    upstream: "<html>",
  });
});

it("a page is not found where only the interface is served", async () => {
  expect((await application().request("/index.html")).status).toBe(404);
});

it("HEAD tells what GET would, without the body, and another method which ones there are", async () => {
  const { request, followers } = application();
  const head = await request("/api/echo/7", { method: "HEAD" });
  expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "10", ""]);
  expect((await request("/api/stream?topics=rows", { method: "HEAD" })).status).toBe(200);
  expect(followers()).toEqual({ rows: 0, others: 0 });
  const options = await request("/api/echo/7", { method: "OPTIONS" });
  expect([options.status, (await options.json()).hint]).toEqual([
    404,
    expect.stringContaining("GET and PUT"),
  ]);
});

it("a path that is not percent-encoded is refused and names the field", async () => {
  const reply = await application().request("/api/echo/%E0%A4%A");
  expect([reply.status, (await reply.json()).message]).toEqual([400, expect.stringMatching(/^id: /)]);
});

it("a route that does not exist says where the list is", async () => {
  const reply = await application().request("/api/nothing");
  expect([reply.status, (await reply.json()).hint]).toEqual([404, expect.stringContaining("openapi.json")]);
});

it("a download is a file with a harmless name, and comes before the route with a field", async () => {
  const reply = await application().request("/api/echo/export");
  expect(reply.headers.get("content-disposition")).toBe('attachment; filename="a_b.ndjson"');
  expect(await reply.text()).toBe("{}\n");
});

it("describes every operation", async () => {
  const document = await (await application().request("/api/openapi.json")).json();
  expect(Object.keys(document.paths)).toEqual(["/api/echo/{id}", "/api/echo/export", "/api/fail"]);
  expect(
    document.paths["/api/echo/{id}"].put.requestBody.content["application/json"].schema.properties,
  ).not.toHaveProperty("id");
});

describe("the live stream", () => {
  /** Opens a stream and reads its messages one by one. */
  async function opened(request: ReturnType<typeof application>["request"], query: string) {
    const reply = await request(`/api/stream${query}`);
    const reader = (reply.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    return { next: async () => decoder.decode((await reader.read()).value), end: () => reader.cancel() };
  }
  const snapshot = 'data: {"kind":"snapshot","topic":"rows","revision":0,"rows":[{"id":"a"}]}\n\n';
  const change = (body: object) => ({ method: "POST", body: JSON.stringify(body) });

  it("begins with the snapshot", async () => {
    const stream = await opened(application().request, "?topics=rows");
    expect(await stream.next()).toBe(snapshot);
    await stream.end();
  });

  it("takes up topics and leaves others while it is open, if it was given an id", async () => {
    const { request, followers } = application();
    const stream = await opened(request, "?topics=rows&id=mine");
    await stream.next();
    expect((await request("/api/stream/mine", change({ follow: ["others"] }))).status).toBe(200);
    expect(await stream.next()).toContain('"topic":"others"');
    await request("/api/stream/mine", change({ leave: ["others"], follow: ["rows"] }));
    expect(await stream.next()).toBe(snapshot);
    expect(followers()).toEqual({ rows: 1, others: 0 });
    await stream.end();
  });

  it("can be changed only while it is open, and only by topics that there are", async () => {
    const { request } = application();
    expect((await request("/api/stream/mine", change({ follow: ["rows"] }))).status).toBe(404);
    const stream = await opened(request, "?topics=rows&id=mine");
    await stream.next();
    expect((await request("/api/stream/mine", change({ follow: ["none"] }))).status).toBe(404);
    expect((await request("/api/stream/mine", change({ follow: "rows" }))).status).toBe(400);
    const many = Array.from({ length: 33 }, (_, at) => `rows${at}`);
    expect((await request("/api/stream/mine", change({ follow: many }))).status).toBe(400);
    await stream.end();
  });

  it.each([
    ["", 400],
    ["?topics=none", 404],
    ["?topics=a;b", 400],
  ])("%s is refused", async (query, status) => {
    expect((await application().request(`/api/stream${query}`)).status).toBe(status);
  });
});
