import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { root } from "./lib/paths.mjs";
import { runTools } from "./lib/stories.mjs";
import { Failure, runAsScript } from "./lib/terminal.mjs";
import { allNeeds, setup } from "./setup.mjs";

const source = "e2e/screenshots.ts";

/** Takes the pictures for the README from the running application. */
export async function screenshots(options) {
  if (!existsSync(join(root, source))) throw new Failure(`there is no ${source} yet`);
  await setup({ need: allNeeds });
  await build();
  return runTools([source], options);
}

await runAsScript(import.meta, screenshots);
