import { build } from "./build.mjs";
import { outputFile } from "./lib/paths.mjs";
import { runInForeground } from "./lib/process.mjs";
import { runAsScript } from "./lib/terminal.mjs";
import { playgroundExtras, setup, setupIfPossible } from "./setup.mjs";

/** Sets up, bundles and runs the simulated systems alone. */
export async function playground(options) {
  await setup({ need: ["dependencies", "nats-server"] });
  await setupIfPossible(playgroundExtras);
  await build({ only: ["application"] });
  return runInForeground(process.execPath, [outputFile("playground.cjs"), ...options]);
}

await runAsScript(import.meta, playground);
