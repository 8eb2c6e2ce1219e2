import { modulePath } from "./lib/paths.mjs";
import { runInForeground } from "./lib/process.mjs";
import { runAsScript } from "./lib/terminal.mjs";
import { setup } from "./setup.mjs";

/**
 * Runs the unit and integration tests whose path holds one of the words given, or all; options go to vitest (`--watch`,
 * `-t NAME`). Nothing is built for it: vitest reads the sources.
 */
export async function unit(argumentsList) {
  await setup({ need: ["dependencies", "nats-server", "redis"] });
  const mode = argumentsList.includes("--watch") ? [] : ["run"];
  return runInForeground(process.execPath, [modulePath("vitest/vitest.mjs"), ...mode, ...argumentsList]);
}

await runAsScript(import.meta, unit);
