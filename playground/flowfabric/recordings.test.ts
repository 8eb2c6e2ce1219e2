import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { flowFabricExchanges, type HttpExchange } from "../../recordings/recordings.ts";
import { type FlowfabricServer, type FlowfabricServerOptions, startFlowfabricServer } from "./server.ts";
import { difference, masked, metricLines } from "./testing/recorded-differences.ts";
import { Stage } from "./testing/recorded-stage.ts";

const token = "token-of-the-recording";

/** The simulated server beside each recorded one. */
const settings: Record<string, FlowfabricServerOptions> = {
  "Valkey 8.0.1": { token, observability: true },
  "Valkey 8.0.1, 64 partitions, no token": { observability: true, partitions: 64 },
  "a Valkey 8.0.1 cluster": { observability: true },
  "PostgreSQL 15": { token, observability: true, backend: "postgres" },
  SQLite: { observability: true, backend: "sqlite" },
  "without observability": { token },
};

interface Answer {
  status: number;
  /** In the order in which they came. */
  headers: [string, string][];
  body: string;
}

/** Sends a request just as it was recorded: no address is normalized, and no header added that matters. */
function send(url: string, { method, path, authorized, request, status }: HttpExchange): Promise<Answer> {
  const body = bodyOf(request);
  const headers: Record<string, string> = {};
  if (authorized) headers.authorization = `Bearer ${status === 401 ? "wrong" : token}`;
  if (body !== undefined && status !== 415) headers["content-type"] = "application/json";
  if (method !== "GET" && body === undefined && /\/cancel$/.test(path))
    headers["content-type"] = "application/json";
  if (body !== undefined) headers["content-length"] = String(Buffer.byteLength(body));
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ hostname, port, method, path, headers, agent: false }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8");
      incoming.on("data", (chunk: string) => {
        text += chunk;
      });
      incoming.on("end", () => {
        const raw = incoming.rawHeaders;
        const pairs = raw.flatMap((name, index): [string, string][] =>
          index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ""]] : [],
        );
        const kept = pairs.filter(([name]) => !ofTheConnection.has(name));
        resolve({ status: incoming.statusCode ?? 0, headers: kept, body: text });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const ofTheConnection = new Set(["date", "connection", "keep-alive", "transfer-encoding"]);

/** What was cut from a recording was filler. */
function bodyOf(request: unknown): string | undefined {
  if (request === null) return undefined;
  if (typeof request === "string") return request;
  const { truncated } = request as { truncated?: string };
  return truncated === undefined ? JSON.stringify(request) : truncated.padEnd(1_100_000, "x");
}

const exchanges = flowFabricExchanges();
const kinds = new Map<string, [number, HttpExchange][]>();
for (const [index, exchange] of exchanges.entries()) {
  const kind = exchange.server.replace(/^ff-server \S+ (on )?/, "");
  kinds.set(kind, [...(kinds.get(kind) ?? []), [index + 1, exchange]]);
}

test("every recorded server has its simulated one", () => {
  expect([...kinds.keys()].sort()).toEqual(Object.keys(settings).sort());
});

describe.each([...kinds])("%s", (kind, list) => {
  let server: FlowfabricServer;
  let stage: Stage;

  beforeAll(async () => {
    const options = { callTimeoutMilliseconds: 10, ...settings[kind] };
    server = await startFlowfabricServer(options);
    stage = new Stage(
      server,
      list.map(([, exchange]) => exchange),
    );
  });
  afterAll(() => server.stop());

  const named = list.map(
    ([number, exchange], index) =>
      [`${number} ${exchange.method} ${exchange.path} ${exchange.status}`, exchange, index] as const,
  );
  test.each(named)("%s", async (_name, exchange, index) => {
    await stage.prepare(index);
    const answer = await send(server.url, exchange);
    const recorded = masked(exchange.body, exchange);
    expect(answer.status).toBe(exchange.status);
    expect(answer.headers.map(withoutLength)).toEqual(headersOf(exchange).map(withoutLength));
    if (exchange.path === "/metrics" && exchange.status === 200) {
      const kept = metricLines((exchange.body as { truncated: string }).truncated);
      expect(metricLines(answer.body).slice(0, kept.length)).toEqual(kept);
    }
    if (difference(exchange) !== undefined) return;
    expect(masked(parsed(answer), exchange)).toEqual(recorded);
  });
});

function headersOf({ headers }: HttpExchange): [string, string][] {
  return Object.entries(headers).filter(([name]) => !ofTheConnection.has(name));
}

/** Ids and times differ in length. */
function withoutLength([name, value]: [string, string]): [string, string] {
  return [name, name === "content-length" ? "" : value];
}

function parsed({ body, headers }: Answer): unknown {
  if (body === "") return null;
  const type = headers.find(([name]) => name === "content-type")?.[1] ?? "";
  return type === "application/json" ? JSON.parse(body) : body;
}
