import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { bundleTool } from "./bundle.mjs";
import { findChromium } from "./chromium.mjs";
import { withDisplay } from "./display.mjs";
import { findElectron } from "./electron.mjs";
import { outputFile, root } from "./paths.mjs";
import { runInForeground, wasInterrupted } from "./process.mjs";

/** What stories, benchmarks and screenshots have to know about this machine: where the browsers are. */
export function storiesEnvironment() {
  return { SWITCHYARD_ELECTRON: findElectron()?.executable ?? "", SWITCHYARD_CHROMIUM: findChromium() ?? "" };
}

/** The files of a folder that end like this, as paths from the repository, sorted; none when there is no folder. */
export function filesOf(folder, ending) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** Bundles TypeScript programs and runs them one after the other, with a display; answers the first bad exit code, or 0. */
export function runTools(sources, argumentsList = []) {
  return withDisplay(async (display) => {
    let worst = 0;
    for (const source of sources) {
      const output = outputFile("bench", basename(source).replace(/\.ts$/, ".mjs"));
      await bundleTool(source, output);
      const environment = { ...display, ...storiesEnvironment() };
      const code = await runInForeground(process.execPath, [output, ...argumentsList], { environment });
      worst ||= code;
      if (wasInterrupted()) break;
    }
    return worst;
  });
}
