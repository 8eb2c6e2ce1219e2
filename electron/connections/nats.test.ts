import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nkeys } from "nats";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../playground/kit/free-port.ts";
import { startNatsServer } from "../../playground/kit/nats-server.ts";
import { type LatticeTarget, latticeTargetSchema, type Secrets } from "../../shared/connections/schema.ts";
import { Failure } from "../../shared/contract/index.ts";
import { type NatsConnection, openNats } from "./nats.ts";
import { mayPass } from "./nats-failure.ts";
import { hasOpenssl, makeCertificates, type TestCertificates } from "./testing/certificates.ts";
import { makeOperator } from "./testing/operator.ts";

const folder = mkdtempSync(join(tmpdir(), "switchyard-connections-"));
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function server(options: Parameters<typeof startNatsServer>[0] = {}) {
  const started = await startNatsServer(options);
  cleanups.push(() => started.stop());
  return started;
}

function target(address: string | string[], rest: object = {}): LatticeTarget {
  return latticeTargetSchema.parse({ addresses: [address].flat(), ...rest });
}

async function open(wanted: LatticeTarget, secrets: Secrets = {}): Promise<NatsConnection> {
  const connection = await openNats(wanted, secrets, "switchyard-test");
  cleanups.push(() => connection.close());
  return connection;
}

/** A message goes to the server and comes back. */
async function echoes(connection: NatsConnection): Promise<string> {
  const echo = connection.subscribe("echo", {
    max: 1,
    callback: (_error, message) => message.respond("back"),
  });
  const reply = await connection.request("echo", "there", { timeout: 2_000 });
  echo.unsubscribe();
  return reply.string();
}

async function failureOf(wanted: LatticeTarget, secrets: Secrets = {}): Promise<Failure> {
  const failure = await open(wanted, secrets).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(Failure);
  const text = JSON.stringify((failure as Failure).toData());
  for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
  return failure as Failure;
}

