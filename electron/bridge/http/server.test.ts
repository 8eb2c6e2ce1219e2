import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { local, query, topic } from "../../../shared/contract/index.ts";
import { SocketPlaces } from "../../sockets/socket-places.ts";
import type { ActivityEngine } from "../activity/engine.ts";
import { Confirmations } from "../confirmation.ts";
import { Dispatcher } from "../dispatcher.ts";
import { EventHub } from "../event-hub.ts";
import { HttpAccess } from "./access.ts";
import { type HttpParts, httpApp } from "./app.ts";
import { type ListeningServer, listenOnLoopback, type Timeouts } from "./server.ts";
import { KnownTokens } from "./testing/known-tokens.ts";

const token = "t".repeat(40);
const text = z.object({ text: z.string() });
const operations = {
  "text.repeat": query({
    method: "GET",
    path: "/repeat/{times}",
    summary: "Repeats a text.",
    refresh: "once",
    input: z.object({ times: z.number().int() }),
    output: text,
  }),
  "text.later": query({
    method: "GET",
    path: "/later",
    summary: "Answers when it is told to.",
    refresh: "once",
    input: z.object({}),
    output: text,
  }),
  "text.put": local({ method: "PUT", path: "/text", summary: "Takes a text.", input: text, output: text }),
};

// Long enough for whoever speaks at once on a machine that is busy with other things.
const impatient = { headers: 1_000, request: 1_500, silence: 60_000, check: 50 };
let server: ListeningServer;
let sockets: Socket[] = [];
/** The server's end of the socket that was opened last. */
let newest: Socket;
let answerLater: () => void = () => undefined;
let followers = 0;
let snapshot: unknown[] = [];
let tell: (row: unknown) => void = () => undefined;

async function listen(timeouts?: Timeouts, pages?: HttpParts["pages"]): Promise<void> {
  const dispatcher = new Dispatcher({
    operations,
    handlers: {
      "text.repeat": (input) => ({ text: "ab".repeat((input as { times: number }).times) }),
      "text.later": () =>
        new Promise((resolve) => {
          answerLater = () => resolve({ text: "at last" });
        }),
      "text.put": (input) => input,
    },
    connections: () => [],
    destination: () => "",
    connection: () => {
      throw new Error("no command runs here");
    },
    activities: undefined as unknown as ActivityEngine,
    confirmations: new Confirmations(() => 0),
    onInternalError: (_name, error) => {
      throw error;
    },
  });
  const rows = topic({ scope: "console", row: z.object({ id: z.string() }), key: (row) => row.id });
  const follow = (onChange: (upsert: readonly unknown[], remove: readonly string[]) => void) => {
    followers++;
    tell = (row) => onChange([row], []);
    return () => {
      followers--;
    };
  };
  const hub = new EventHub(
    { rows },
    { rows: { snapshot: () => snapshot, follow: (_address, onChange) => follow(onChange) } },
  );
  const port = () => server.port;
  const access = new HttpAccess(new KnownTokens().add(token), () => 0);
  server = await listenOnLoopback(
    httpApp({ operations, dispatcher, hub, access, version: "1", port, pages }),
    0,
    timeouts,
  );
}

const { admit } = SocketPlaces.prototype;
beforeEach(async () => {
  vi.spyOn(SocketPlaces.prototype, "admit").mockImplementation(function (this: SocketPlaces, socket) {
    newest = socket;
    admit.call(this, socket);
  });
  await listen();
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  snapshot = [];
  await server.close();
});

async function relisten(timeouts: Timeouts): Promise<void> {
  await server.close();
  await listen(timeouts);
}

/** A socket of a caller who writes what it likes. */
async function opened(): Promise<{ socket: Socket; heard: () => string; closed: Promise<unknown> }> {
  const socket = connect(server.port, "127.0.0.1");
  sockets.push(socket);
  let said = "";
  socket.on("data", (chunk) => {
    said += chunk.toString("latin1");
  });
  socket.on("error", () => undefined);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await once(socket, "connect");
  return { socket, heard: () => said, closed };
}

function head(line: string, ...headers: string[]): string {
  const all = [line, `Host: 127.0.0.1:${server.port}`, `Authorization: Bearer ${token}`, ...headers];
  return `${all.join("\r\n")}\r\n\r\n`;
}

async function repeated(times: number): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}` };
  const reply = await fetch(`http://127.0.0.1:${server.port}/api/repeat/${times}`, { headers });
  return reply.json();
}

const answers = async () => expect(await repeated(1)).toEqual({ text: "ab" });

