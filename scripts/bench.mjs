import { build } from "./build.mjs";
import { filesOf, runTools } from "./lib/stories.mjs";
import { Failure, runAsScript } from "./lib/terminal.mjs";
import { allNeeds, setup } from "./setup.mjs";

/** Runs the benchmarks whose names contain one of the given words (all without any); each prints its figures as JSON lines. */
export async function bench(words) {
  await setup({ need: allNeeds });
  await build({ minify: true });
  const all = filesOf("e2e/bench", ".bench.ts");
  const chosen = all.filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
  if (chosen.length === 0)
    throw new Failure(`no benchmark here is called that (there are: ${all.join(", ") || "none"})`);
  return runTools(chosen);
}

await runAsScript(import.meta, bench);
