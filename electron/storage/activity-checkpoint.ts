import type { ActivityCheckpoint } from "../../shared/contract/activity.ts";
import { chainStart } from "./activity-chain.ts";
import type { LogEnd } from "./activity-seal.ts";
import type { Database, Statement } from "./database.ts";

/** Where the log begins since its oldest records were removed. */
export class CheckpointStore {
  readonly #read: Statement;
  readonly #write: Statement;
  readonly #first: Statement;

  constructor(database: Database) {
    this.#read = database.prepare("SELECT sequence, hash, at, mac FROM activity_checkpoint");
    this.#write = database.prepare(
      "INSERT OR REPLACE INTO activity_checkpoint (id, sequence, hash, at, mac) VALUES (1, ?, ?, ?, ?)",
    );
    this.#first = database.prepare(
      "SELECT sequence, previous_hash FROM activity_records ORDER BY sequence LIMIT 1",
    );
  }

  /** Undefined while the log is whole. */
  read(): ActivityCheckpoint | undefined {
    const row = this.#read.get();
    if (!row) return undefined;
    const mac = row.mac === null ? {} : { mac: String(row.mac) };
    return { sequence: Number(row.sequence), hash: String(row.hash), at: String(row.at), ...mac };
  }

  write({ sequence, hash, at, mac }: ActivityCheckpoint): void {
    this.#write.run([sequence, hash, at, mac ?? null]);
  }

  /** How the beginning of the log differs from what the checkpoint says; undefined where it does not. */
  fault(): string | undefined {
    const first = this.#first.get();
    if (!first) return undefined;
    const before: LogEnd = this.read() ?? { sequence: 0, hash: chainStart };
    if (Number(first.sequence) !== before.sequence + 1)
      return `its beginning is missing: record ${before.sequence + 1} was the first, and now ${first.sequence} is`;
    return first.previous_hash === before.hash ? undefined : "its beginning is another one";
  }
}
