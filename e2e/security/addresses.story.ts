import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "@playwright/test";
import { dataDirectory } from "../support/console.ts";
import { built } from "../support/paths.ts";

/** Names as a name service of somebody else's could resolve them. */
const hosts = `127.0.0.1 localhost
0.0.0.0 metadata.example
0.0.0.0 mixed.example
127.0.0.1 mixed.example
`;

/** Whether this process can give another one a hosts file of its own. */
function canChangeHosts(): boolean {
  try {
    execFileSync("unshare", ["-m", "mount", "--bind", "/etc/hostname", "/etc/hosts"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

interface Headless {
  child: ChildProcess;
  test(settings: object): Promise<{ ok: boolean; failure?: { code: string; details?: { cause?: string } } }>;
}

/** Starts the console without a window among these names. */
async function serve(directory: string, ...args: string[]): Promise<Headless> {
  const names = join(directory, "hosts");
  writeFileSync(names, hosts);
  const script = 'mount --bind "$1" /etc/hosts && shift && exec "$@"';
  const program = [
    process.execPath,
    built("headless.cjs"),
    "--data",
    join(directory, "data"),
    "--no-playground",
  ];
  const child = spawn("unshare", ["-m", "sh", "-c", script, "sh", names, ...program, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const token = readFileSync(join(directory, "data", "token"), "utf8").trim();
  return {
    child,
    test: async (settings) => {
      const response = await fetch(`${new URL(line).origin}/api/connections/x/test`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ settings }),
      });
      return (await response.json()) as Awaited<ReturnType<Headless["test"]>>;
    },
  };
}

/** Settings of each way that leads to a far side. */
function everyWay(host: string): Record<string, object> {
  const lattice = (scheme: string, tls = {}) => ({
    system: "lattice",
    target: { addresses: [`${scheme}://${host}`], tls, requestTimeoutMs: 500 },
  });
  const web = (system: string, scheme: string) => ({
    system,
    target: { url: `${scheme}://${host}`, requestTimeoutMs: 1_500 },
  });
  const valkey = (scheme: string, cluster: boolean) => ({
    system: "flowfabric",
    target: { valkey: { addresses: [`${scheme}://${host}`], cluster }, requestTimeoutMs: 1_500 },
  });
  return {
    nats: lattice("nats"),
    tls: lattice("tls"),
    "tls first": lattice("tls", { handshakeFirst: true }),
    ws: lattice("ws"),
    wss: lattice("wss"),
    "forge http": web("forge", "http"),
    "forge https": web("forge", "https"),
    "flowfabric http": web("flowfabric", "http"),
    "flowfabric https": web("flowfabric", "https"),
    redis: valkey("redis", false),
    rediss: valkey("rediss", false),
    "redis cluster": valkey("redis", true),
    "rediss cluster": valkey("rediss", true),
  };
}

test("a name that leads to an address of the machine's own link is connected to in no way", async ({
  browserName: _,
}, { project }) => {
  test.skip(project.name !== "chromium", "a console without a window; once is enough");
  test.skip(!canChangeHosts(), "only root on Linux can give a process names of its own");
  test.slow();
  const { directory, remove } = dataDirectory();
  let visits = 0;
  const far = createServer((socket) => {
    visits += 1;
    socket.on("error", () => undefined).destroy();
  });
  await new Promise<void>((resolve) => far.listen(0, "127.0.0.1", resolve));
  const { port } = far.address() as AddressInfo;
  const served = await serve(directory);
  const allowing = dataDirectory();
  const permissive = await serve(allowing.directory, "--allow-link-local");
  try {
    for (const [way, settings] of Object.entries(everyWay(`metadata.example:${port}`))) {
      const { ok, failure } = await served.test(settings);
      expect({ way, ok, code: failure?.code, cause: failure?.details?.cause }).toEqual({
        way,
        ok: false,
        code: "forbidden",
        cause: "address",
      });
    }
    expect(visits).toBe(0);
    for (const [way, settings] of Object.entries(everyWay(`mixed.example:${port}`))) {
      const before = visits;
      await served.test(settings);
      expect({ way, visited: visits > before }).toEqual({ way, visited: true });
    }
    for (const [way, settings] of Object.entries(everyWay(`metadata.example:${port}`))) {
      const before = visits;
      await permissive.test(settings);
      expect({ way, allowed: visits > before }).toEqual({ way, allowed: true });
    }
  } finally {
    for (const { child } of [served, permissive]) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    far.close();
    allowing.remove();
    remove();
  }
});
