import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "nats";
import { afterEach, describe, expect, it } from "vitest";
import { freePort } from "../../playground/kit/free-port.ts";
import { startNatsServer } from "../../playground/kit/nats-server.ts";
import { SimulatedLattice } from "../../playground/lattice/lattice.ts";
import { type Diagnosis, latticeTargetSchema, type Secrets } from "../../shared/connections/schema.ts";
import { diagnose } from "./diagnosis.ts";
import { hasOpenssl, makeCertificates } from "./testing/certificates.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function server(options: Parameters<typeof startNatsServer>[0] = {}) {
  const started = await startNatsServer(options);
  cleanups.push(() => started.stop());
  return started;
}

async function lattice(url: string, name: string, hosts: number): Promise<SimulatedLattice> {
  const made = new SimulatedLattice({ url, name, hostDefaults: { heartbeatMilliseconds: 200 } });
  cleanups.push(() => made.stop());
  for (let index = 0; index < hosts; index += 1) await (await made.createHost()).start();
  return made;
}

function test(address: string | string[], rest: object = {}, secrets: Secrets = {}): Promise<Diagnosis> {
  const target = latticeTargetSchema.parse({
    addresses: [address].flat(),
    requestTimeoutMs: 300,
    ...rest,
  });
  return diagnose({ target, secrets, listenMs: 500 });
}

/** How many clients the server sees, by its own monitoring. */
async function connections(monitor: number): Promise<number> {
  const reply = await fetch(`http://127.0.0.1:${monitor}/connz`);
  return ((await reply.json()) as { num_connections: number }).num_connections;
}

function outcomes(diagnosis: Diagnosis): Record<string, string> {
  return Object.fromEntries(diagnosis.steps.map((step) => [step.name, step.outcome]));
}

/** The step that failed, after which everything is skipped. */
function failedStep(diagnosis: Diagnosis): string | undefined {
  const index = diagnosis.steps.findIndex((step) => step.outcome === "failed");
  for (const step of diagnosis.steps.slice(index + 1)) expect(step.outcome).toBe("skipped");
  expect(diagnosis.ok).toBe(false);
  expect(diagnosis.summary).toBe(diagnosis.failure?.message);
  return diagnosis.steps[index]?.name;
}

describe("a connection that works", () => {
  it("passes every step and names server, round trip and hosts", async () => {
    const { url } = await server();
    await lattice(url, "shop", 3);
    const diagnosis = await test(url, { lattice: "shop" });
    expect(outcomes(diagnosis)).toEqual({
      resolve: "passed",
      connect: "passed",
      tls: "skipped",
      authenticate: "passed",
      permissions: "passed",
      lattice: "passed",
    });
    expect(diagnosis).toMatchObject({ ok: true, lattices: ["shop"] });
    expect(diagnosis.hosts).toHaveLength(3);
    expect(diagnosis.hosts[0]).toMatchObject({ version: "1.9.2" });
    expect(diagnosis.server?.maxPayloadBytes).toBe(1_048_576);
    expect(diagnosis.roundTripMs).toBeGreaterThan(0);
    expect(diagnosis.summary).toContain("3 hosts answer in lattice shop");
  });

  it("leaves no connection behind", async () => {
    const monitor = await freePort();
    const { url } = await server({ extraConfiguration: `http: "127.0.0.1:${monitor}"` });
    await test(url);
    await expect.poll(() => connections(monitor)).toBe(0);
  });

  it("warns when one of the addresses is dead", async () => {
    const { url } = await server();
    const diagnosis = await test([`nats://127.0.0.1:${await freePort()}`, url]);
    expect(outcomes(diagnosis)).toMatchObject({ connect: "warning", authenticate: "passed" });
    expect(diagnosis.ok).toBe(true);
  });

  it("goes through websockets", async () => {
    const { websocketUrl } = await server({ websocket: true });
    expect(await test(String(websocketUrl))).toMatchObject({ ok: true });
  });
});

describe("lattices", () => {
  it("tells a wrong lattice from an empty system, and names the ones that are there", async () => {
    const { url } = await server();
    const none = await test(url, { lattice: "shop" });
    expect(none).toMatchObject({ ok: true, hosts: [], lattices: [] });
    expect(none.summary).toContain("no host responds");
    await lattice(url, "shop-eu", 2);
    const wrong = await test(url, { lattice: "shop" });
    expect(failedStep(wrong)).toBe("lattice");
    expect(wrong.failure?.code).toBe("not_found");
    expect(wrong.summary).toContain("shop-eu (2 hosts)");
    expect(wrong.lattices).toEqual(["shop-eu"]);
  });

  it("finds lattices whose hosts are all down by their buckets", async () => {
    const { url } = await server({ jetStream: true });
    const connection = await connect({ servers: url.replace("nats://", "") });
    cleanups.push(() => connection.close());
    await connection.jetstream().views.kv("LATTICEDATA_asleep");
    const other = await test(url, { lattice: "shop" });
    expect(other.summary).toContain("asleep (no hosts)");
    const same = await test(url, { lattice: "asleep" });
    expect(outcomes(same).lattice).toBe("warning");
    expect(same.summary).toContain("none of its hosts answers");
  });

  it("uses the prefixes of the target", async () => {
    const { url } = await server();
    const made = new SimulatedLattice({ url, name: "shop", hostDefaults: { topicPrefix: "acme.ctl" } });
    cleanups.push(() => made.stop());
    await (await made.createHost()).start();
    expect((await test(url, { lattice: "shop", topicPrefix: "acme.ctl" })).hosts).toHaveLength(1);
  });
});