it("replies of every length arrive whole over a real socket, one after the other", async () => {
  for (const times of [3, 900, 0, 40]) expect(await repeated(times)).toEqual({ text: "ab".repeat(times) });
});

describe("whoever is slow", () => {
  it("or silent gets no more than its time, and keeps nobody waiting", async () => {
    await relisten(impatient);
    const silent = await opened();
    const slow = await opened();
    slow.socket.write("GET /api/repeat/1 HTTP/1.1\r\nX-Slow: ");
    const drip = setInterval(() => slow.socket.write("a"), 20);
    await answers();
    await Promise.all([silent.closed, slow.closed]);
    clearInterval(drip);
    expect(slow.heard()).toMatch(/^HTTP\/1.1 408 /);
    await answers();
  });

  it("with a body that is shorter than it said gets no more than its time", async () => {
    await relisten(impatient);
    const short = await opened();
    short.socket.write(`${head("PUT /api/text HTTP/1.1", "Content-Length: 50")}{"text":`);
    await short.closed;
    expect(short.heard()).toMatch(/^HTTP\/1.1 408 /);
    await answers();
  });

  it("to read an answer is cut off when it has taken nothing for too long", async () => {
    await relisten({ ...impatient, silence: 1_000 });
    const before = newest;
    const { socket, heard, closed } = await opened();
    socket.pause();
    socket.write(head("GET /api/repeat/20000000 HTTP/1.1"));
    await vi.waitFor(() => expect(newest).not.toBe(before));
    if (!newest.destroyed) await once(newest, "close");
    socket.resume();
    await closed;
    expect(heard().length).toBeLessThan(40_000_000);
    await answers();
  });

  it.each([
    ["asks for a websocket", "GET /api/stream HTTP/1.1", "Connection: Upgrade", "Upgrade: websocket"],
    ["asks for a tunnel", "CONNECT 127.0.0.1:1 HTTP/1.1", "Connection: keep-alive"],
    ["has no token", "GET /api/repeat/1 HTTP/1.1", "Connection: keep-alive"],
  ])(
    "to close, and %s, is cut off by this side",
    async (_what, line, ...headers) => {
      for (let at = 0; at < 300; at++) {
        const socket = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true }).pause();
        socket.on("error", () => undefined);
        sockets.push(socket);
        await once(socket, "connect");
        socket.write(`${[line, `Host: 127.0.0.1:${server.port}`, ...headers].join("\r\n")}\r\n\r\n`);
        if (at % 2 === 0) socket.end();
      }
      await answers();
      const last = newest;
      await vi.waitFor(() => expect(last.destroyed).toBe(true), { timeout: 20_000 });
      await answers();
    },
    60_000,
  );

  it("with many bodies takes none of the calls that others may make", async () => {
    for (let at = 0; at < 100; at++) {
      const { socket } = await opened();
      socket.write(`${head("PUT /api/text HTTP/1.1", "Content-Length: 50")}{`);
    }
    await answers();
  });
});

