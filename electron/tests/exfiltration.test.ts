import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ConnectionRow } from "../../shared/connections/schema.ts";
import type { ConsoleOptions } from "../app/app.ts";
import { fileSecrets } from "../connections/secrets.ts";
import { UnderTest } from "../testing/console.ts";

const secrets = {
  forge: "FORGE-TOKEN",
  valkey: "VALKEY-PASSWORD",
  nats: "NATS-PASSWORD",
  environment: "ENVIRONMENT-TOKEN",
  context: "CONTEXT-PASSWORD",
};

/** A stranger's server: keeps all that it is sent, and greets as NATS does, so that clients sign in. */
class Stranger {
  received = "";
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((socket) => {
    this.sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => this.sockets.delete(socket));
    socket.on("data", (data) => {
      const text = data.toString("latin1");
      this.received += text;
      if (/^[A-Z]+ \/[^ ]* HTTP/.test(text)) socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
    });
    setTimeout(
      () => socket.write('INFO {"server_id":"X","version":"2.10.0","max_payload":1048576}\r\n'),
      150,
    );
  });

  async start(): Promise<number> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return (this.server.address() as { port: number }).port;
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

class Here extends UnderTest {
  readonly environment: NodeJS.ProcessEnv = { SWITCHYARD_SECRET_FROM_ENV_TOKEN: secrets.environment };
  constructor() {
    super("jobs");
  }
  protected override ownOptions(): Partial<ConsoleOptions> {
    return { secrets: fileSecrets(join(this.directory, "secrets.json"), this.environment) };
  }
  /** Saves a connection and confirms what its guard asks for: a person did it. */
  async save(
    connectionId: string,
    system: "lattice" | "forge" | "flowfabric",
    target: object,
    given?: object,
  ): Promise<ConnectionRow> {
    const profile = {
      name: connectionId,
      color: "#123456",
      environment: "T",
      guard: "open",
      openAtStart: false,
    };
    const input = { connectionId, profile: { ...profile, system, target }, secrets: given };
    const asked = await this.call("connections.save", input);
    const token = asked.ok ? undefined : asked.failure.details?.token;
    const reply =
      token === undefined
        ? asked
        : await this.call("connections.save", input, { confirmation: { token: String(token) } });
    if (!reply.ok) throw new Error(reply.failure.message);
    return reply.output;
  }
}

const bearer = { authentication: { method: "bearer" } };
const signedIn = { authentication: { method: "password", user: "operator" } };

let here: Here;
let stranger: Stranger;
let at: string;
beforeEach(async () => {
  here = new Here();
  await here.restart();
  stranger = new Stranger();
  at = `127.0.0.1:${await stranger.start()}`;
});
afterEach(async () => {
  await here.close();
  stranger.stop();
});

async function saveAll(place: string): Promise<void> {
  await here.save("jobs", "forge", { url: `http://${place}`, ...bearer }, { token: secrets.forge });
  const valkey = { addresses: [`redis://${place}`] };
  await here.save("flows", "flowfabric", { valkey }, { valkeyPassword: secrets.valkey });
  await here.save(
    "nats",
    "lattice",
    { addresses: [`nats://${place}`], ...signedIn },
    { password: secrets.nats },
  );
}

/** Every way to speak to a server of one's own choice under these ids. */
const targets = (place: string) => [
  { system: "forge", target: { url: `http://${place}`, ...bearer } },
  { system: "flowfabric", target: { url: `http://${place}`, ...bearer } },
  { system: "flowfabric", target: { valkey: { addresses: [`redis://${place}`] } } },
  { system: "lattice", target: { addresses: [`nats://${place}`], ...signedIn, requestTimeoutMs: 300 } },
  { system: "lattice", target: { addresses: [`nats://${place}`], authentication: { method: "token" } } },
  { system: "lattice", target: { addresses: [`ws://${place}`], ...signedIn, requestTimeoutMs: 300 } },
];

function expectNothingLeaked(): void {
  for (const secret of Object.values(secrets)) expect(stranger.received).not.toContain(secret);
}

it("sends the saved secrets where they were given for", async () => {
  await saveAll(at);
  await here.output("connections.open", { connectionId: "jobs" });
  expect(stranger.received).toContain(`Bearer ${secrets.forge}`);
  await here.output("connections.test", { connectionId: "nats" });
  expect(stranger.received).toContain(secrets.nats);
});

