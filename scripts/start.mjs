import { build } from "./build.mjs";
import { hasDisplay } from "./lib/display.mjs";
import { outputFile, root } from "./lib/paths.mjs";
import { runInForeground } from "./lib/process.mjs";
import { Failure, note, runAsScript, warn } from "./lib/terminal.mjs";
import { electronPath, playgroundExtras, sandboxArguments, setup, setupIfPossible } from "./setup.mjs";

/** Sets up, builds and opens the console: as a window, or for a browser where no window can be shown. */
export async function start(options) {
  await setup({ need: ["dependencies", "nats-server"] });
  await setupIfPossible(playgroundExtras);
  const window = hasDisplay() ? await electronOrNothing() : undefined;
  await build();
  if (window) {
    // The window says itself that it runs on an old Electron; why, only the setup knows.
    const environment = window.reason ? { SWITCHYARD_ELECTRON_FAILURE: window.reason } : {};
    return runInForeground(window.executable, [...sandboxArguments(), root, ...options], { environment });
  }
  if (!hasDisplay()) note("there is no display here, so the console is served for a browser instead");
  return runInForeground(process.execPath, [outputFile("headless.cjs"), ...options]);
}

async function electronOrNothing() {
  try {
    await setup({ need: ["electron"] });
    return electronPath();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    warn(`${error.message}\nNo window without Electron, so the console is served for a browser instead.`);
    return undefined;
  }
}

await runAsScript(import.meta, start);
