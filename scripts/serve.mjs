import { build } from "./build.mjs";
import { outputFile } from "./lib/paths.mjs";
import { runInForeground } from "./lib/process.mjs";
import { runAsScript } from "./lib/terminal.mjs";
import { playgroundExtras, setup, setupIfPossible } from "./setup.mjs";

/** Sets up, builds and runs the console without a window. */
export async function serve(options) {
  const need = options.includes("--playground") ? ["dependencies", "nats-server"] : ["dependencies"];
  await setup({ need });
  if (options.includes("--playground")) await setupIfPossible(playgroundExtras);
  await build();
  return runInForeground(process.execPath, [outputFile("headless.cjs"), ...options]);
}

await runAsScript(import.meta, serve);
