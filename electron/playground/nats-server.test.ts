import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { connect, nkeyAuthenticator, nkeys } from "nats";
import { afterEach, describe, expect, it } from "vitest";
import type { NatsServer } from "./nats-server.ts";
import { startNatsServer } from "./nats-server.ts";
import type { NatsServerOptions } from "./nats-server-config.ts";

const started: NatsServer[] = [];

async function start(options?: NatsServerOptions): Promise<NatsServer> {
  const server = await startNatsServer(options);
  started.push(server);
  return server;
}

function alive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

describe("nats-server", () => {
  it("starts, accepts clients, and leaves neither process nor folder behind", async () => {
    const server = await start({ websocket: true });
    const connection = await connect({ servers: server.url });
    await connection.flush();
    await connection.close();
    const processId = server.processId as number;
    expect(server.websocketUrl).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
    expect(existsSync(server.folder)).toBe(true);
    await server.stop();
    expect(alive(processId)).toBe(false);
    expect(existsSync(server.folder)).toBe(false);
  });

  it("can be killed and comes back on the same port", async () => {
    const server = await start();
    const { url } = server;
    await server.kill();
    expect(server.running).toBe(false);
    await expect(connect({ servers: url })).rejects.toThrow();
    await server.restart();
    expect(server.running).toBe(true);
    expect(server.url).toBe(url);
    await (await connect({ servers: url })).close();
  });

  it("keeps stored streams over a restart", async () => {
    const server = await start({ jetStream: true });
    const first = await connect({ servers: server.url });
    await (await first.jetstreamManager()).streams.add({ name: "kept", subjects: ["kept.>"] });
    await first.close();
    await server.restart();
    const second = await connect({ servers: server.url });
    const names = await (await second.jetstreamManager()).streams.names().next();
    expect(names).toEqual(["kept"]);
    await second.close();
  });

  it("asks for a password", async () => {
    const server = await start({ user: "operator", password: "open sesame" });
    await expect(connect({ servers: server.url })).rejects.toThrow(/AUTHORIZATION/i);
    await (await connect({ servers: server.url, user: "operator", pass: "open sesame" })).close();
  });

  it("asks for a token", async () => {
    const server = await start({ token: "t0ken" });
    await expect(connect({ servers: server.url })).rejects.toThrow(/AUTHORIZATION/i);
    await (await connect({ servers: server.url, token: "t0ken" })).close();
  });

  it("asks for a key", async () => {
    const pair = nkeys.createUser();
    const server = await start({ nkeys: [pair.getPublicKey()] });
    await expect(connect({ servers: server.url })).rejects.toThrow(/AUTHORIZATION/i);
    await (await connect({ servers: server.url, authenticator: nkeyAuthenticator(pair.getSeed()) })).close();
  });

  it("says what to install when the program is missing", async () => {
    const before = process.env.NATS_SERVER;
    process.env.NATS_SERVER = "/nonexistent/nats-server";
    try {
      await expect(startNatsServer()).rejects.toThrow(/nats-server was not found\. Install it/);
    } finally {
      if (before === undefined) delete process.env.NATS_SERVER;
      else process.env.NATS_SERVER = before;
    }
  });

  it("does not take another server on the same port for its own", async () => {
    const { port } = await start();
    await expect(startNatsServer({ port })).rejects.toThrow(/address already in use/);
  });

  it("tells why the server did not start", async () => {
    await expect(startNatsServer({ extraConfiguration: "nonsense {" })).rejects.toThrow(
      /did not start: .*nats-server/s,
    );
  });
});

describe.skipIf(process.platform === "win32")("the death of the process that started it", () => {
  it.each(["SIGKILL", "SIGTERM"] as const)("by %s ends the server and removes its folder", async (signal) => {
    const esbuild = await import("esbuild");
    const script = `import { startNatsServer } from "./nats-server.ts";
      startNatsServer().then(({ processId, folder }) => console.log(JSON.stringify({ processId, folder })));`;
    const { outputFiles } = await esbuild.build({
      stdin: { contents: script, resolveDir: import.meta.dirname, loader: "ts" },
      bundle: true,
      format: "cjs",
      platform: "node",
      target: "node18",
      write: false,
    });
    const child = spawn(process.execPath, ["-e", outputFiles[0]?.text ?? ""], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const line = await new Promise<string>((resolve) =>
      child.stdout.once("data", (data: Buffer) => resolve(String(data))),
    );
    const { processId, folder } = JSON.parse(line) as { processId: number; folder: string };
    expect(alive(processId)).toBe(true);
    child.kill(signal);
    await expect.poll(() => alive(processId) || existsSync(folder), { timeout: 10_000 }).toBe(false);
  });
});
