import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

/** Runs apart from every bundle, so all that it needs comes as data. */
const script = `
const { parentPort, workerData } = require("node:worker_threads");
const Libsql = require(workerData.libsql);
try {
  const database = new Libsql(workerData.address);
  const [row] = database.prepare("PRAGMA quick_check(1)").all([]);
  parentPort.postMessage({ finding: row.quick_check });
} catch (error) {
  parentPort.postMessage({ code: String(error.code), finding: error.message });
}`;

/** What SQLite's quick check found, or the code of the error that kept it from checking. */
export interface CheckResult {
  finding: string;
  code?: string;
}

/**
 * Reads a whole database with a connection of its own, beside the console's work and without changing anything. Rejects
 * where that cannot be begun; undefined when it was ended before it was done.
 */
export function checkInWorker(file: string, end: AbortSignal): Promise<CheckResult | undefined> {
  const libsql = createRequire(import.meta.url).resolve("libsql");
  const address = `${pathToFileURL(file).href}?mode=ro`;
  const worker = new Worker(script, { eval: true, workerData: { libsql, address } });
  const stop = (): void => void worker.terminate();
  end.addEventListener("abort", stop, { once: true });
  return new Promise<CheckResult | undefined>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => resolve(undefined));
  }).finally(() => end.removeEventListener("abort", stop));
}
