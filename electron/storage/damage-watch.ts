import { createRequire } from "node:module";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { isDamage, isDamageCode } from "./damage.ts";
import { type Database, inMemory } from "./database.ts";
import { reasonOf } from "./opening.ts";
import type { OpenMark } from "./unclean-end.ts";

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
interface CheckResult {
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

const checkLaterMs = 2_000;

/** Reports damage that is met while the console runs, once for each file, and has the next start look at it. */
export class DamageWatch {
  readonly #known = new Set<string>();
  readonly #ended = new AbortController();
  #started = false;

  constructor(
    private readonly mark: OpenMark,
    private readonly notices: string[],
  ) {}

  /** The same database; what it throws is looked at on its way, once the start is over. */
  watch(database: Database): Database {
    const guarded = <T>(work: () => T): T => {
      try {
        return work();
      } catch (error) {
        if (this.#started && isDamage(error)) this.#found(database.file, reasonOf(error));
        throw error;
      }
    };
    return {
      ...database,
      execute: (sql) => guarded(() => database.execute(sql)),
      transaction: (work) => guarded(() => database.transaction(work)),
      prepare: (sql) => {
        const statement = guarded(() => database.prepare(sql));
        return {
          run: (values) => guarded(() => statement.run(values)),
          get: (values) => guarded(() => statement.get(values)),
          all: (values) => guarded(() => statement.all(values)),
        };
      },
    };
  }

  /** The start is over; damage that it met was handled. After an unclean end the files are read as a whole, a little later. */
  start(databases: readonly Database[]): void {
    this.#started = true;
    if (!this.mark.wasUnclean) return;
    const timer = setTimeout(() => void this.#check(databases), checkLaterMs);
    this.#ended.signal.addEventListener("abort", () => clearTimeout(timer));
  }

  end(): void {
    this.#ended.abort();
  }

  async #check(databases: readonly Database[]): Promise<void> {
    const files = databases.map(({ file }) => file).filter((file) => file !== inMemory);
    try {
      for (const file of files) if (!(await this.#isChecked(file))) return;
      this.mark.checked();
    } catch (error) {
      this.notices.push(
        `The databases could not be checked after the console had not ended as it should (${reasonOf(error)}). The next start tries again.`,
      );
    }
  }

  async #isChecked(file: string): Promise<boolean> {
    const result = await checkInWorker(file, this.#ended.signal);
    if (!result || this.#ended.signal.aborted) return false;
    const { finding, code } = result;
    if (code !== undefined && !isDamageCode(code)) throw new Error(finding);
    if (finding !== "ok") this.#found(file, finding.split("\n").at(-1) ?? finding);
    return true;
  }

  #found(file: string, reason: string): void {
    if (this.#known.has(file)) return;
    this.#known.add(file);
    this.mark.recordDamage(basename(file));
    this.notices.push(
      `${file} is damaged (${reason}). What can be read is still shown; when Switchyard is started again, the file is kept aside and a new, empty one is used. Export what you need before.`,
    );
  }
}
