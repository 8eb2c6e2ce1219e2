import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Builds the console without a window into one file, as it is shipped. */
export async function bundleHeadless(outfile: string): Promise<void> {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [join(import.meta.dirname, "headless.ts")],
    outfile,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node18.15",
    external: ["libsql", "@libsql/*"],
    define: { "import.meta.url": "__moduleUrl" },
    banner: { js: 'const __moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
}

/** Starts the bundle as a process; whoever starts it ends it. */
export function spawnHeadless(
  bundle: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): ChildProcess {
  return spawn(process.execPath, [bundle, "--port", "0", "--no-playground", ...args], {
    env: { ...process.env, NODE_PATH: join(import.meta.dirname, "..", "node_modules"), ...environment },
    stdio: "pipe",
  });
}

/** The address that a console says it answers at, once it does. */
export async function addressOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("no output");
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return new URL(line).origin;
}