function cause(failure: Failure): unknown {
  return failure.details?.cause;
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

async function listener(onConnection: (server: Server) => Server): Promise<string> {
  const made = onConnection(createServer());
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => new Promise((resolve) => made.close(resolve)));
  const address = made.address();
  return `127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

describe("sign-in", () => {
  it("opens without credentials and under the given name", async () => {
    const { url } = await server();
    const connection = await open(target(url));
    expect(await echoes(connection)).toBe("back");
  });

  it("signs in with user and password, and says when they are wrong", async () => {
    const { url } = await server({ user: "operator", password: "right-password" });
    const wanted = target(url, { authentication: { method: "password", user: "operator" } });
    expect(await echoes(await open(wanted, { password: "right-password" }))).toBe("back");
    const failure = await failureOf(wanted, { password: "wrong-password" });
    expect([failure.code, cause(failure)]).toEqual(["unauthenticated", "authorization"]);
    expect(cause(await failureOf(target(url)))).toBe("authorization");
    expect((await failureOf(wanted)).message).toContain("password");
  });

  it("signs in with a token", async () => {
    const { url } = await server({ token: "the-token" });
    const wanted = target(url, { authentication: { method: "token" } });
    expect(await echoes(await open(wanted, { token: "the-token" }))).toBe("back");
    expect(cause(await failureOf(wanted, { token: "another-token" }))).toBe("authorization");
  });

  it("signs in with an nkey seed", async () => {
    const key = nkeys.createUser();
    const { url } = await server({ nkeys: [key.getPublicKey()] });
    const wanted = target(url, { authentication: { method: "nkey" } });
    const seed = new TextDecoder().decode(key.getSeed());
    expect(await echoes(await open(wanted, { seed: ` ${seed}\n` }))).toBe("back");
    const other = new TextDecoder().decode(nkeys.createUser().getSeed());
    expect(cause(await failureOf(wanted, { seed: other }))).toBe("authorization");
    expect(cause(await failureOf(wanted, { seed: "SUNOSEED-secret" }))).toBe("credentials");
  });

  it("signs in with credentials as text and as a file that is read again for each sign-in", async () => {
    const operator = makeOperator();
    const started = await server({ extraConfiguration: operator.configuration });
    const user = operator.user();
    const byText = target(started.url, { authentication: { method: "credentials" } });
    expect(await echoes(await open(byText, { credentials: user.credentials }))).toBe("back");
    const path = file("user.creds", user.credentials.replaceAll("\n", "\r\n"));
    const byFile = target(started.url, { authentication: { method: "credentials", file: path } });
    expect(await echoes(await open(byFile))).toBe("back");
    expect(cause(await failureOf(byText, { credentials: "no credentials at all" }))).toBe("credentials");
    const absent = target(started.url, { authentication: { method: "credentials", file: `${path}.not` } });
    expect((await failureOf(absent)).message).toContain("does not exist");
  });

  it("signs in with a JWT and a seed, as values and as files", async () => {
    const operator = makeOperator();
    const { url } = await server({ extraConfiguration: operator.configuration });
    const { jwt, seed } = operator.user();
    const values = target(url, { authentication: { method: "jwt" } });
    expect(await echoes(await open(values, { jwt, seed }))).toBe("back");
    const files = { jwtFile: file("user.jwt", `${jwt}\n`), seedFile: file("user.nk", `${seed}\n`) };
    expect(await echoes(await open(target(url, { authentication: { method: "jwt", ...files } })))).toBe(
      "back",
    );
    expect(cause(await failureOf(values, { jwt: "a-broken-jwt", seed }))).toBe("credentials");
  });

  it("refuses expired credentials", async () => {
    const operator = makeOperator();
    const { url } = await server({ extraConfiguration: operator.configuration });
    const wanted = target(url, { authentication: { method: "credentials" } });
    const { credentials } = operator.user({ expiresInSeconds: -60 });
    const failure = await failureOf(wanted, { credentials });
    expect([failure.code, cause(failure)]).toEqual(["unauthenticated", "expired"]);
    expect(failure.message).toContain("expired on");
  });
});

describe.skipIf(!hasOpenssl())("TLS (needs the openssl command)", () => {
  let made: TestCertificates;
  beforeAll(() => {
    made = makeCertificates(folder);
  });

  it("trusts the named authority only", async () => {
    const { url } = await server({ tls: made.server });
    expect(await echoes(await open(target(url, { tls: { caFile: made.authority } })))).toBe("back");
    expect(cause(await failureOf(target(url, { tls: { caFile: made.otherAuthority } })))).toBe(
      "tls-untrusted",
    );
    expect(cause(await failureOf(target(url)))).toBe("tls-untrusted");
    // Without tls:// the client still encrypts because the server demands it.
    expect(cause(await failureOf(target(url.replace("tls:", "nats:"))))).toBe("tls-untrusted");
  });

  it("checks the certificate against the address as it is written, name or IP", async () => {
    const { url, port } = await server({ tls: made.localhost });
    const tls = { caFile: made.authority };
    expect(await echoes(await open(target(`tls://localhost:${port}`, { tls })))).toBe("back");
    expect(cause(await failureOf(target(url, { tls })))).toBe("tls-hostname");
  });

  it("survives the loss of the server under TLS", async () => {
    const started = await server({ tls: made.server });
    const connection = await open(target(started.url, { tls: { caFile: made.authority } }));
    const reconnected = nextStatus(connection, "reconnect");
    await started.kill();
    await started.restart();
    await reconnected;
    expect(await echoes(connection)).toBe("back");
  });

  it("shows a client certificate, and says when the server wants one", async () => {
    const { url } = await server({ tls: { ...made.server, authority: made.authority, verifyClients: true } });
    const client = { certificateFile: made.client.certificate, keyFile: made.client.key };
    expect(await echoes(await open(target(url, { tls: { caFile: made.authority, ...client } })))).toBe(
      "back",
    );
    const failure = await failureOf(target(url, { tls: { caFile: made.authority } }));
    expect([failure.code, cause(failure)]).toEqual(["unauthenticated", "tls-certificate"]);
  });

  it("says when TLS is demanded and the server has none", async () => {
    const { port } = await server();
    expect(cause(await failureOf(target(`tls://127.0.0.1:${port}`)))).toBe("tls-unavailable");
    const first = target(`tls://127.0.0.1:${port}`, { tls: { handshakeFirst: true } });
    expect(cause(await failureOf(first))).toBe("tls-unavailable");
  });

  it("speaks wss with its own authority and client certificates", async () => {
    const { websocketUrl } = await server({ websocket: true, tls: made.server });
    const address = String(websocketUrl);
    expect(await echoes(await open(target(address, { tls: { caFile: made.authority } })))).toBe("back");
    expect(cause(await failureOf(target(address)))).toBe("tls-untrusted");
  });
});

