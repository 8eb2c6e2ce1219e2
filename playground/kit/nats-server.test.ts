import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, nkeyAuthenticator, nkeys } from "nats";
import { afterEach, describe, expect, it } from "vitest";
import type { NatsServer } from "./nats-server.ts";
import { startNatsServer } from "./nats-server.ts";
import type { NatsServerOptions } from "./nats-server-config.ts";

const certificateTool = "openssl";
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

  it("upgrades to a websocket", async () => {
    const { websocketPort } = await start({ websocket: true });
    const headers = {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    };
    const status = await new Promise((resolve, reject) => {
      const attempt = request({ host: "127.0.0.1", port: websocketPort, headers });
      attempt.once("error", reject);
      attempt.once("upgrade", (response, socket) => {
        socket.destroy();
        resolve(response.statusCode);
      });
      attempt.end();
    });
    expect(status).toBe(101);
  });

  it.skipIf(spawnSync(certificateTool, ["version"]).status !== 0)("speaks TLS", async () => {
    const folder = mkdtempSync(join(tmpdir(), "switchyard-tls-test-"));
    const keyFile = join(folder, "key.pem");
    const certificateFile = join(folder, "certificate.pem");
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
    const files = ["-keyout", keyFile, "-out", certificateFile];
    spawnSync(certificateTool, [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "2",
      ...files,
      ...subject,
    ]);
    const certificate = readFileSync(certificateFile, "utf8");
    const server = await start({ tls: { certificate, key: keyFile } });
    expect(server.url).toMatch(/^tls:/);
    await expect(connect({ servers: server.url })).rejects.toThrow();
    await (await connect({ servers: server.url, tls: { ca: certificate } })).close();
    rmSync(folder, { recursive: true });
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
