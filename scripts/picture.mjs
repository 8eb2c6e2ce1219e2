import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { foldedGraph, readImports } from "./lib/import-graph.mjs";
import { drawGraph } from "./lib/import-picture.mjs";
import { root } from "./lib/paths.mjs";
import { Failure, note, runAsScript } from "./lib/terminal.mjs";
import { setup } from "./setup.mjs";

/** Draws docs/architecture.svg from the imports as they are. */
export async function picture() {
  await setup({ need: ["dependencies"] });
  const { found, output } = await readImports();
  if (!found) throw new Failure(`The imports could not be read.\n${output}`);
  writeFileSync(join(root, "docs", "architecture.svg"), await drawGraph(foldedGraph(found.modules)));
  note("drew docs/architecture.svg");
}

await runAsScript(import.meta, picture);
