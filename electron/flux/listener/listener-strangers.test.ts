import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { SimulatedDaemon } from "../../../playground/flux/daemon.ts";
import { hasOpenssl, makeCertificates } from "../../connections/testing/certificates.ts";
import { type ConsoleSide, holder, openConsoleSide, token } from "../testing/console-side.ts";

const folder = mkdtempSync(join(tmpdir(), "switchyard-flux-strangers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let here: ConsoleSide;
const sockets: Socket[] = [];
const daemons: SimulatedDaemon[] = [];
afterEach(async () => {
  for (const daemon of daemons.splice(0)) daemon.stop();
  await here.close();
  for (const socket of sockets.splice(0)) socket.destroy();
});

// Nobody gets in because others have waited long enough: that would be after this time.
const never = 600_000;
const knownDaemons = [holder("shop"), holder("infra", "other")];

const upgrade = [
  "GET /v11/daemon HTTP/1.1",
  "Host: console",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: 2mJt1l9Qw0o8kqkzq7m3Zw==",
].join("\r\n");

/** What a stranger does with its socket, once that is open; none ever reads or closes it. */
const strangers = {
  "upgrades without a token": (socket: Socket) => socket.write(`${upgrade}\r\n\r\n`),
  "upgrades with a wrong token": (socket: Socket) =>
    socket.write(`${upgrade}\r\nAuthorization: Scope-Probe token=wrong\r\n\r\n`),
  "upgrades of a web page": (socket: Socket) =>
    socket.write(
      `${upgrade}\r\nAuthorization: Scope-Probe token=${token}\r\nOrigin: http://evil.example\r\n\r\n`,
    ),
  "requests without a token": (socket: Socket) =>
    socket.write("POST /v6/events HTTP/1.1\r\nHost: console\r\nContent-Length: 1000000\r\n\r\n{"),
  silence: () => undefined,
  "half-open sockets": (socket: Socket) => socket.end(),
  "half-open sockets after half a request": (socket: Socket) => socket.end("GET /v11/daemon HT"),
  "headers that never end": (socket: Socket) => socket.write(`${upgrade}\r\nX-Slow: `),
  "bytes that are no request": (socket: Socket) => socket.write("\u0016\u0003\u0001\u0002"),
};

const authorization = `Authorization: Scope-Probe token=${token}`;

/** What is answered with a refusal. */
const refused = {
  "an upgrade without a token": strangers["upgrades without a token"],
  "an upgrade with a wrong token": strangers["upgrades with a wrong token"],
  "an upgrade of a web page": strangers["upgrades of a web page"],
  "an upgrade to nowhere": (socket: Socket) =>
    socket.write(`${upgrade.replace("/v11/daemon", "/nowhere")}\r\n${authorization}\r\n\r\n`),
  "a request without a token": (socket: Socket) =>
    socket.write("POST /v6/events HTTP/1.1\r\nHost: console\r\nContent-Length: 2\r\n\r\n{}"),
  "a request that is never sent to its end": strangers["requests without a token"],
  "a request to nowhere": (socket: Socket) =>
    socket.write(`GET /nowhere HTTP/1.1\r\nHost: console\r\n${authorization}\r\n\r\n`),
};

/** So many sockets of strangers, all open at the same time, from these addresses in turn. */
async function crowd(
  count: number,
  act: (socket: Socket) => void,
  addresses: readonly string[],
): Promise<void> {
  const port = Number(new URL(here.url).port);
  const opened = Array.from({ length: count }, (_, index) => {
    const localAddress = addresses[index % addresses.length];
    const socket = connect({ port, host: "127.0.0.1", localAddress, allowHalfOpen: true }).pause();
    sockets.push(socket);
    return new Promise<void>((resolve) => {
      socket.on("error", () => resolve());
      socket.once("connect", () => {
        act(socket);
        resolve();
      });
    });
  });
  await Promise.all(opened);
}

function dial(name: string, secret: string): void {
  const daemon = new SimulatedDaemon({ name, connect: here.url, token: secret, redialMs: never });
  daemons.push(daemon);
  daemon.start();
}

const connected = (id: string) => vi.waitFor(() => expect(here.session.daemon(id).isConnected).toBe(true));

const manyAddresses = Array.from({ length: 50 }, (_, index) => `127.0.0.${index + 2}`);

describe.each([
  ["one address", ["127.0.0.1"]],
  ["many addresses", manyAddresses],
])("a crowd of strangers from %s", (_name, addresses) => {
  it.each(Object.entries(strangers))("with %s keeps no daemon out", async (_what, act) => {
    const limits = { strangerMs: never, refusalsPerMinute: 10_000 };
    here = await openConsoleSide({ daemons: knownDaemons, limits });
    dial("shop", token);
    await connected("shop");
    await crowd(400, act, addresses);
    // At its first attempt: it would make no other.
    dial("infra", "other");
    await connected("infra");
    expect(here.session.rows()).toMatchObject([
      { status: "connected", registrations: 1 },
      { status: "connected", registrations: 1 },
    ]);
    await here.session.daemon("shop").client.ping();
    await here.session.daemon("infra").client.ping();
  });
});

describe("a stranger", () => {
  it.each(Object.entries(strangers))(
    "with %s is shut out in the end, and that is counted",
    async (_what, act) => {
      here = await openConsoleSide({ limits: { strangerMs: 300 } });
      await crowd(20, act, ["127.0.0.1"]);
      await vi.waitFor(() => {
        const { strangers: left, refusedCount } = here.session.describe();
        expect({ left, told: refusedCount > 0 || act === strangers["half-open sockets"] }).toEqual({
          left: 0,
          told: true,
        });
      });
    },
  );

  it("is told among those who were refused, with its address and why", async () => {
    here = await openConsoleSide({ limits: { strangerMs: 100, strangersPerAddress: 5 } });
    await crowd(12, strangers.silence, ["127.0.0.7"]);
    await vi.waitFor(() =>
      expect(here.session.describe()).toMatchObject({ evictedCount: 12, refusedCount: 12 }),
    );
    expect(here.session.describe().refused).toMatchObject([
      { remoteAddress: "127.0.0.7", path: "", reason: "no token in time", count: 5 },
      { remoteAddress: "127.0.0.7", path: "", reason: "too many sockets", count: 7 },
    ]);
  });

  it.each(Object.entries(refused))(
    "that is refused for %s is gone at once, though it never reads nor closes",
    async (_what, act) => {
      here = await openConsoleSide({ limits: { strangerMs: never } });
      await crowd(30, act, ["127.0.0.1"]);
      await vi.waitFor(() =>
        expect(here.session.describe()).toMatchObject({ strangers: 0, refusedCount: 30 }),
      );
      expect(here.session.describe().evictedCount).toBe(0);
    },
  );

  it("keeps no listener from closing", async () => {
    here = await openConsoleSide({ limits: { strangerMs: never } });
    await crowd(10, strangers.silence, ["127.0.0.1"]);
    await here.close();
    await vi.waitFor(() => expect(here.session.describe().strangers).toBe(0));
  });
});

describe.runIf(hasOpenssl())("over TLS", () => {
  it.each([
    ["never begin", () => undefined],
    ["never end", (socket: Socket) => socket.write(Buffer.from("160301020001000130303", "hex"))],
    ["are none", (socket: Socket) => socket.write("GET / HTTP/1.1\r\n\r\n")],
  ])("handshakes that %s keep no daemon out, and end", async (_what, act) => {
    const made = makeCertificates(folder);
    const files = { certificateFile: made.server.certificate, keyFile: made.server.key };
    here = await openConsoleSide({ daemons: knownDaemons, files, limits: { strangerMs: 2_000 } });
    dial("shop", token);
    await connected("shop");
    await crowd(400, act, ["127.0.0.1"]);
    dial("infra", "other");
    await connected("infra");
    await vi.waitFor(() => expect(here.session.describe().strangers).toBe(0), { timeout: 10_000 });
    await here.session.daemon("shop").client.ping();
    expect(here.session.rows()).toMatchObject([{ registrations: 1 }, { registrations: 1 }]);
  });
});

describe.runIf(hasOpenssl())("a stranger over TLS", () => {
  it.each(Object.entries(refused))(
    "that is refused for %s is gone at once, though it never reads nor closes",
    async (_what, act) => {
      const made = makeCertificates(folder);
      const files = { certificateFile: made.server.certificate, keyFile: made.server.key };
      here = await openConsoleSide({ files, limits: { strangerMs: never } });
      const port = Number(new URL(here.url).port);
      for (let count = 0; count < 10; count += 1) {
        const raw = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
        sockets.push(raw);
        const secure = connectTls({ socket: raw, rejectUnauthorized: false });
        secure.on("error", () => undefined);
        secure.once("secureConnect", () => act(secure));
      }
      await vi.waitFor(() =>
        expect(here.session.describe()).toMatchObject({ strangers: 0, refusedCount: 10 }),
      );
      expect(here.session.describe().evictedCount).toBe(0);
    },
  );
});

describe("callers with a token", () => {
  it("have more places than anybody needs, and leave some to other addresses", async () => {
    here = await openConsoleSide({ daemons: knownDaemons, limits: { trustedPerAddress: 1 } });
    dial("shop", token);
    await connected("shop");
    dial("infra", "other");
    await vi.waitFor(() =>
      expect(here.session.describe().refused[0]?.reason).toBe(
        "too many daemons are connected from this address",
      ),
    );
    await here.session.daemon("shop").client.ping();
  });

  it("may post events one after the other, and hold no place for them", async () => {
    here = await openConsoleSide({ daemons: knownDaemons, limits: { strangerMs: never } });
    dial("shop", token);
    await connected("shop");
    const head = `POST /v6/events HTTP/1.1\r\nHost: console\r\nAuthorization: Scope-Probe token=${token}\r\nContent-Length: 100\r\n\r\n{`;
    await crowd(400, (socket) => socket.write(head), ["127.0.0.1"]);
    await vi.waitFor(() => expect(here.session.describe().evictedCount).toBe(392));
    dial("infra", "other");
    await connected("infra");
    await here.session.daemon("shop").client.ping();
  });
});
