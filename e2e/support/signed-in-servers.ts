import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accepts, freePort } from "./free-port.ts";

export interface ServerProcess {
  port: number;
  stop(): Promise<void>;
}

/** A real nats-server that lets in whom this part of a configuration names. */
export function startNats(authorization: string): Promise<ServerProcess> {
  return startServer("nats-server", (folder, port) => {
    const file = join(folder, "nats.conf");
    writeFileSync(file, `host: 127.0.0.1\nport: ${port}\nauthorization { ${authorization} }\n`);
    return ["-c", file];
  });
}

/** A real Redis with a password. */
export function startRedis(password: string): Promise<ServerProcess> {
  return startServer("redis-server", (folder, port) => {
    const file = join(folder, "redis.conf");
    writeFileSync(file, `bind 127.0.0.1\nport ${port}\nsave ""\ndir ${folder}\nrequirepass ${password}\n`);
    return [file];
  });
}

/** A proxy that lets everybody in, by whatever sign-in, and signs in itself at the server behind it. */
export async function startProxy(behind: string, token: string): Promise<ServerProcess> {
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url = "" } = incoming;
    const authorization = `Bearer ${token}`;
    const sent = request(
      new URL(url, behind),
      { method, headers: { ...headers, authorization } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    sent.once("error", () => outgoing.destroy());
    incoming.pipe(sent);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function startServer(
  program: string,
  configure: (folder: string, port: number) => string[],
): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-server-"));
  const port = await freePort();
  const child = spawn(program, configure(folder, port), { stdio: "ignore" });
  await answering(port, child);
  return {
    port,
    stop: async () => {
      if (child.exitCode === null) {
        const exited = once(child, "exit");
        child.kill("SIGTERM");
        await exited;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}`);
    if (await accepts(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${child.spawnfile} does not listen on ${port}`);
}
