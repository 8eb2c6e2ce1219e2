import { join } from "node:path";
import { outputFile, root } from "./lib/paths.mjs";
import { runInForeground } from "./lib/process.mjs";
import { runAsScript } from "./lib/terminal.mjs";
import { playgroundExtras, setup, setupIfPossible } from "./setup.mjs";

/** Sets up, bundles and runs the simulated systems alone. */
export async function playground(options) {
  await setup({ need: ["dependencies", "nats-server"] });
  await setupIfPossible(playgroundExtras);
  const { build } = await import("esbuild");
  const outfile = outputFile("playground.cjs");
  await build({
    entryPoints: [join(root, "playground/cli.ts")],
    outfile,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node18.15",
    logLevel: "warning",
  });
  return runInForeground(process.execPath, [outfile, ...options]);
}

await runAsScript(import.meta, playground);
