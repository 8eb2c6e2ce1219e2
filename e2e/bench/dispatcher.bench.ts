import { fork } from "node:child_process";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { ActivityEngine } from "../../electron/bridge/activity/engine.ts";
import { Confirmations } from "../../electron/bridge/confirmation.ts";
import { Dispatcher } from "../../electron/bridge/dispatcher.ts";
import { EventHub } from "../../electron/bridge/event-hub.ts";
import { HttpAccess } from "../../electron/bridge/http/access.ts";
import { httpApp } from "../../electron/bridge/http/app.ts";
import { listenOnLoopback } from "../../electron/bridge/http/server.ts";
import { TokenStore } from "../../electron/http-tokens.ts";
import { systemClock } from "../../electron/upstream/clock.ts";
import { query } from "../../shared/contract/index.ts";
import { median, report } from "../support/figures.ts";

const token = "bench-token-that-is-long-enough";
const output = { name: "Switchyard", rows: [1, 2, 3], text: "x".repeat(200) };
const body = JSON.stringify(output);
const operations = {
  "bench.get": query({
    method: "GET",
    path: "/bench/{id}",
    summary: "Answers without any work.",
    refresh: "once",
    input: z.object({ id: z.string(), limit: z.number().int().default(5) }),
    output: z.object({ name: z.string(), rows: z.array(z.number()), text: z.string() }),
  }),
};

function newDispatcher(): Dispatcher {
  const unused = () => {
    throw new Error("no commands here");
  };
  return new Dispatcher({
    operations,
    handlers: { "bench.get": () => output },
    connections: () => [],
    destination: () => "",
    connection: unused,
    activities: new ActivityEngine({
      journal: { append: unused, get: unused, unsettled: unused, newest: unused },
      clock: systemClock,
      prepareAgain: unused,
      onJournalError: unused,
    }),
    confirmations: new Confirmations(Date.now),
    onInternalError: unused,
  });
}

async function microsecondsInProcess(calls: number): Promise<number> {
  const dispatcher = newDispatcher();
  const start = performance.now();
  for (let index = 0; index < calls; index++) {
    await dispatcher.call(
      "bench.get",
      { id: "x" },
      {},
      { transport: "ipc", actor: "bench", scope: "change" },
    );
  }
  return ((performance.now() - start) * 1_000) / calls;
}

/** Serves in a process of its own, so that the load does not take its time. */
async function serve(kind: string): Promise<void> {
  let port = 0;
  if (kind === "bare") {
    const server = createServer((_request, response) => {
      response.setHeader("content-type", "application/json");
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  } else {
    const tokens = new TokenStore({ file: "", usedFile: "", now: Date.now, onProblem: () => undefined });
    tokens.setFileToken(token);
    const access = new HttpAccess(tokens, Date.now);
    const hub = new EventHub({}, {});
    const parts = {
      operations,
      dispatcher: newDispatcher(),
      hub,
      access,
      version: "bench",
      port: () => port,
    };
    port = (await listenOnLoopback(httpApp(parts), 0)).port;
  }
  process.send?.(port);
}

/** Requests per second over keep-alive sockets, each with one request at a time. */
async function requestsPerSecond(kind: string, seconds: number): Promise<number> {
  const child = fork(fileURLToPath(import.meta.url), [], {
    env: { ...process.env, SWITCHYARD_BENCH_SERVE: kind },
  });
  const port = await new Promise<number>((resolve) =>
    child.once("message", (message) => resolve(Number(message))),
  );
  const request = `GET /api/bench/x HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  await drive({ port, request, seconds: 1 });
  const rate = await drive({ port, request, seconds });
  child.kill();
  return rate;
}

async function drive(load: { port: number; request: string; seconds: number }): Promise<number> {
  const end = performance.now() + load.seconds * 1_000;
  const counts = await Promise.all(Array.from({ length: 16 }, () => oneSocket(load, end)));
  return counts.reduce((sum, count) => sum + count, 0) / load.seconds;
}

function oneSocket({ port, request }: { port: number; request: string }, end: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(request));
    let done = 0;
    let text = "";
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (!text.endsWith(`${body}`) && !text.endsWith(`${body}\r\n0\r\n\r\n`)) return;
      if (!text.startsWith("HTTP/1.1 200")) return reject(new Error(text.slice(0, 200)));
      text = "";
      done++;
      if (performance.now() < end) socket.write(request);
      else {
        socket.destroy();
        resolve(done);
      }
    });
  });
}

async function main(): Promise<void> {
  await microsecondsInProcess(20_000);
  const runs: number[] = [];
  for (let run = 0; run < 5; run++) runs.push(await microsecondsInProcess(50_000));
  report({
    name: "dispatcher: one query in process",
    value: median(runs),
    unit: "µs",
    budget: { atMost: 20 },
  });
  const bare: number[] = [];
  const ours: number[] = [];
  for (let run = 0; run < 3; run++) {
    bare.push(await requestsPerSecond("bare", 3));
    ours.push(await requestsPerSecond("console", 3));
  }
  report({ name: "http: bare node:http", value: median(bare), unit: "requests/s" });
  report({ name: "http: console", value: median(ours), unit: "requests/s" });
  report({
    name: "http: share of bare node:http",
    value: median(ours) / median(bare),
    unit: "ratio",
    budget: { atLeast: 0.25 },
  });
}

const kind = process.env.SWITCHYARD_BENCH_SERVE;
await (kind ? serve(kind) : main());
