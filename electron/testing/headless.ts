import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const moduleFolder = join(import.meta.dirname, "..", "..", "node_modules");

/** Bundles the console without a window, as it is shipped, into a folder; answers its path. */
export async function bundleHeadless(folder: string): Promise<string> {
  const bundle = join(folder, "headless.cjs");
  const { build } = await import("esbuild");
  await build({
    entryPoints: [join(import.meta.dirname, "..", "app", "headless.ts")],
    outfile: bundle,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node18.15",
    external: ["libsql", "@libsql/*"],
    define: { "import.meta.url": "__moduleUrl" },
    banner: { js: 'const __moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  return bundle;
}

/** Starts the bundle as a process; whoever starts it ends it. */
export function spawnHeadless(
  bundle: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): ChildProcess {
  return spawn(process.execPath, [bundle, "--port", "0", "--no-playground", ...args], {
    env: { ...process.env, NODE_PATH: moduleFolder, ...environment },
    stdio: "pipe",
  });
}

/** The address that a console says it answers at, once it does. */
export async function addressOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("no output");
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return new URL(line).origin;
}

/** Ends a process without any chance to do something first. */
export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** A console without a window in a process of its own. */
export class HeadlessUnderTest {
  /** What it wrote to its error output. */
  output = "";

  private constructor(
    readonly child: ChildProcess,
    private readonly address: string,
    private readonly token: string,
  ) {}

  /** Starts it on a data folder, with no connection but those in there, and waits until it listens. */
  static async start(
    bundle: string,
    data: string,
    { args = [], nodeOptions = "" }: { args?: readonly string[]; nodeOptions?: string } = {},
  ): Promise<HeadlessUnderTest> {
    const child = spawnHeadless(bundle, ["--data", data, ...args], { NODE_OPTIONS: nodeOptions });
    const address = await addressOf(child);
    const here = new HeadlessUnderTest(child, address, readFileSync(join(data, "token"), "utf8").trim());
    child.stderr?.on("data", (chunk: Buffer) => {
      here.output += chunk.toString();
    });
    return here;
  }

  /** Calls its HTTP interface; throws what is no success. */
  async call(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<unknown> {
    const response = await fetch(`${this.address}/api${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json", ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const reply: unknown = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(reply));
    return reply;
  }

  /** Ends it without any chance to do something first. */
  kill(): Promise<void> {
    return killed(this.child);
  }
}
