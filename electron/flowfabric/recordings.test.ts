import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { flowFabricExchanges, type HttpExchange } from "../../recordings/recordings.ts";
import { asFailure, type Failure } from "../../shared/contract/index.ts";
import { FlowfabricClient } from "./client/client.ts";
import { answerFailure } from "./client/http-failure.ts";
import { callOf } from "./testing/recorded-calls.ts";
import { proofs } from "./testing/recorded-proofs.ts";

const exchanges = flowFabricExchanges();
const named = exchanges.map((exchange, index) => [nameOf(exchange, index), exchange] as const);

function nameOf({ server, method, path, status }: HttpExchange, index: number): string {
  return `${index + 1} ${method} ${path} ${status} (${server.replace("ff-server 0.15.0 ", "")})`;
}

/** The body as it was on the wire; what the recording cut is marked there. */
function wireBody({ body, headers }: Pick<HttpExchange, "body" | "headers">): string {
  if (body === null) return "";
  if (typeof body === "string" && !headers["content-type"]?.includes("json")) return body;
  if (isCut(body)) return body.truncated;
  return JSON.stringify(body);
}

function isCut(body: unknown): body is { truncated: string } {
  return typeof body === "object" && body !== null && "truncated" in body;
}

/** A server that gives the recorded answer, and keeps what it was asked. */
let answer: HttpExchange;
let asked: { method: string; path: string; body: unknown } | undefined;
const server = createServer((request, response) => {
  let text = "";
  request.setEncoding("utf8");
  request.on("data", (chunk: string) => {
    text += chunk;
  });
  request.on("end", () => {
    const { method = "", url: path = "" } = request;
    asked = { method, path, body: text === "" ? null : JSON.parse(text) };
    const type = answer.headers["content-type"];
    response.writeHead(answer.status, type === undefined ? {} : { "content-type": type });
    response.end(wireBody(answer));
  });
});
let client: FlowfabricClient;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  client = new FlowfabricClient({ url: `http://127.0.0.1:${port}`, timeoutMs: 5_000 });
});
afterAll(() => {
  client.close();
  server.close();
  server.closeAllConnections();
});

/** What an answer that is no success means to an operator. */
function failureAfter(exchange: HttpExchange): Failure {
  const { status } = exchange;
  const method = exchange.method === "GET" ? "GET" : "POST";
  return answerFailure({ method, status, body: Buffer.from(wireBody(exchange)) });
}

/** A text with ids and numbers taken out, so that each kind of answer is judged once. */
function kindOf(exchange: HttpExchange): string {
  return `${exchange.status} ${wireBody(exchange)
    .replace(/^\{"error":"(.*?)"[,}].*$/s, "$1")
    .replace(/(\{fp:\d+\}:)?[0-9a-f]{8}-[0-9a-f-]{27}/g, "<id>")}`;
}

/** What no client of ours asks. */
const notOurs: readonly (readonly [reason: string, isSo: (exchange: HttpExchange) => boolean])[] = [
  ["a path or method that nothing has", ({ path, method }) => path === "/nope" || method === "DELETE"],
  ["a method that is never used", ({ method }) => method === "HEAD" || method === "OPTIONS"],
  ["a list that does not exist", ({ path, method }) => method === "GET" && path === "/v1/flows"],
  ["a request that was malformed on purpose", ({ status }) => [400, 413, 415, 422].includes(status)],
  ["a body where we send none", ({ path, request }) => path.endsWith("/reset") && request !== null],
  [
    "a body without what we always send",
    ({ path, request }) => path.endsWith("/reclaim") && !("worker_capabilities" in Object(request)),
  ],
];

describe("each recorded request that the client can send", () => {
  const ours = named.flatMap(([name, exchange]) => {
    const call = callOf(exchange);
    return call ? [[name, exchange, call] as const] : [];
  });

  test("is each that is not another program's", () => {
    const others = exchanges.filter((exchange) => !callOf(exchange));
    for (const exchange of others) {
      const reasons = notOurs.filter(([, isSo]) => isSo(exchange)).map(([reason]) => reason);
      expect({ path: exchange.path, status: exchange.status, reasons: reasons.length > 0 }).toMatchObject({
        reasons: true,
      });
    }
    expect(ours.length).toBe(exchanges.length - others.length);
    expect(others.length).toBeLessThan(40);
  });

  test.each(ours)("%s", async (_name, exchange, call) => {
    answer = exchange;
    asked = undefined;
    const outcome = await call.send(client).then(
      (value: unknown) => ({ value }),
      (error: unknown) => ({ failure: asFailure(error) }),
    );
    expect(asked).toEqual({
      method: exchange.method,
      // Other programs write the colon of an id as %3A.
      path: exchange.path.replace(/^[^?]*/, (path) => path.replaceAll("%3A", ":")),
      body: exchange.request,
    });
    if (exchange.status >= 400 && !call.absentIsValue)
      expect("failure" in outcome && outcome.failure.toData()).toEqual(failureAfter(exchange).toData());
    else expect("value" in outcome && call.wire(outcome.value)).toEqual(call.expected(exchange));
  });
});

describe("each kind of recorded answer that is no success", () => {
  const kinds = new Map(
    exchanges.filter(({ status }) => status >= 400).map((exchange) => [kindOf(exchange), exchange]),
  );

  test.each([...kinds])("%s", (kind, exchange) => {
    const matching = proofs.filter(([pattern]) => pattern.test(kind));
    expect(matching).toHaveLength(1);
    const failure = failureAfter(exchange);
    // What was only read may be read again at any time.
    const unknown = exchange.method === "GET" ? "later" : "check-first";
    expect(failure.details).toMatchObject({
      status: exchange.status,
      refused: matching[0]?.[1] === "proof",
      // `retryable` of the server decides nothing.
      retry: matching[0]?.[1] === "proof" ? expect.stringMatching(/^(never|later|check-first)$/) : unknown,
    });
    const texts = `${failure.message} ${failure.hint}`;
    expect(texts).not.toMatch(/\.\.(?!=)|\. \./);
    if (matching[0]?.[1] === "unknown") expect(texts).not.toContain("Nothing was changed");
  });

  test("a backend that does not answer is told as that", () => {
    const outages = exchanges.filter((exchange) => /valkey: timed out/.test(kindOf(exchange)));
    expect(outages.length).toBeGreaterThan(15);
    for (const exchange of outages)
      expect(failureAfter(exchange)).toMatchObject({
        code: "unreachable",
        message: "The backend is down: the server's Valkey did not answer in time.",
        details: { backendDown: true },
      });
  });

  test("a reading that failed is not told as something that may have happened", () => {
    const readings = exchanges.filter(({ method, status }) => method === "GET" && status >= 400);
    expect(readings.length).toBeGreaterThan(10);
    for (const exchange of readings)
      expect(failureAfter(exchange).hint).not.toMatch(/send it again|may have (happened|been carried out)/);
  });
});
