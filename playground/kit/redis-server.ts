import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { RealServer } from "./server-process.ts";

const installHint =
  "Install it (Debian and Ubuntu: apt-get install redis-server; macOS: brew install redis) " +
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

/** A real redis-server (or valkey-server) on loopback; a restart comes back empty. */
export type RedisServer = RealServer<{ port: number }> & {
  /** `redis://` or `rediss://`, host and port. */
  readonly address: string;
  /** Such as `Redis 7.0.15` or `Valkey 8.0.1`, as its log calls it. */
  readonly version: string;
};

/** Starts a redis-server child process and waits until it answers. Throws where there is none. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const server = await RealServer.start({
    name: "redis-server",
    command: options.program ?? (process.env.REDIS_SERVER || "redis-server"),
    installHint,
    readyText: "Ready to accept connections",
    choosePorts: async () => ({ port: await (options.cluster ? freeClusterPort() : freePort()) }),
    anyPort: true,
    configure: (folder, { port }) => {
      const file = join(folder, "redis.conf");
      writeFileSync(file, `${settings(folder, port, options).join("\n")}\n`, { mode: 0o600 });
      return [file];
    },
    explain: (log) => (log.includes("'enable-protected-configs") ? tooOld : undefined),
  });
  return Object.assign(server, {
    address: `${options.tls ? "rediss" : "redis"}://127.0.0.1:${server.port}`,
    version: versionIn(server.log),
  });
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

/** Its first lines say `Redis version=7.0.15` or `Valkey version=8.0.1`. */
function versionIn(output: string): string {
  const [, name = "Redis", version = "of unknown version"] =
    /\b(Redis|Valkey) version=([\w.-]+?),/.exec(output) ?? [];
  return `${name} ${version}`;
}