it("tests settings of the caller's choice with given secrets alone, whatever the id and the system", async () => {
  await saveAll("127.0.0.1:9");
  for (const connectionId of ["jobs", "flows", "nats", "from-env"]) {
    for (const settings of targets(at)) await here.output("connections.test", { connectionId, settings });
  }
  expect(stranger.received).not.toBe("");
  expectNothingLeaked();
  const [settings] = targets(at);
  await here.output("connections.test", { connectionId: "jobs", settings, secrets: { token: "typed-now" } });
  expect(stranger.received).toContain("Bearer typed-now");
});

it("asks again for a secret once the connection leads elsewhere", async () => {
  await saveAll("127.0.0.1:9");
  for (const connectionId of ["jobs", "flows", "nats"] as const) {
    for (const { system, target } of targets(at)) {
      if (
        system !==
        (await here.output("connections.list")).find((row) => row.profile.id === connectionId)?.profile.system
      )
        continue;
      const row = await here.save(connectionId, system as "forge", target);
      expect(row.secretsHeld).toEqual([]);
      await here.output("connections.open", { connectionId });
      await here.output("connections.test", { connectionId });
    }
  }
  expectNothingLeaked();
  await here.restart();
  for (const connectionId of ["jobs", "flows", "nats"])
    await here.output("connections.open", { connectionId });
  expectNothingLeaked();
});

it("keeps a secret for other changes, and for a server less", async () => {
  await here.save("jobs", "forge", { url: `http://${at}`, ...bearer }, { token: secrets.forge });
  const row = await here.save("jobs", "forge", { url: `http://${at}`, ...bearer, requestTimeoutMs: 500 });
  expect(row.secretsHeld).toEqual(["token"]);
  const two = [`nats://127.0.0.1:9`, `nats://${at}`];
  await here.save("nats", "lattice", { addresses: two, ...signedIn }, { password: secrets.nats });
  const one = await here.save("nats", "lattice", { addresses: two.slice(1), ...signedIn });
  expect(one.secretsHeld).toEqual(["password"]);
});

it("gives what the environment holds to the saved connection, and to no other place afterwards", async () => {
  await here.save("from-env", "forge", { url: "http://127.0.0.1:9", ...bearer });
  for (const connectionId of ["from-env", "FROM_ENV"]) {
    await here.save(connectionId, "forge", { url: `http://${at}`, ...bearer });
    await here.output("connections.open", { connectionId });
    await here.output("connections.remove", { connectionId });
    await here.save(connectionId, "forge", { url: `http://${at}`, ...bearer });
    await here.restart();
    await here.output("connections.open", { connectionId });
  }
  await vi.waitFor(() => expect(stranger.received).toContain("HTTP/1.1"));
  expectNothingLeaked();
});

it("sends an imported password to the servers of its context only", async () => {
  const home = join(here.directory, "home");
  const contexts = join(home, ".config", "nats", "context");
  mkdirSync(contexts, { recursive: true });
  const context = { url: "nats://127.0.0.1:9", user: "operator", password: secrets.context };
  writeFileSync(join(contexts, "shop.json"), JSON.stringify(context));
  vi.stubEnv("HOME", home);
  vi.stubEnv("XDG_CONFIG_HOME", join(home, ".config"));
  try {
    await here.restart();
    const [found] = await here.output("connections.discover");
    const { imported } = await here.output("connections.import", { keys: [found?.key] });
    const connectionId = String(imported[0]?.profile.id);
    expect(imported[0]?.secretsHeld).toEqual(["password"]);
    for (const settings of targets(at)) await here.output("connections.test", { connectionId, settings });
    await here.save(connectionId, "lattice", { addresses: [`nats://${at}`], ...signedIn });
    await here.output("connections.open", { connectionId });
  } finally {
    vi.unstubAllEnvs();
  }
  expect(stranger.received).not.toBe("");
  expectNothingLeaked();
});

it("follows no redirect with a secret", async () => {
  const other = new Stranger();
  const elsewhere = await other.start();
  const redirecting = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () =>
      socket.end(
        `HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:${elsewhere}/\r\ncontent-length: 0\r\n\r\n`,
      ),
    );
  }).listen(0, "127.0.0.1");
  await once(redirecting, "listening");
  const url = `http://127.0.0.1:${(redirecting.address() as { port: number }).port}`;
  try {
    await here.save("jobs", "forge", { url, ...bearer }, { token: secrets.forge });
    await here.save("flows", "flowfabric", { url, ...bearer }, { token: secrets.forge });
    for (const connectionId of ["jobs", "flows"]) {
      await here.output("connections.open", { connectionId });
      await here.output("connections.test", { connectionId });
    }
    expect(other.received).toBe("");
  } finally {
    redirecting.close();
    other.stop();
  }
});
