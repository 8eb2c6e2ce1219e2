import { Worker } from "node:worker_threads";
import { cleaningFunctions } from "./export-yaml.ts";

/** Runs apart from every bundle, so the functions come as text; each keeps its name there, whatever a bundler made of it. */
const script = `
${cleaningFunctions.map(String).join("\n")}
const { parentPort, workerData } = require("node:worker_threads");
try {
  parentPort.postMessage({ text: ${cleaningFunctions[0].name}(workerData) });
} catch (error) {
  parentPort.postMessage({ problem: error.message });
}`;

type Outcome = { text: string } | { problem: string };

/** An export as it would stand in a repository, made beside the console's work: it may have ten megabytes. Throws an Error for text that is no export. */
export async function cleanExport(text: string): Promise<string> {
  const worker = new Worker(script, { eval: true, workerData: text });
  // A console that ends does not wait for it.
  worker.unref();
  const outcome = await new Promise<Outcome>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => resolve({ problem: "the worker ended" }));
  }).finally(() => void worker.terminate());
  if ("problem" in outcome) throw new Error(outcome.problem);
  return outcome.text;
}