describe("what is wrong", () => {
  it("names the step: name, port, password", async () => {
    expect(failedStep(await test("nats://no-such-host.invalid:4222"))).toBe("resolve");
    expect(failedStep(await test(`nats://127.0.0.1:${await freePort()}`))).toBe("connect");
    const { url } = await server({ user: "operator", password: "right-password" });
    const authentication = { method: "password", user: "operator" };
    const diagnosis = await test(url, { authentication }, { password: "wrong-password" });
    expect(failedStep(diagnosis)).toBe("authenticate");
    expect(JSON.stringify(diagnosis)).not.toContain("wrong-password");
  });

  it("recognises an HTTP server, a silent listener and another protocol", async () => {
    const http = createHttpServer((_request, response) => response.end("hello"));
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => http.close());
    const port = (made: { address(): unknown }) => (made.address() as { port: number }).port;
    const web = await test(`nats://127.0.0.1:${port(http)}`);
    expect(failedStep(web)).toBe("connect");
    expect(web.summary).toContain("HTTP server");
    const silent = createServer((socket) => socket.on("error", () => undefined));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => silent.close());
    const quiet = await test(`nats://127.0.0.1:${port(silent)}`);
    expect(quiet.failure?.code).toBe("timeout");
    expect(quiet.summary).toContain("says nothing");
    const mail = createServer((socket) => socket.end("220 mail.example.test ESMTP\r\n"));
    await new Promise<void>((resolve) => mail.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => mail.close());
    const other = await test(`nats://127.0.0.1:${port(mail)}`);
    expect(other.summary).toContain("220 mail.example.test");
    const socketAsWebsocket = await test(`ws://127.0.0.1:${port(http)}`);
    expect(failedStep(socketAsWebsocket)).toBe("authenticate");
    expect(socketAsWebsocket.failure?.details?.cause).toBe("not-nats");
  });

  it("names a server that is full", async () => {
    const monitor = await freePort();
    const http = `http: "127.0.0.1:${monitor}"`;
    const { url } = await server({ extraConfiguration: `max_connections: 1\n${http}` });
    await expect.poll(() => connections(monitor)).toBe(0);
    const connection = await connect({ servers: url.replace("nats://", "") });
    cleanups.push(() => connection.close());
    const diagnosis = await test(url);
    expect(failedStep(diagnosis)).toMatch(/connect|authenticate/);
    expect(["limit", "closed"]).toContain(diagnosis.failure?.details?.cause);
  });

  it("says which subjects a limited user may not use", async () => {
    const permissions = 'publish: { deny: "wasmbus.ctl.>" }, subscribe: { deny: "wasmbus.evt.>" }';
    const users = `users: [{ user: viewer, password: "secret-word", permissions: { ${permissions} } }]`;
    const { url } = await server({ extraConfiguration: `authorization { ${users} }` });
    const authentication = { method: "password", user: "viewer" };
    const diagnosis = await test(url, { authentication }, { password: "secret-word" });
    expect(failedStep(diagnosis)).toBe("permissions");
    expect(diagnosis.summary).toContain("publish to wasmbus.ctl.v1.default.host.ping");
    expect(diagnosis.summary).toContain("subscribe to wasmbus.evt.default.>");
  });

  it("accepts a user who is limited to an inbox of its own once the prefix is set", async () => {
    const permissions = 'subscribe: { allow: ["_INBOX_viewer.>", "wasmbus.evt.>"] }';
    const users = `users: [{ user: viewer, password: "secret-word", permissions: { ${permissions} } }]`;
    const { url } = await server({ extraConfiguration: `authorization { ${users} }` });
    const authentication = { method: "password", user: "viewer" };
    const without = await test(url, { authentication }, { password: "secret-word" });
    expect(without.failure?.hint).toContain("inbox prefix");
    const settings = { authentication, inboxPrefix: "_INBOX_viewer" };
    expect(await test(url, settings, { password: "secret-word" })).toMatchObject({ ok: true });
  });
});

describe.skipIf(!hasOpenssl())("TLS (needs the openssl command)", () => {
  it("tells untrusted, absent and mutual TLS apart", async () => {
    const folder = mkdtempSync(join(tmpdir(), "switchyard-diagnosis-"));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    const made = makeCertificates(folder);
    const secure = await server({ tls: { ...made.server, authority: made.authority, verifyClients: true } });
    const causeOf = (diagnosis: Diagnosis) => [failedStep(diagnosis), diagnosis.failure?.details?.cause];
    const ca = { caFile: made.authority };
    const client = { certificateFile: made.client.certificate, keyFile: made.client.key };
    expect(causeOf(await test(secure.url, { tls: { ...client } }))).toEqual(["tls", "tls-untrusted"]);
    expect(causeOf(await test(secure.url, { tls: ca }))).toEqual(["tls", "tls-certificate"]);
    const good = await test(secure.url, { tls: { ...ca, ...client } });
    expect(good).toMatchObject({ ok: true });
    expect(good.steps[2]?.message).toContain("TLSv1.3");
    const early = await test(secure.url, { tls: { ...ca, ...client, handshakeFirst: true } });
    expect(causeOf(early)).toEqual(["tls", "tls-unavailable"]);
    const plain = await server();
    const wanted = await test(plain.url.replace("nats:", "tls:"));
    expect(causeOf(wanted)).toEqual(["tls", "tls-unavailable"]);
  });
});
