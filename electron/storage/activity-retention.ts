import type { ActivityBounds } from "../../shared/activity/retention.ts";
import { canonicalJson } from "../../shared/contract/canonical.ts";
import type { ActivityLog } from "./activity-log.ts";
import { ActivityRecords } from "./activity-records.ts";
import type { Database, Statement } from "./database.ts";

const stepRecords = 500;
const dayMs = 86_400_000;

/** Takes the oldest records out of the log of activities, a few at a time, and moves its checkpoint with them. */
export class ActivityRetention {
  readonly #records: ActivityRecords;
  readonly #oldest: Statement;
  readonly #count: Statement;
  readonly #nthEnd: Statement;
  readonly #hash: Statement;
  readonly #goingOn: Statement;
  readonly #keepBase: Statement;
  readonly #removeActivities: Statement;
  readonly #removeRecords: Statement;

  constructor(
    private readonly database: Database,
    private readonly log: ActivityLog,
  ) {
    this.#records = new ActivityRecords(database);
    this.#oldest = database.prepare(
      `SELECT sequence, coalesce(updated_at, json_extract(body, '$.updatedAt')) AS at FROM activity_records
       WHERE sequence < (SELECT max(sequence) FROM activity_records) ORDER BY sequence LIMIT ${stepRecords}`,
    );
    this.#count = database.prepare("SELECT count(*) AS count FROM activities");
    this.#nthEnd = database.prepare(
      "SELECT last_sequence FROM activities ORDER BY last_sequence LIMIT 1 OFFSET ?",
    );
    this.#hash = database.prepare("SELECT hash FROM activity_records WHERE sequence = ?");
    this.#goingOn = database.prepare(
      "SELECT id FROM activities WHERE first_sequence <= ?1 AND last_sequence > ?1",
    );
    this.#keepBase = database.prepare(
      "INSERT OR REPLACE INTO activity_bases (activity_id, body) VALUES (?, ?)",
    );
    this.#removeActivities = database.prepare("DELETE FROM activities WHERE last_sequence <= ?");
    this.#removeRecords = database.prepare("DELETE FROM activity_records WHERE sequence <= ?");
  }

  /**
   * One step; answers whether there may be more. Nothing is removed from a log that is not what was sealed: what was done to it
   * must stay visible. The newest record stays in any case. Throws the driver's error.
   */
  prune(bounds: ActivityBounds, nowMs: number): boolean {
    const cut = this.#cut(bounds, nowMs);
    if (cut === undefined || this.log.sealFault() !== undefined) return false;
    this.database.transaction(() => this.#remove(cut, nowMs));
    return true;
  }

  /** The newest of the oldest records, a few at most, that are beyond a bound. */
  #cut({ days, atMost }: ActivityBounds, nowMs: number): number | undefined {
    const since = new Date(nowMs - days * dayMs).toISOString();
    const beyondCount = this.#endBeyond(atMost);
    let cut: number | undefined;
    for (const { sequence, at } of this.#oldest.all()) {
      if (Number(sequence) > beyondCount && String(at) >= since) break;
      cut = Number(sequence);
    }
    return cut;
  }

  /** The last record of the activities that are too many. */
  #endBeyond(atMost: number): number {
    const tooMany = Number(this.#count.get()?.count) - atMost;
    return tooMany > 0 ? Number(this.#nthEnd.get([tooMany - 1])?.last_sequence) : 0;
  }

  #remove(cut: number, nowMs: number): void {
    const hash = String(this.#hash.get([cut])?.hash);
    for (const { id } of this.#goingOn.all([cut])) {
      const base = this.#records.newest(String(id), cut);
      if (base) this.#keepBase.run([String(id), canonicalJson(base)]);
    }
    this.log.setCheckpoint({ sequence: cut, hash, at: new Date(nowMs).toISOString() });
    this.#removeActivities.run([cut]);
    this.#removeRecords.run([cut]);
  }
}
