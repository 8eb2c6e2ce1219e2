import { lookup } from "node:dns/promises";
import { type AddressInfo, createConnection, createServer, type LookupFunction, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { startNatsServer } from "../../playground/kit/nats-server.ts";
import { latticeTargetSchema } from "../../shared/connections/schema.ts";
import { allowedLookup, allowLinkLocal, requireAllowedHost } from "../upstream/addresses.ts";
import { diagnose } from "./diagnosis.ts";
import { openNats } from "./nats.ts";

afterEach(() => allowLinkLocal(false));

const refusal = { code: "forbidden", details: { cause: "address", delivered: false } };

const withheld = [
  ...[
    "169.254.169.254",
    "169.254.0.1",
    "169.254.170.2",
    "0.0.0.0",
    "0.1.2.3",
    "100.100.100.200",
    "168.63.129.16",
  ],
  ...["::", "fe80::1", "fe80::1%eth0", "febf::1", "fd00:ec2::254", "fd20:ce::254"],
  ...[
    "[::ffff:169.254.169.254]",
    "::ffff:a9fe:a9fe",
    "0:0:0:0:0:ffff:a9fe:a9fe",
    "::ffff:0.0.0.0",
    "::169.254.169.254",
  ],
  ...["64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "0000:0000:0000:0000:0000:0000:0000:0000"],
];
const good = [
  ...["127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", "100.64.0.1", "169.253.1.1", "169.255.1.1", "1.1.1.1"],
  ...[
    "fec0::1",
    "fd00::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:a00:1::",
    "example.com",
  ],
];

function caught(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe("an address", () => {
  it.each(withheld)("%s is not connected to, unless that is allowed", (address) => {
    expect(caught(() => requireAllowedHost(address))).toMatchObject(refusal);
    allowLinkLocal(true);
    requireAllowedHost(address);
  });

  it.each(good)("%s is", (address) => requireAllowedHost(address));
});

function resolve(name: string, options: Parameters<LookupFunction>[1] = {}): Promise<unknown> {
  return new Promise((done, fail) => {
    allowedLookup(name, options, (error, address) => (error ? fail(error) : done(address)));
  });
}

describe("a name", () => {
  // Other spellings of addresses are names to a socket, and the system's resolver knows them.
  const spelt = [
    "2852039166",
    "0xa9fea9fe",
    "0xa9.0xfe.0xa9.0xfe",
    "0251.0376.0251.0376",
    "169.16689662",
    "0",
    "0x0.0",
  ];

  it.each(spelt)("%s leads where no connection goes", async (name) => {
    const { address } = await lookup(name);
    expect(() => requireAllowedHost(address)).toThrow();
    await expect(resolve(name)).rejects.toMatchObject(refusal);
    await expect(resolve(name, { all: true })).rejects.toMatchObject(refusal);
    allowLinkLocal(true);
    expect(await resolve(name)).toBe(address);
  });

  it("is resolved in both forms that sockets ask for, and its failure is the resolver's", async () => {
    expect(await resolve("127.1")).toBe("127.0.0.1");
    expect(await resolve("127.1", { all: true })).toEqual([{ address: "127.0.0.1", family: 4 }]);
    expect(String(await resolve("localhost"))).toMatch(/^(127\.0\.0\.1|::1)$/);
    await expect(resolve("no-such-host.invalid")).rejects.toMatchObject({
      code: expect.stringMatching(/^E/),
    });
  });

  it("that leads nowhere allowed opens no socket", async () => {
    const socket = createConnection({ host: "0x0.0", port: 1, lookup: allowedLookup });
    const error = await new Promise((done) => socket.once("error", done));
    expect(error).toMatchObject(refusal);
    expect(socket.remoteAddress).toBeUndefined();
  });
});

describe("a NATS server", () => {
  const target = (address: string, rest: object = {}) =>
    latticeTargetSchema.parse({ addresses: [address], ...rest });

  it("is reached at an address that is allowed only where it is, in every way that leads to it", async () => {
    const server = await startNatsServer({ websocket: true });
    try {
      const nats = ["nats://0.0.0.0", "nats://0x0.0", "nats://[::]", "nats://0"].map(
        (host) => `${host}:${server.port}`,
      );
      const websockets = ["ws://0.0.0.0", "ws://0x0.0", "ws://0"].map(
        (host) => `${host}:${server.websocketPort}`,
      );
      for (const address of [...nats, ...websockets]) {
        await expect(openNats(target(address), {})).rejects.toMatchObject(refusal);
        const { failure } = await diagnose({ target: target(address), secrets: {} });
        expect([address, failure?.code]).toEqual([address, "forbidden"]);
      }
      const first = { tls: { handshakeFirst: true } };
      await expect(openNats(target(nats[0] ?? "", first), {})).rejects.toMatchObject(refusal);
      allowLinkLocal(true);
      for (const address of [nats[0], nats[1], websockets[0]])
        await (await openNats(target(address ?? ""), {})).close();
    } finally {
      await server.stop();
    }
  });

  it("that tells of others leads to none that is not allowed", async () => {
    const other = await startNatsServer();
    const first = await teller(`0.0.0.0:${other.port}`);
    const connection = await openNats(target(first.address), {});
    try {
      const seen: string[] = [];
      void (async () => {
        for await (const { type, data } of connection.status()) seen.push(`${type} ${data}`);
      })();
      await first.stop();
      const tried = () => seen.filter((line) => line === `reconnecting 0.0.0.0:${other.port}`).length;
      await expect.poll(tried).toBeGreaterThan(1);
      const second = await teller(`0.0.0.0:${other.port}`, Number(new URL(first.address).port));
      await expect.poll(() => seen.filter((line) => line.startsWith("reconnect "))).toHaveLength(1);
      expect(`nats://${connection.getServer()}`).toBe(first.address);
      await second.stop();
    } finally {
      await connection.close();
      await other.stop();
    }
  });
});

/** A NATS server as far as a client's sign-in goes, which tells of another one. */
async function teller(other: string, port = 0): Promise<{ address: string; stop: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      if (data.toString().includes("PING")) socket.write("PONG\r\n");
    });
    const info = {
      server_id: "x",
      version: "2.10.0",
      max_payload: 1_024,
      headers: true,
      connect_urls: [other],
    };
    socket.write(`INFO ${JSON.stringify(info)}\r\n`);
  });
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  return {
    address: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      const stopped = new Promise<void>((done) => server.close(() => done()));
      for (const socket of sockets) socket.destroy();
      return stopped;
    },
  };
}
