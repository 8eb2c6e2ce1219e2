import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TlsOptions } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { flowfabricTargetSchema } from "../../shared/connections/flowfabric-target.ts";
import { forgeTargetSchema } from "../../shared/connections/forge-target.ts";
import { latticeTargetSchema } from "../../shared/connections/schema.ts";
import type { Failure } from "../../shared/contract/index.ts";
import { openNats } from "../connections/nats.ts";
import { makeCertificates, type TestCertificates } from "../connections/testing/certificates.ts";
import { makeClient } from "../flowfabric/session/session.ts";
import { ValkeyStore } from "../flowfabric/valkey/valkey.ts";
import { ForgeClient } from "../forge/client/client.ts";
import { forgeHttp } from "../forge/client/http.ts";
import { type SilentServer, startFullBacklog, startRawServer } from "../sockets/testing/silent-servers.ts";
import type { HttpClient } from "../upstream/http-client.ts";

/** A client as a system makes it of a connection's settings, with a read and a command of it. */
interface Client {
  read(): Promise<unknown>;
  command(body?: string): Promise<unknown>;
  http: HttpClient;
}

interface Settings {
  url: string;
  requestTimeoutMs: number;
  caFile?: string;
}

const systems: Record<string, (settings: Settings) => Promise<Client>> = {
  forge: async (settings) => {
    const client = new ForgeClient(forgeHttp(forgeTargetSchema.parse(settings), {}));
    return {
      read: () => client.health(),
      command: (body = "{}") => client.sendUnit({ path: "/things", body }),
      http: client.http,
    };
  },
  flowfabric: async (settings) => {
    const client = await makeClient({ target: flowfabricTargetSchema.parse(settings), secrets: {} });
    return {
      read: () => client.health(),
      command: (body = "") => client.createExecution({ body }),
      http: client.http,
    };
  },
};

const folder = mkdtempSync(join(tmpdir(), "switchyard-http-clients-"));
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

/** Whether it came to an answer, or what else it came to. */
async function failureOf(work: Promise<unknown>): Promise<Failure> {
  return work.then(
    () => expect.unreachable("expected a failure"),
    (failure: Failure) => failure,
  );
}