describe("whoever says too much", () => {
  it("in headers is told so and cut off", async () => {
    const huge = await opened();
    huge.socket.write(head("GET /api/repeat/1 HTTP/1.1", `X-Huge: ${"h".repeat(100_000)}`));
    await huge.closed;
    expect(huge.heard()).toMatch(/^HTTP\/1.1 431 /);
    await answers();
  });

  it.each([
    ["without a token", 401, "Authorization: none"],
    ["of more than a megabyte", 400, `Authorization: Bearer ${token}`],
  ])("in a body %s hears why, and is cut off when it does not end", async (_what, status, authorization) => {
    const { socket, heard, closed } = await opened();
    const lines = ["PUT /api/text HTTP/1.1", `Host: 127.0.0.1:${server.port}`, authorization];
    socket.write(`${lines.join("\r\n")}\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const flood = setInterval(() => socket.write(`40000\r\n${"x".repeat(0x40000)}\r\n`), 5);
    await closed;
    clearInterval(flood);
    expect(heard()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    await answers();
  });

  it("in the body of a GET without a token hears why, and is cut off when it does not end", async () => {
    const { socket, heard, closed } = await opened();
    socket.write(
      `GET /api/repeat/1 HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const flood = setInterval(() => socket.write(`40000\r\n${"x".repeat(0x40000)}\r\n`), 5);
    await closed;
    clearInterval(flood);
    expect(heard()).toMatch(/^HTTP\/1.1 401 /);
    await answers();
  });

  it("in a body of a known length is told so, and may go on", async () => {
    const { socket, heard } = await opened();
    socket.write(`${head("PUT /api/text HTTP/1.1", "Content-Length: 4000000")}${"x".repeat(4_000_000)}`);
    await vi.waitFor(() => expect(heard()).toMatch(/^HTTP\/1.1 400 /));
    socket.write(head("GET /api/repeat/2 HTTP/1.1"));
    await vi.waitFor(() => expect(heard()).toContain("abab"));
  });

  it("after the body that it announced is refused and cut off", async () => {
    const { socket, heard, closed } = await opened();
    socket.write(`${head("PUT /api/text HTTP/1.1", "Content-Length: 13")}{"text":"ab"} and more\r\n\r\n`);
    await closed;
    expect(heard()).toContain("HTTP/1.1 400 ");
    await answers();
  });

  it("at once gets its answers in the order of its calls", async () => {
    const { socket, heard } = await opened();
    const calls = Array.from({ length: 30 }, (_, at) => head(`GET /api/repeat/${at} HTTP/1.1`));
    socket.write(calls.join(""));
    await vi.waitFor(() => expect(heard()).toContain(`"${"ab".repeat(29)}"`));
    const texts = [...heard().matchAll(/"text":"(\w*)"/g)].map(([, found]) => found?.length);
    expect(texts).toEqual(calls.map((_, at) => at * 2));
  });
});

describe("sockets", () => {
  it("are bounded, and those who have not shown the token go first", async () => {
    const stream = await opened();
    stream.socket.write(head("GET /api/stream?topics=rows HTTP/1.1"));
    await vi.waitFor(() => expect(stream.heard()).toContain("snapshot"));
    let gone = 0;
    const silent = await Promise.all(Array.from({ length: 1_000 }, opened));
    for (const { closed } of silent) void closed.then(() => gone++);
    await vi.waitFor(() => expect(gone).toBeGreaterThanOrEqual(1_000 - 256));
    await answers();
    tell({ id: "still here" });
    await vi.waitFor(() => expect(stream.heard()).toContain("still here"));
  });

  it("that are closed before the answer do no harm", async () => {
    const { socket, closed } = await opened();
    const before = answerLater;
    socket.write(head("GET /api/later HTTP/1.1"));
    await vi.waitFor(() => expect(answerLater).not.toBe(before));
    socket.destroy();
    await closed;
    answerLater();
    await answers();
  });
});

describe("calls", () => {
  it("are bounded, and one that has ended makes room", async () => {
    const calls = await Promise.all(Array.from({ length: 65 }, opened));
    for (const { socket } of calls) socket.write(head("GET /api/later HTTP/1.1"));
    const refused = () => calls.filter(({ heard }) => heard().includes("HTTP/1.1 429")).length;
    await vi.waitFor(() => expect(refused()).toBe(1));
    answerLater();
    await vi.waitFor(() => expect(calls.filter(({ heard }) => heard().includes("at last"))).toHaveLength(1));
    await answers();
  });

  it.each([
    ["of an absolute address", 400, () => `GET http://127.0.0.1:${server.port}/api/repeat/1 HTTP/1.1`],
    ["of another one", 400, () => "GET http://evil.example/api/repeat/1 HTTP/1.1"],
    ["of no path", 400, () => "OPTIONS * HTTP/1.1"],
    // As it stands: an address that was put in order would be that of another thing.
    ["of steps upwards", 404, () => "GET /api/repeat/1/../2 HTTP/1.1"],
    ["of hidden steps upwards", 404, () => "GET /api/none/%2e%2e/repeat/2 HTTP/1.1"],
  ])("%s are answered with %i", async (_what, status, line) => {
    const { socket, heard } = await opened();
    socket.write(head(line()));
    await vi.waitFor(() => expect(heard()).toMatch(/\r\n\r\n./));
    expect(heard()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(heard().toLowerCase()).toContain("cross-origin-resource-policy: same-origin");
  });

  it.each([
    ["none", "HTTP/1.0", []],
    ["one that is no host", "HTTP/1.1", ["Host: 127.0.0.1/x"]],
    ["one with a person in it", "HTTP/1.1", ["Host: a@127.0.0.1"]],
    ["an empty one", "HTTP/1.1", ["Host:"]],
    ["another one", "HTTP/1.1", ["Host: evil.example"]],
  ])("with a Host header that is %s are refused", async (_what, version, headers) => {
    const { socket, heard } = await opened();
    const lines = [`GET /api/repeat/1 ${version}`, `Authorization: Bearer ${token}`, ...headers];
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    await vi.waitFor(() => expect(heard()).toMatch(/\r\n\r\n./));
    expect(heard()).toMatch(/^HTTP\/1.1 403 /);
    expect(heard().toLowerCase()).toContain("cross-origin-resource-policy: same-origin");
  });
});

describe("live streams", () => {
  it("whose readers are too slow are cut off, and nothing more is held for them", async () => {
    const slow = await opened();
    slow.socket.write(head("GET /api/stream?topics=rows&id=slow HTTP/1.1"));
    await vi.waitFor(() => expect(slow.heard()).toContain("snapshot"));
    const end = newest;
    slow.socket.pause();
    snapshot = [{ id: "x".repeat(100_000) }];
    const headers = { authorization: `Bearer ${token}` };
    const again = () =>
      fetch(`http://127.0.0.1:${server.port}/api/stream/slow`, {
        method: "POST",
        headers,
        body: '{"follow":["rows"]}',
      });
    let status = 200;
    for (let at = 0; at < 2_000 && status === 200; at++) status = (await again()).status;
    // The stream is gone: it cannot be changed any more.
    expect(status).toBe(404);
    await vi.waitFor(() => expect([end.destroyed, followers]).toEqual([true, 0]));
    expect(end.writableLength).toBeLessThan(5_000_000);
    await answers();
  });

  it("that are asked for behind a call that is not answered end with their socket", async () => {
    const { socket, closed } = await opened();
    const before = answerLater;
    socket.write(head("GET /api/later HTTP/1.1") + head("GET /api/stream?topics=rows HTTP/1.1"));
    await vi.waitFor(() => expect([answerLater !== before, followers]).toEqual([true, 1]));
    socket.destroy();
    await closed;
    await vi.waitFor(() => expect(followers).toBe(0));
  });

  it("that were cut off or refused make room for others", async () => {
    for (let at = 0; at < 33; at++) {
      const refused = await opened();
      refused.socket.write(head("GET /api/stream?topics=none HTTP/1.1"));
      await vi.waitFor(() => expect(refused.heard()).toContain("HTTP/1.1 404"));
      const cut = await opened();
      cut.socket.write(head("GET /api/stream?topics=rows HTTP/1.1"));
      await vi.waitFor(() => expect(cut.heard()).toContain("snapshot"));
      cut.socket.destroy();
      await vi.waitFor(() => expect(followers).toBe(0));
    }
  });

  it("are bounded", async () => {
    const streams = await Promise.all(Array.from({ length: 33 }, opened));
    for (const { socket } of streams) socket.write(head("GET /api/stream?topics=rows HTTP/1.1"));
    const count = (found: string) => streams.filter(({ heard }) => heard().includes(found)).length;
    await vi.waitFor(() => expect([count("snapshot"), count("HTTP/1.1 429")]).toEqual([32, 1]));
  });
});

it("pages come with the policy of the window, and nothing from outside their folder", async () => {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-pages-"));
  writeFileSync(join(folder, "index.html"), "<title>here</title>");
  writeFileSync(join(tmpdir(), `${basename(folder)}.txt`), "outside");
  await server.close();
  await listen(undefined, { folder, policy: "default-src 'none'" });
  const origin = `http://127.0.0.1:${server.port}`;
  const page = await fetch(`${origin}/`);
  expect([page.status, await page.text()]).toEqual([200, "<title>here</title>"]);
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  for (const path of ["/none.html", "/..%2f..%2fetc%2fpasswd", `/..%2f${basename(folder)}.txt`])
    expect((await fetch(`${origin}${path}`)).status).toBe(404);
  for (const line of [
    `GET /../${basename(folder)}.txt HTTP/1.1`,
    `GET /%2e%2e/${basename(folder)}.txt HTTP/1.1`,
  ]) {
    const { socket, heard } = await opened();
    socket.write(head(line));
    await vi.waitFor(() => expect(heard()).toMatch(/^HTTP\/1.1 404 /));
  }
  for (const path of ["/", "/none.html"]) {
    const { headers } = await fetch(`${origin}${path}`);
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  }
  // A page is read, and what is below /api is none.
  expect((await fetch(`${origin}/`, { method: "POST", body: "{}" })).status).toBe(404);
  const api = await fetch(`${origin}/api/none`, { headers: { authorization: `Bearer ${token}` } });
  const hint = "GET /api/openapi.json lists all routes.";
  expect([api.status, await api.json()]).toEqual([404, expect.objectContaining({ hint })]);
  rmSync(folder, { recursive: true });
  rmSync(join(tmpdir(), `${basename(folder)}.txt`));
});
