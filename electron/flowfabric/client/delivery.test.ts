import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { makeCertificates, type TestCertificates } from "../../connections/testing/certificates.ts";
import { type SilentServer, startFullBacklog, startRawServer } from "../../sockets/testing/silent-servers.ts";
import { failureOf } from "../testing/both-sides.ts";
import { HttpExchange } from "./http-exchange.ts";

const folder = mkdtempSync(join(tmpdir(), "switchyard-delivery-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let made: TestCertificates;
beforeAll(() => {
  made = makeCertificates(folder);
});

const ends: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const end of ends.splice(0).reverse()) await end();
});

/** Short where nothing ever comes about, whatever time it has. */
const shortMs = 200;
const longMs = 30_000;

function exchangeWith(
  url: string,
  { ca, timeoutMs = longMs }: { ca?: string; timeoutMs?: number } = {},
): HttpExchange {
  const exchange = new HttpExchange({ url, timeoutMs, ca });
  ends.push(() => exchange.close());
  return exchange;
}

function command(exchange: HttpExchange, timeoutMs?: number): Promise<unknown> {
  return exchange.send({
    method: "POST",
    segments: ["v1", "things"],
    body: {},
    ...(timeoutMs && { timeoutMs }),
  });
}

async function silent(starting: Promise<SilentServer>): Promise<number> {
  const server = await starting;
  ends.push(() => server.stop());
  return server.port;
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server over TLS, and the authority that its certificate is from. */
async function secured(onRequest: RequestListener): Promise<{ url: string; ca: string }> {
  const { certificate, key } = made.server;
  const server = createTlsServer({ cert: readFileSync(certificate), key: readFileSync(key) }, onRequest);
  return { url: `https://${await listening(server)}`, ca: readFileSync(made.authority, "utf8") };
}

const refuse: RequestListener = (request) => void request.socket.destroy();
const ignore: RequestListener = () => undefined;

describe("a command was surely not delivered", () => {
  test("where no connection came about in time", async () => {
    const failure = await failureOf(
      command(exchangeWith(`http://127.0.0.1:${await silent(startFullBacklog())}`, { timeoutMs: shortMs })),
    );
    expect(failure).toMatchObject({ code: "unreachable", details: { delivered: false, cause: "timeout" } });
  });

  test("where the other end never answers the greeting of TLS", async () => {
    const port = await silent(startRawServer(() => undefined));
    const exchange = exchangeWith(`https://127.0.0.1:${port}`, { timeoutMs: shortMs });
    const failure = await failureOf(command(exchange));
    expect(failure).toMatchObject({ code: "unreachable", details: { delivered: false } });
  });

  test("where the connection is cut within the handshake", async () => {
    const port = await silent(startRawServer((socket) => socket.destroy()));
    const failure = await failureOf(command(exchangeWith(`https://127.0.0.1:${port}`)));
    expect(failure).toMatchObject({ code: "unreachable", details: { delivered: false } });
  });

  test("where the certificate is not trusted", async () => {
    const { url } = await secured(ignore);
    expect(await failureOf(command(exchangeWith(url)))).toMatchObject({ details: { delivered: false } });
  });

  test("where every connection was taken until its time was over", async () => {
    const exchange = exchangeWith(`http://${await listening(createServer(ignore))}`);
    const others = Array.from({ length: 16 }, () => failureOf(command(exchange)));
    expect(await failureOf(command(exchange, shortMs))).toMatchObject({ details: { delivered: false } });
    exchange.close();
    for (const { details } of await Promise.all(others)) expect(details?.delivered).toBeUndefined();
  });

  test("where its connection was closed before", async () => {
    const exchange = exchangeWith(`http://${await listening(createServer(refuse))}`);
    exchange.close();
    expect(await failureOf(command(exchange))).toMatchObject({ details: { delivered: false } });
  });
});

describe("a command may have been delivered", () => {
  test("where it was cut on a standing connection", async () => {
    const { url, ca } = await secured(refuse);
    const plain = exchangeWith(`http://${await listening(createServer(refuse))}`);
    for (const exchange of [plain, exchangeWith(url, { ca })]) {
      const failure = await failureOf(command(exchange));
      expect(failure.code).toBe("unreachable");
      expect(failure.details?.delivered).toBeUndefined();
    }
  });

  test("where it arrived and was not answered in time", async () => {
    let arrived = (): void => undefined;
    const { url, ca } = await secured(() => arrived());
    const plain = exchangeWith(`http://${await listening(createServer(() => arrived()))}`);
    for (const exchange of [plain, exchangeWith(url, { ca })]) {
      const arrival = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      const failing = failureOf(command(exchange));
      await arrival;
      vi.advanceTimersByTime(longMs);
      vi.useRealTimers();
      const failure = await failing;
      expect(failure.code).toBe("timeout");
      expect(failure.details?.delivered).toBeUndefined();
    }
  });

  test("also on a connection that another request gave free", async () => {
    let asked = 0;
    const onRequest: RequestListener = (request, response) => {
      asked += 1;
      if (asked === 1) request.resume().on("end", () => response.end("{}"));
      else request.socket.destroy();
    };
    const { url, ca } = await secured(onRequest);
    const exchange = exchangeWith(url, { ca });
    await command(exchange);
    expect((await failureOf(command(exchange))).details?.delivered).toBeUndefined();
  });

  test("also on one that was waited for", async () => {
    const waiting: ServerResponse[] = [];
    const onRequest: RequestListener = (request, response) => {
      request.resume();
      waiting.push(response);
      if (waiting.length === 16) waiting[0]?.end("{}");
      if (waiting.length === 17) request.socket.destroy();
    };
    const exchange = exchangeWith(`http://${await listening(createServer(onRequest))}`);
    const calls = Array.from({ length: 17 }, () => command(exchange));
    const failures = calls.slice(1).map(failureOf);
    expect(await failures.at(-1)).toMatchObject({ code: "unreachable" });
    exchange.close();
    for (const { details } of await Promise.all(failures)) expect(details?.delivered).toBeUndefined();
  });
});