async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket.on("close", () => sockets.delete(socket)).on("error", () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function plain(onRequest: RequestListener): Promise<string> {
  return `http://${await listening(createHttpServer(onRequest))}`;
}

function pemOf({ certificate, key }: TestCertificates["server"]): TlsOptions {
  return { cert: readFileSync(certificate), key: readFileSync(key) };
}

async function secured(onRequest: RequestListener, options: TlsOptions = {}): Promise<string> {
  return `https://${await listening(createHttpsServer({ ...pemOf(made.server), ...options }, onRequest))}`;
}

/** A server of which each connection is in the hands of the test once something has come. */
async function raw(onData: (socket: Socket) => void): Promise<string> {
  return `http://${await silent(startRawServer(onData))}`;
}

async function silent(starting: Promise<SilentServer>): Promise<string> {
  const server = await starting;
  ends.push(() => server.stop());
  return `127.0.0.1:${server.port}`;
}

async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

/** An answer that both systems take, to a read and to a command. */
const good: RequestListener = (request, response) => {
  request.resume().on("end", () => {
    response.writeHead(200, { "content-type": "text/plain" }).end('{"status":"ok"}');
  });
};
const cut: RequestListener = (request) => void request.socket.destroy();
const ignore: RequestListener = () => undefined;

interface Trouble {
  name: string;
  /** Starts what is in trouble; its address. */
  start(): Promise<string>;
  /** Short where nothing ever comes. */
  timeoutMs?: number;
  /** The authority's file; that of the server's certificate by default. */
  trusted?: () => string;
  expected: { code: string; cause: string; message: RegExp };
  /** The command surely did not arrive. */
  undelivered?: true;
}

const lateAnswer = { code: "timeout", cause: "timeout", message: /^http\S+ did not answer in time\.$/ };
const lateConnection = {
  code: "unreachable",
  cause: "timeout",
  message: /^http\S+ could not be connected to in time\.$/,
};
const closed = {
  code: "unreachable",
  cause: "closed",
  message: /^http\S+ closed the connection without an answer\.$/,
};
const head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n";

const troubles: readonly Trouble[] = [
  {
    name: "a port where nothing listens",
    start: async () => `http://${await closedPort()}`,
    expected: {
      code: "unreachable",
      cause: "refused",
      message: /^Nothing accepts connections at http:\/\/127/,
    },
    undelivered: true,
  },
  {
    name: "a name that nobody knows",
    start: async () => "http://no-such-host.invalid",
    expected: {
      code: "unreachable",
      cause: "dns",
      message: /^The host name of http:\/\/no-such-host\.invalid cannot be resolved\.$/,
    },
    undelivered: true,
  },
  {
    name: "packets that are dropped",
    start: async () => `http://${await silent(startFullBacklog())}`,
    timeoutMs: shortMs,
    expected: lateConnection,
    undelivered: true,
  },
  {
    name: "a server that takes the request and never answers",
    start: () => plain(ignore),
    timeoutMs: shortMs,
    expected: lateAnswer,
  },
  {
    name: "a TLS handshake that never ends",
    start: async () => `https://${await silent(startRawServer(() => undefined))}`,
    timeoutMs: shortMs,
    expected: lateConnection,
    undelivered: true,
  },
  {
    name: "a TLS handshake that is cut",
    start: async () => `https://${await silent(startRawServer((socket) => socket.destroy()))}`,
    expected: { ...closed, message: /^https\S+ closed the connection without an answer\.$/ },
    undelivered: true,
  },
  {
    name: "a server without TLS under https",
    start: async () => (await plain(good)).replace("http:", "https:"),
    expected: { code: "unreachable", cause: "tls-unavailable", message: /^https\S+ offers no TLS/ },
    undelivered: true,
  },
  {
    name: "a server that speaks something else",
    start: () => raw((socket) => socket.write("220 mail.example.test ESMTP\r\n")),
    expected: {
      code: "upstream_invalid",
      cause: "not-http",
      message: /does not speak HTTP, or only over TLS/,
    },
  },
  {
    name: "a certificate of an unknown authority",
    start: () => secured(good),
    trusted: () => made.otherAuthority,
    expected: { code: "unreachable", cause: "tls-untrusted", message: /is not signed by an authority/ },
    undelivered: true,
  },
  {
    name: "a certificate for another name",
    start: () => secured(good, pemOf(made.localhost)),
    expected: { code: "unreachable", cause: "tls-hostname", message: /was issued for other names\.$/ },
    undelivered: true,
  },
  {
    name: "a server that demands a client certificate",
    start: () => secured(good, { requestCert: true, rejectUnauthorized: true }),
    expected: {
      code: "unauthenticated",
      cause: "tls-certificate",
      message: /does not accept the client certificate, or there is none\.$/,
    },
    undelivered: true,
  },
  {
    name: "a reset in the middle of the request",
    start: () => raw((socket) => socket.resetAndDestroy()),
    expected: closed,
  },
  {
    name: "a reset in the middle of the reply",
    start: () =>
      raw((socket) => socket.write(`${head}content-length: 99\r\n\r\n{`, () => socket.resetAndDestroy())),
    expected: closed,
  },
  {
    name: "a reply that ends too early",
    start: () => raw((socket) => socket.end(`${head}content-length: 99\r\n\r\n{"status":`)),
    expected: closed,
  },
  {
    name: "a reply that is announced as too large",
    start: () => raw((socket) => void socket.write(`${head}content-length: 999999999\r\n\r\n`)),
    expected: {
      code: "upstream_invalid",
      cause: "too-large",
      message: /^The answer of http\S+ is larger than \d+ MiB\.$/,
    },
  },
  {
    name: "a reply that never ends",
    start: () =>
      raw((socket) => {
        socket.write(`${head}\r\n`);
        const drip = setInterval(() => socket.write("."), 20);
        socket.on("close", () => clearInterval(drip));
      }),
    timeoutMs: shortMs,
    expected: lateAnswer,
  },
  {
    name: "a reply that changes the protocol",
    start: () =>
      raw((socket) =>
        socket.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
      ),
    expected: { code: "upstream_invalid", cause: "not-http", message: /^http\S+ does not speak HTTP/ },
  },
];

describe.each(Object.keys(systems))("%s", (system) => {
  async function clientOf(url: string, requestTimeoutMs = longMs, caFile = made.authority): Promise<Client> {
    const client = await systems[system]!({
      url,
      requestTimeoutMs,
      ...(url.startsWith("https:") && { caFile }),
    });
    ends.push(() => client.http.close());
    return client;
  }

  test.each(troubles)("$name", async ({ start, timeoutMs, trusted, expected, undelivered }) => {
    const client = await clientOf(await start(), timeoutMs, trusted?.());
    for (const work of [client.read, () => client.command("x".repeat(100_000))]) {
      const { code, message, details, hint } = await failureOf(work());
      expect({ code, cause: details?.cause }).toEqual({ code: expected.code, cause: expected.cause });
      expect(message).toMatch(expected.message);
      expect(hint).not.toBe("");
      expect(details?.delivered).toBe(undelivered ? false : undefined);
    }
  });

  describe("a command was surely not delivered", () => {
    test("where every connection was taken until its time was over", async () => {
      const client = await clientOf(await plain(ignore));
      const others = Array.from({ length: 16 }, () => failureOf(client.command()));
      const last = { method: "POST", path: "/things", body: "{}", timeoutMs: shortMs } as const;
      expect(await failureOf(client.http.send(last))).toMatchObject({
        code: "unreachable",
        details: { delivered: false },
      });
      client.http.close();
      for (const { details } of await Promise.all(others)) expect(details?.delivered).toBeUndefined();
    });

    test("where its connection was closed before", async () => {
      const client = await clientOf(await plain(cut));
      client.http.close();
      for (const work of [client.command, client.read])
        expect(await failureOf(work())).toMatchObject({
          code: "unreachable",
          message: expect.stringMatching(/was closed\.$/),
          details: { delivered: false },
        });
    });
  });

  describe("a command may have been delivered", () => {
    test("where it was cut on a standing connection, with TLS or without", async () => {
      for (const url of [await plain(cut), await secured(cut)])
        expect((await failureOf((await clientOf(url)).command())).details).toEqual({
          cause: "closed",
          address: url,
        });
    });

    test("where it arrived and was not answered in time, with TLS or without", async () => {
      let arrived = (): void => undefined;
      for (const url of [await plain(() => arrived()), await secured(() => arrived())]) {
        const client = await clientOf(url);
        const arrival = new Promise<void>((resolve) => {
          arrived = resolve;
        });
        vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
        const failing = failureOf(client.command());
        await arrival;
        vi.advanceTimersByTime(longMs);
        vi.useRealTimers();
        const failure = await failing;
        expect(failure.code).toBe("timeout");
        expect(failure.details?.delivered).toBeUndefined();
      }
    });

    test("where the client was closed over it", async () => {
      let arrived = (): void => undefined;
      const arrival = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      const client = await clientOf(await plain(() => arrived()));
      const failing = failureOf(client.command());
      await arrival;
      client.http.close();
      const failure = await failing;
      expect(failure.message).toMatch(/was closed\.$/);
      expect(failure.details?.delivered).toBeUndefined();
    });

    test("also on a connection that was waited for", async () => {
      const waiting: ServerResponse[] = [];
      const client = await clientOf(
        await plain((request, response) => {
          waiting.push(response);
          if (waiting.length === 17) request.socket.destroy();
          else if (waiting.length === 16) good(waiting[0]!.req, waiting[0]!);
        }),
      );
      const calls = Array.from({ length: 17 }, () => client.command());
      const outcomes = calls.map((call) =>
        call.then(
          () => undefined,
          (failure: Failure) => failure,
        ),
      );
      const last = await outcomes.at(-1);
      expect(last?.code).toBe("unreachable");
      expect(last?.details?.delivered).toBeUndefined();
      client.http.close();
      const failures = (await Promise.all(outcomes)).filter((failure) => failure !== undefined);
      expect(failures).toHaveLength(16);
      for (const { details } of failures) expect(details?.delivered).toBeUndefined();
    });
  });

  describe("what is sent again", () => {
    /** A server that answers one request on each connection, and cuts it at the next. */
    async function onceOnly(): Promise<{ url: string; asked: string[] }> {
      const asked: string[] = [];
      const known = new WeakSet<Socket>();
      const url = await plain((request, response) => {
        asked.push(request.method ?? "");
        if (known.has(request.socket)) return void request.socket.destroy();
        known.add(request.socket);
        good(request, response);
      });
      return { url, asked };
    }

    test("a read whose kept connection the server has closed meanwhile is, once", async () => {
      const { url, asked } = await onceOnly();
      const client = await clientOf(url);
      await client.read();
      await client.read();
      expect(asked).toEqual(["GET", "GET", "GET"]);
    });

    test("a command is on a connection of its own, and sent once", async () => {
      const { url, asked } = await onceOnly();
      const client = await clientOf(url);
      await client.read();
      await client.command();
      await client.command();
      expect(asked).toEqual(["GET", "POST", "POST"]);
      let sent = 0;
      const cutting = await clientOf(
        await plain((request) => {
          sent += 1;
          request.socket.destroy();
        }),
      );
      await failureOf(cutting.command());
      expect(sent).toBe(1);
    });

    test("a read whose connection was new is not", async () => {
      let asked = 0;
      const client = await clientOf(
        await plain((request) => {
          asked += 1;
          request.socket.destroy();
        }),
      );
      await failureOf(client.read());
      expect(asked).toBe(1);
    });

    test.each([429, 503])(
      "a read after %i and Retry-After is, within its time; a command is not",
      async (status) => {
        const asked: string[] = [];
        const url = await plain((request, response) => {
          asked.push(request.method ?? "");
          if (asked.length > 1 && request.method === "GET") return good(request, response);
          request.resume();
          response.writeHead(status, { "retry-after": "1" }).end();
        });
        const client = await clientOf(url);
        await client.read();
        expect(asked).toEqual(["GET", "GET"]);
        await failureOf(client.command());
        expect(asked).toEqual(["GET", "GET", "POST"]);
      },
    );

    test("a read is not where the server asks for more time than it has, or for none", async () => {
      for (const headers of [{ "retry-after": "60" }, { "retry-after": "soon" }, {}] as Record<
        string,
        string
      >[]) {
        let asked = 0;
        const client = await clientOf(
          await plain((_request, response) => {
            asked += 1;
            response.writeHead(429, headers).end();
          }),
        );
        expect((await failureOf(client.read())).code).toBe("rate_limited");
        expect(asked).toBe(1);
      }
    });
  });
});

test("nobody there reads the same for every system", async () => {
  const place = await closedPort();
  const httpClients = Object.values(systems).map(async (open) => {
    const client = await open({ url: `http://${place}`, requestTimeoutMs: longMs });
    ends.push(() => client.http.close());
    return client.read();
  });
  const nats = openNats(latticeTargetSchema.parse({ addresses: [`nats://${place}`] }), {});
  // The client of a cluster keeps to itself what the network said.
  const store = ValkeyStore.open({ addresses: [`redis://${place}`], cluster: false, timeoutMs: longMs });
  const failures = await Promise.all([...httpClients, nats, store].map((work) => failureOf(work)));
  const said = failures.map(({ code, message, hint, details }) => ({
    code,
    message: message.replace(/\w+:\/\//, ""),
    hint,
    cause: details?.cause,
  }));
  expect(said[0]?.message).toBe(`Nothing accepts connections at ${place}.`);
  for (const each of said) expect(each).toEqual(said[0]);
});