describe("websockets", () => {
  it("signs in over ws and survives the loss of the server", async () => {
    const started = await server({ websocket: true, user: "operator", password: "right-password" });
    const wanted = target(String(started.websocketUrl), {
      authentication: { method: "password", user: "operator" },
    });
    const connection = await open(wanted, { password: "right-password" });
    expect(await echoes(connection)).toBe("back");
    const reconnected = nextStatus(connection, "reconnect");
    await started.kill();
    await started.restart();
    await reconnected;
    expect(await echoes(connection)).toBe("back");
    expect(cause(await failureOf(wanted, { password: "wrong-password" }))).toBe("authorization");
  });

  it("says when the address is a NATS socket and not a websocket", async () => {
    const { port } = await server();
    expect(["not-nats", "closed"]).toContain(cause(await failureOf(target(`ws://127.0.0.1:${port}`))));
  });

  it("refuses a mixture of sockets and websockets", async () => {
    const failure = await failureOf(target(["nats://127.0.0.1:4222", "ws://127.0.0.1:4223"]));
    expect(failure.code).toBe("invalid_input");
  });
});

async function nextStatus(connection: NatsConnection, type: string): Promise<void> {
  for await (const status of connection.status()) if (status.type === type) return;
}

describe("reachability", () => {
  it("names a refused port and an unknown name", async () => {
    const port = await freePort();
    expect(cause(await failureOf(target(`nats://127.0.0.1:${port}`)))).toBe("refused");
    expect(cause(await failureOf(target(`ws://127.0.0.1:${port}`)))).toBe("refused");
    expect(cause(await failureOf(target("nats://no-such-host.invalid:4222")))).toBe("dns");
  });

  it("gives up on a silent listener and leaves no socket open", async () => {
    let sockets = 0;
    const address = await listener((made) =>
      made.on("connection", (socket) => {
        sockets += 1;
        socket.on("close", () => {
          sockets -= 1;
        });
        socket.on("error", () => undefined);
      }),
    );
    expect(cause(await failureOf(target(`nats://${address}`)))).toBe("timeout");
    await expect.poll(() => sockets).toBe(0);
  });

  it("names a listener that hangs up, and one that is something else", async () => {
    const hangsUp = await listener((made) => made.on("connection", (socket) => socket.end()));
    expect(cause(await failureOf(target(`nats://${hangsUp}`)))).toBe("closed");
    const greets = await listener((made) =>
      made.on("connection", (socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n")),
    );
    expect(cause(await failureOf(target(`nats://${greets}`)))).toBe("not-nats");
  });

  it("takes the next address when one is dead or hangs up, and comes back after a loss", async () => {
    const hangsUp = await listener((made) => made.on("connection", (socket) => socket.end()));
    const started = await server();
    const addresses = [`nats://127.0.0.1:${await freePort()}`, `nats://${hangsUp}`, started.url];
    const connection = await open(target(addresses));
    const reconnected = nextStatus(connection, "reconnect");
    await started.kill();
    await started.restart();
    await reconnected;
    expect(await echoes(connection)).toBe("back");
  });

  it("calls a server that is full something that may pass", async () => {
    const { url } = await server({ extraConfiguration: "max_connections: 1" });
    // The connection that waited for the server's start may still count.
    await expect
      .poll(() =>
        open(target(url)).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    expect(mayPass(await failureOf(target(url)))).toBe(true);
  });
});
