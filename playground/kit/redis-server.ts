import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { atExit } from "./exit-cleanup.ts";
import { freePort, startGuard } from "./nats-process.ts";

const installHint =
  "redis-server was not found. Install it (Debian and Ubuntu: apt-get install redis-server; macOS: brew install redis) " +
  "or set REDIS_SERVER to its path; valkey-server does as well.";

const tooOld =
  "redis-server is too old: 7 or newer is needed, or valkey-server (REDIS_SERVER is the path of another).";

export interface RedisOptions {
  password?: string;
  /** Files of a certificate and its key: then the port speaks TLS only. */
  tls?: { certificateFile: string; keyFile: string; authorityFile: string };
  cluster?: boolean;
  /** Further lines of its configuration. */
  settings?: readonly string[];
  /** Path of the program; `REDIS_SERVER`, or redis-server, by default. */
  program?: string | undefined;
}

/** A real redis-server (or valkey-server) on loopback. */
export interface RedisProcess {
  readonly port: number;
  /** `redis://` or `rediss://`, host and port. */
  readonly address: string;
  readonly processId: number | undefined;
  /** Such as `Redis 7.0.15` or `Valkey 8.0.1`, as its log calls it. */
  readonly version: string;
  stop(): Promise<void>;
  /** Ends it at once; what it held is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
}

/** Starts a redis-server child process and waits until it answers. Throws where there is none. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisProcess> {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-redis-"));
  const withdraw = atExit(() => rmSync(folder, { recursive: true, force: true }));
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
    withdraw();
  };
  for (let attempt = 1; ; attempt += 1) {
    const port = await (options.cluster ? freeClusterPort() : freePort());
    try {
      let child = await launch(folder, port, options);
      return {
        port,
        address: `${options.tls ? "rediss" : "redis"}://127.0.0.1:${port}`,
        version: child.version,
        get processId() {
          return child.process.pid;
        },
        stop: async () => {
          await child.end("SIGTERM");
          remove();
        },
        kill: () => child.end("SIGKILL"),
        restart: async () => {
          await child.end("SIGKILL");
          child = await launch(folder, port, options);
        },
      };
    } catch (error) {
      // A free port can be taken by somebody else before the server binds it.
      if (attempt < 5 && error instanceof Error && error.message.includes("in use")) continue;
      remove();
      throw error;
    }
  }
}

const clusterBusOffset = 10_000;

/** The servers of a cluster speak among each other at a port so much above their own. */
async function freeClusterPort(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port + clusterBusOffset <= 65_535) return port;
  }
}

/** The lines of a configuration file: what a process is told on its command line, everybody on the machine can read. */
function settings(
  folder: string,
  port: number,
  { password, tls, cluster, settings: further = [] }: RedisOptions,
): string[] {
  const text = JSON.stringify;
  const own = [
    "bind 127.0.0.1",
    "protected-mode yes",
    // Whoever gets in writes no file and loads no code; Redis before 7 has no such settings, and no functions either.
    "enable-protected-configs no",
    "enable-debug-command no",
    "enable-module-command no",
    'save ""',
    "appendonly no",
    `dir ${text(folder)}`,
    "daemonize no",
  ];
  const ports = tls ? ["port 0", `tls-port ${port}`, "tls-auth-clients no"] : [`port ${port}`];
  const certificate = tls
    ? [
        `tls-cert-file ${text(tls.certificateFile)}`,
        `tls-key-file ${text(tls.keyFile)}`,
        `tls-ca-cert-file ${text(tls.authorityFile)}`,
      ]
    : [];
  const secret = password === undefined ? [] : [`requirepass ${text(password)}`];
  const clustered = cluster
    ? ["cluster-enabled yes", "cluster-require-full-coverage no", "cluster-announce-ip 127.0.0.1"]
    : [];
  return [...own, ...ports, ...certificate, ...secret, ...clustered, ...further];
}

interface Launched {
  process: ChildProcess;
  version: string;
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

async function launch(folder: string, port: number, options: RedisOptions): Promise<Launched> {
  const command = options.program ?? (process.env.REDIS_SERVER || "redis-server");
  const file = join(folder, "redis.conf");
  writeFileSync(file, `${settings(folder, port, options).join("\n")}\n`, { mode: 0o600 });
  const child = spawn(command, [file], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  let problem: Error | undefined;
  let running = true;
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (data: Buffer) => {
      output = (output + data.toString()).slice(-2000);
    });
  const guard = child.pid === undefined ? undefined : startGuard(child.pid, folder);
  const withdraw = atExit(() => child.kill("SIGKILL"));
  const ended = new Promise<void>((resolve) => {
    const release = (): void => {
      running = false;
      withdraw();
      // The guard must not act on a process number that may soon belong to somebody else.
      guard?.kill("SIGKILL");
      resolve();
    };
    child.once("error", (error: NodeJS.ErrnoException) => {
      problem = error.code === "ENOENT" ? new Error(installHint) : error;
      release();
    });
    child.once("exit", release);
  });
  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    if (running) child.kill(signal);
    const force = setTimeout(() => child.kill("SIGKILL"), 3000);
    await ended;
    clearTimeout(force);
  };
  const deadline = Date.now() + 15_000;
  while (running && Date.now() < deadline) {
    if (output.includes("Ready to accept connections") && (await accepts(port)))
      return { process: child, version: versionIn(output), end };
    await sleep(20);
  }
  await end("SIGKILL");
  if (output.includes("'enable-protected-configs")) problem = new Error(tooOld);
  throw problem ?? new Error(`redis-server did not start: ${output.trim() || "no output"}`);
}

/** Its first lines say `Redis version=7.0.15` or `Valkey version=8.0.1`. */
function versionIn(output: string): string {
  const [, name = "Redis", version = "of unknown version"] =
    /\b(Redis|Valkey) version=([\w.-]+?),/.exec(output) ?? [];
  return `${name} ${version}`;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    const finish = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(500, () => finish(false));
    socket.once("error", () => finish(false));
    socket.once("connect", () => finish(true));
  });
}
