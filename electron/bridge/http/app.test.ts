import { once } from "node:events";
import { type IncomingMessage, request as send } from "node:http";
import { Readable } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import {
  Failure,
  type FailureData,
  local,
  query,
  type Scope,
  topic,
} from "../../../shared/contract/index.ts";
import { systemClock } from "../../upstream/clock.ts";
import { ActivityEngine } from "../activity/engine.ts";
import { Confirmations } from "../confirmation.ts";
import { Dispatcher } from "../dispatcher.ts";
import { EventHub } from "../event-hub.ts";
import { HttpAccess } from "./access.ts";
import { httpApp } from "./app.ts";
import { listenOnLoopback } from "./server.ts";
import { KnownTokens } from "./testing/known-tokens.ts";

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

function application(clock: () => number = Date.now) {
  const unused = () => {
    throw new Error("no commands here");
  };
  const activities = new ActivityEngine({
    journal: { append: unused, get: unused, unsettled: unused, newest: unused },
    clock: systemClock,
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
    destination: () => "",
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
  const tokens = new KnownTokens().add(token);
  const access = new HttpAccess(tokens, clock);
  const parts = {
    operations,
    dispatcher,
    hub: new EventHub({ rows, others: rows }, { rows: source("rows"), others: source("others") }),
    access,
    version: "1",
    port: () => port,
  };
  let port = 7411;
  const app = httpApp(parts);
  const request = async (path: string, { body, ...init }: Sent = {}) => {
    const own: Record<string, string> = { host: `127.0.0.1:${port}`, authorization: `Bearer ${token}` };
    if (body !== undefined) own["content-length"] = String(Buffer.byteLength(body));
    const sent = { ...init, headers: { ...own, ...init.headers }, ...(body && { body }) };
    return (await app.request(path, sent, {})) as Reply;
  };
  /** The same over a real socket, where it is one that matters. */
  const overSocket = async () => {
    const server = await listenOnLoopback(app, 0);
    port = server.port;
    ends.push(() => server.close());
    return async (path: string, { body, ...init }: Sent = {}) => {
      const headers = { authorization: `Bearer ${token}`, ...init.headers };
      const sent = send({ port, path, ...init, headers }).end(body);
      const [reply] = (await once(sent, "response")) as [IncomingMessage];
      const replyHeaders = Object.entries(reply.headersDistinct).map(
        ([name, of]) => [name, `${of}`] as const,
      );
      const text = Readable.toWeb(reply) as ReadableStream<Uint8Array>;
      const options = { status: reply.statusCode, headers: Object.fromEntries(replyHeaders) };
      return new Response(text, options) as Reply;
    };
  };
  const hostHeader = (by: number) => `127.0.0.1:${port + by}`;
  return { request, overSocket, access, tokens, hostHeader, followers: () => following };
}

/** A reply, with what the tests read of the bodies: those of failures, of a session and of the description. */
interface Reply extends Response {
  json(): Promise<FailureData & { session: string; paths: Record<string, Record<string, RouteDescription>> }>;
}

interface RouteDescription {
  requestBody: { content: Record<string, { schema: { properties: object } }> };
}

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

describe("input", () => {
  it("comes from path, query and body, each text read as its field's kind", async () => {
    const { request } = application();
    const got = await request("/api/echo/7?count=3&deep=true&names=%5B%22a%22%5D");
    expect(await got.json()).toEqual({ id: "7", count: 3, deep: true, names: ["a"] });
    const put = await request("/api/echo/x%20y", {
      method: "PUT",
      body: JSON.stringify({ id: "x y", count: 2 }),
    });
    expect(await put.json()).toEqual({ id: "x y", count: 2 });
  });

  it.each([
    ["GET", "/api/echo/7?count=1&count=2", undefined],
    ["GET", "/api/echo/7?id=8", undefined],
    ["PUT", "/api/echo/7", { id: "8" }],
    ["PUT", "/api/echo/7?count=1", { count: 2 }],
  ])("%s %s with %j tells a field twice, and is refused", async (method, path, sent) => {
    const body = sent && JSON.stringify(sent);
    const reply = await application().request(path, { method, ...(body && { body }) });
    expect([reply.status, (await reply.json()).message]).toEqual([
      400,
      expect.stringMatching(/^(count|id): given twice with different values\.$/),
    ]);
  });

  it.each([
    ["GET", "/api/echo/7?Count=1", undefined],
    ["GET", "/api/echo/7", { cont: 1 }],
    ["PUT", "/api/echo/7", { count_: 1 }],
  ])("%s %s with %j has an unknown field, and is refused", async (method, path, sent) => {
    const body = sent && JSON.stringify(sent);
    const headers = { "content-length": String(body?.length ?? 0) };
    // A GET has a body over a socket alone.
    const request = await application().overSocket();
    const reply = await request(path, { method, headers, ...(body && { body }) });
    expect([reply.status, (await reply.json()).message]).toEqual([
      400,
      expect.stringContaining("unknown field, did you mean count?"),
    ]);
  });

  it.each([
    ["a%2Fb", "a/b"],
    ["100%25", "100%"],
    ["%252F", "%2F"],
    ["a+b%20c", "a+b c"],
    ["%C3%A4", "ä"],
    ["a%3Fb%23c", "a?b#c"],
    ["a:b,c", "a:b,c"],
  ])("from a path with %s is %s", async (path, id) => {
    const reply = await application().request(`/api/echo/${path}`);
    expect([reply.status, await reply.json()]).toEqual([200, { id }]);
  });

  it("may say the same twice, and needs no body and no type of content", async () => {
    const { request } = application();
    const twice = await request("/api/echo/7?count=1&count=1&id=7");
    expect(await twice.json()).toEqual({ id: "7", count: 1 });
    for (const body of [undefined, "", " \n", "{}"]) {
      const reply = await request("/api/echo/7", { method: "PUT", ...(body === undefined ? {} : { body }) });
      expect([reply.status, await reply.json()]).toEqual([200, { id: "7" }]);
    }
    const headers = { "content-type": "text/plain" };
    const plain = await request("/api/echo/7", { method: "PUT", body: '{"count":3}', headers });
    expect(await plain.json()).toEqual({ id: "7", count: 3 });
  });

  it.each(["Switchyard-Reason", "Switchyard-Batch", "Switchyard-Confirmation", "Switchyard-Phrase"])(
    "is refused where %s is not percent-encoded",
    async (name) => {
      const reply = await application().request("/api/echo/7", { headers: { [name]: "100%" } });
      expect([reply.status, (await reply.json()).message]).toEqual([
        400,
        `${name}: this has to be percent-encoded.`,
      ]);
    },
  );

  it.each([
    ["/api/echo/7?count=three", "count"],
    ["/api/echo/7?count=", "count"],
    ["/api/echo/7?count=%zz", "count"],
    ["/api/echo/7?deep=perhaps", "deep"],
    ["/api/echo/7?names=[", "names"],
  ])("%s is refused and names the field", async (path, field) => {
    const reply = await application().request(path);
    expect(reply.status).toBe(400);
    expect((await reply.json()).message).toMatch(new RegExp(`^${field}: `));
  });

  it.each(["{", "[]", "1", "null", "\u0000", "{}{}"])("a body of %j is refused", async (body) => {
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
    ["another scheme", { authorization: `Basic ${token}` }, 401],
    ["no scheme", { authorization: token }, 401],
    ["a word after the token", { authorization: `Bearer ${token} more` }, 401],
    ["two tokens", { authorization: `Bearer ${token}, Bearer ${token}` }, 401],
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
    const ours = hostHeader(0);
    const withHeaders = async (headers: Record<string, string>) =>
      (await request("/api/echo/7", { headers })).status;
    expect(await withHeaders({ host: ours, origin: `http://${ours}` })).toBe(200);
    expect(await withHeaders({ host: ours, "sec-fetch-site": "same-origin" })).toBe(200);
    // An address that a person typed.
    expect(await withHeaders({ host: ours, "sec-fetch-site": "none" })).toBe(200);
    expect(await withHeaders({ host: hostHeader(1) })).toBe(403);
  });

  it("knows a token of any characters, whatever the case of its scheme, and does not repeat a wrong one", async () => {
    const { request, tokens } = application();
    tokens.add("p@ss:w()rd!of{16}", "odd");
    for (const authorization of [`bearer ${token}`, `BEARER ${token}`, "Bearer p@ss:w()rd!of{16}"])
      expect((await request("/api/echo/7", { headers: { authorization } })).status).toBe(200);
    const refused = await request("/api/echo/7", { headers: { authorization: "Bearer nearly-right" } });
    expect(await refused.text()).not.toContain("nearly-right");
  });

  it.each([
    ["localhost", 200],
    ["[::1]", 200],
    ["127.0.0.2", 403],
    ["0.0.0.0", 403],
    ["localhost.evil.example", 403],
    ["LOCALHOST", 403],
  ])("under the name %s is answered with %i", async (name, status) => {
    const { request, hostHeader } = application();
    const host = hostHeader(0).replace("127.0.0.1", name);
    expect((await request("/api/echo/7", { headers: { host } })).status).toBe(status);
  });

  it("is wanted before anything is said about routes, and a query opens nothing", async () => {
    const { request, access } = application();
    const { token: once } = access.sessions.invite({ scope: "change", origin: "terminal", madeBy: "test" });
    for (const path of ["/api/none", "/api/openapi.json", "/api/stream?topics=rows", "/api/session"])
      expect((await request(path, { headers: { authorization: "" } })).status, path).toBe(401);
    for (const path of [`/api/echo/7?token=${once}`, `/api/session?token=${once}`]) {
      const method = path.startsWith("/api/session") ? "POST" : "GET";
      expect((await request(path, { method, headers: { authorization: "" } })).status, path).toBe(401);
    }
    const cookie = `switchyard-session=${once}; token=${once}`;
    expect((await request("/api/echo/7", { headers: { authorization: "", cookie } })).status).toBe(401);
  });
});

/** How a stream comes to its end. */
const endOf = (stream: Response): Promise<string> =>
  stream.text().then(
    () => "read to its end",
    () => "cut off",
  );

describe("a browser session", () => {
  const minute = 60_000;

  /** A console whose clock stands still, and what a browser does with it. */
  function browser() {
    let at = 1_000_000;
    const app = application(() => at);
    const invite = (scope: Scope = "change", origin = "terminal") =>
      app.access.sessions.invite({ scope, origin, madeBy: "test" }).token;
    const trade = (once: string, headers: Record<string, string> = {}) =>
      app.request("/api/session", {
        method: "POST",
        body: JSON.stringify({ token: once }),
        headers: { authorization: "", ...headers },
      });
    const signedIn = async (once = invite()) => {
      const { session } = await (await trade(once)).json();
      return { authorization: `Bearer ${session}` };
    };
    const status = async (headers: Record<string, string>, path = "/api/echo/7") =>
      (await app.request(path, { headers })).status;
    return { ...app, invite, trade, signedIn, status, pass: (ms: number) => (at += ms) };
  }

  it("is opened by a one-time token, once, and never by a cookie", async () => {
    const { invite, trade, status } = browser();
    const once = invite();
    const reply = await trade(once);
    expect([reply.status, reply.headers.get("set-cookie")]).toEqual([200, null]);
    const { session } = await reply.json();
    expect(await status({ authorization: `Bearer ${session}` })).toBe(200);
    expect(await status({ authorization: "", cookie: `switchyard-session=${session}` })).toBe(401);
    expect(await status({ authorization: `Bearer ${once}` })).toBe(401);
    const again = await trade(once);
    expect([again.status, (await again.json()).code]).toEqual([401, "unauthenticated"]);
  });

  it("is not opened by a one-time token of more than five minutes", async () => {
    const { invite, trade, pass } = browser();
    const [early, late] = [invite(), invite()];
    pass(5 * minute - 1);
    expect((await trade(early)).status).toBe(200);
    pass(1);
    expect((await trade(late)).status).toBe(401);
  });

  it.each([
    ["a page of another port", { "sec-fetch-site": "same-site" }],
    ["a page of another site", { "sec-fetch-site": "cross-site" }],
    ["another origin", { origin: "http://127.0.0.1:1" }],
    ["no origin", { origin: "null" }],
    ["another host name", { host: "evil.example:4000" }],
  ])("is not opened for %s, and the token is not used up", async (_who, headers) => {
    const { invite, trade } = browser();
    const once = invite();
    expect((await trade(once, headers)).status).toBe(403);
    expect((await trade(once)).status).toBe(200);
  });

  it("is asked for in small bodies, and after many wrong tokens only a good one is taken", async () => {
    const { invite, trade, pass } = browser();
    const once = invite();
    expect((await trade("x".repeat(5_000))).status).toBe(400);
    const statuses = [];
    for (let at = 0; at < 40; at++) statuses.push((await trade(`wrong-${at}`)).status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect((await trade(once)).status).toBe(200);
    pass(minute);
    expect((await trade("wrong")).status).toBe(401);
  });

  it("ends after an hour without a call, and after twelve in any case", async () => {
    const { request, signedIn, status, pass } = browser();
    const idle = await signedIn();
    pass(60 * minute - 1);
    expect(await status(idle)).toBe(200);
    pass(60 * minute);
    expect(await status(idle)).toBe(401);
    const refused = await (await request("/api/echo/7", { headers: idle })).json();
    expect(refused.details).toEqual({ ended: "idle" });

    const busy = await signedIn();
    for (let half = 1; half < 24; half++) {
      pass(30 * minute);
      // What a page asks that is only looked at.
      expect(await status(busy, "/api/session")).toBe(200);
    }
    pass(30 * minute);
    expect(await status(busy)).toBe(401);
  });

  it("can be signed out by itself, though it may only read, and ends its stream with it", async () => {
    const { request, overSocket, invite, signedIn, status } = browser();
    const headers = await signedIn(invite("read"));
    expect((await request("/api/echo/7", { method: "PUT", body: "{}", headers })).status).toBe(403);
    const end = endOf(await (await overSocket())("/api/stream?topics=rows", { headers }));
    expect((await request("/api/session", { method: "DELETE", headers })).status).toBe(200);
    expect(await end).toBe("cut off");
    expect(await status(headers)).toBe(401);
    expect((await request("/api/session", { method: "DELETE" })).status).toBe(409);
  });

  it("ends with the token that its link goes back to, and so does its stream", async () => {
    const { overSocket, access, tokens, invite, trade, signedIn, status } = browser();
    tokens.add("another-token-for-this-test", "ci");
    const headers = await signedIn(invite("change", "t-ci"));
    const unused = invite("change", "t-ci");
    const own = { authorization: "Bearer another-token-for-this-test" };
    const request = await overSocket();
    const ofSession = endOf(await request("/api/stream?topics=rows", { headers }));
    const ofToken = endOf(await request("/api/stream?topics=rows", { headers: own }));
    tokens.revoke("ci");
    access.sweep();
    expect([await ofSession, await ofToken]).toEqual(["cut off", "cut off"]);
    expect([await status(headers), await status(own)]).toEqual([401, 401]);
    expect((await trade(unused)).status).toBe(401);
  });

  it("is refused once its token is no longer good, though nobody has ended it yet", async () => {
    const { request, tokens, invite, signedIn } = browser();
    tokens.add("another-token-for-this-test", "ci");
    const headers = await signedIn(invite("change", "t-ci"));
    tokens.revoke("ci");
    const refused = await request("/api/echo/7", { headers });
    expect([refused.status, (await refused.json()).details]).toEqual([401, { ended: "revoked" }]);
  });

  it("does not change the stream of another", async () => {
    const { request, signedIn } = browser();
    const [one, other] = [await signedIn(), await signedIn()];
    const stream = await request("/api/stream?topics=rows&id=mine", { headers: one });
    const change = { method: "POST", body: JSON.stringify({ follow: ["others"] }) };
    expect((await request("/api/stream/mine", { ...change, headers: other })).status).toBe(404);
    expect((await request("/api/stream/mine", { ...change, headers: one })).status).toBe(200);
    await stream.body?.cancel();
  });
});

it("every reply tells browsers to keep it from pages of other origins", async () => {
  const { request } = application();
  const paths = ["/api/echo/7", "/api/echo/export", "/api/nothing", "/index.html", "/api/openapi.json"];
  const replies = await Promise.all([
    ...paths.map((path) => request(path)),
    request("/api/echo/7", { headers: { authorization: "" } }),
    request("/api/stream?topics=rows", { method: "HEAD" }),
  ]);
  for (const { headers, status } of replies) {
    expect(headers.get("cross-origin-resource-policy"), String(status)).toBe("same-origin");
    expect(headers.get("cross-origin-opener-policy"), String(status)).toBe("same-origin");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  }
});

it("no reply is taken for another kind of file than it is", async () => {
  const { request } = application();
  for (const path of ["/api/echo/7", "/api/echo/export", "/api/nothing"])
    expect((await request(path)).headers.get("x-content-type-options")).toBe("nosniff");
});

it("JSON says its type and length, and is kept nowhere", async () => {
  const { request } = application();
  const replies = [await request("/api/echo/%C3%A4"), await request("/api/nothing")];
  for (const reply of replies) {
    expect(reply.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(reply.headers.get("cache-control")).toBe("no-store");
    const { byteLength } = await reply.arrayBuffer();
    expect(reply.headers.get("content-length")).toBe(String(byteLength));
  }
  expect((await request("/api/echo/export")).headers.get("cache-control")).toBe("no-store");
  const stream = await request("/api/stream?topics=rows", { method: "HEAD" });
  expect([stream.headers.get("content-type"), stream.headers.get("cache-control")]).toEqual([
    "text/event-stream",
    "no-store",
  ]);
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

it.each([
  ["HEAD", "/api/nothing", 404],
  ["HEAD", "/api/echo/export", 200],
  ["HEAD", "/api/fail", 502],
  ["PATCH", "/api/echo/7", 404],
  ["POST", "/api/echo/7", 404],
  ["POST", "/api/stream", 404],
  ["POST", "/api/openapi.json", 404],
  ["GET", "/api/echo/7/", 404],
  ["GET", "/api/echo/", 404],
  ["GET", "/api//echo/7", 404],
  ["GET", "/api/echo/7/8", 404],
  ["GET", "/api/Echo/7", 404],
  ["PUT", "/api/echo/export", 200],
])("%s %s is answered with %i", async (method, path, status) => {
  expect((await application().request(path, { method })).status).toBe(status);
});

it.each(["/api/echo/%E0%A4%A", "/api/echo/100%", "/api/echo/%zz"])("%s is refused, too", async (path) => {
  const reply = await application().request(path);
  expect([reply.status, (await reply.json()).message]).toEqual([400, "id: this has to be percent-encoded."]);
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
    document.paths["/api/echo/{id}"]?.put?.requestBody.content["application/json"]?.schema.properties,
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

  it("beats while nothing happens", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const stream = await opened(application().request, "?topics=rows");
      await stream.next();
      vi.advanceTimersByTime(15_000);
      expect(await stream.next()).toBe(": alive\n\n");
      await stream.end();
    } finally {
      vi.useRealTimers();
    }
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
