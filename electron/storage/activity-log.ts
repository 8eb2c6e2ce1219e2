import type { ActivityQuery } from "../../shared/activity/query.ts";
import type { Activity, ActivityRecord } from "../../shared/contract/activity.ts";
import { canonicalJson } from "../../shared/contract/canonical.ts";
import { Failure } from "../../shared/contract/failure.ts";
import { chainStart, recordHash } from "./activity-chain.ts";
import { activityCondition } from "./activity-conditions.ts";
import { ActivitySeal, type LogEnd } from "./activity-seal.ts";
import type { Database, SqlRow, Statement } from "./database.ts";

export interface ActivityListQuery extends ActivityQuery {
  /** Only activities that began before the one with this id. */
  before?: string | undefined;
  limit: number;
}

const chainPage = 500;

/** The append-only log of what was done: one hash-chained record for each step of each activity. */
export class ActivityLog {
  readonly #database: Database;
  readonly #head: Statement;
  readonly #insert: Statement;
  readonly #point: Statement;
  readonly #latest: Statement;
  readonly #records: Statement;
  readonly #page: Statement;
  readonly #unsettled: Statement;
  readonly #seal: ActivitySeal | undefined;

  /** Without a key the log goes without a seal. */
  constructor(database: Database, key?: Buffer) {
    this.#database = database;
    this.#seal = key && new ActivitySeal(database, key);
    this.#head = database.prepare("SELECT * FROM activity_records ORDER BY sequence DESC LIMIT 1");
    this.#insert = database.prepare(
      "INSERT INTO activity_records (sequence, activity_id, body, previous_hash, hash) VALUES (?, ?, ?, ?, ?)",
    );
    this.#point = database.prepare(`
      INSERT INTO activities (id, first_sequence, last_sequence, connection_id, state, batch)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET last_sequence = excluded.last_sequence, state = excluded.state`);
    this.#latest = database.prepare(`${selectLatest} WHERE activities.id = ?`);
    this.#records = database.prepare(
      "SELECT * FROM activity_records WHERE activity_id = ? ORDER BY sequence",
    );
    this.#page = database.prepare(
      `SELECT * FROM activity_records WHERE sequence > ? ORDER BY sequence LIMIT ${chainPage}`,
    );
    this.#unsettled = database.prepare(
      `${selectLatest} WHERE state IN ('recorded', 'sent', 'acknowledged', 'unknown') ORDER BY first_sequence`,
    );
  }

  /**
   * Records the activity as it now stands; it is on the disk when this returns.
   * Throws an `internal` Failure when it cannot be written; a command that is not recorded must not be sent.
   */
  append(activity: Activity): ActivityRecord {
    const body = canonicalJson(activity);
    try {
      return this.#database.transaction(() => this.#write(activity, body));
    } catch (error) {
      throw notRecorded(activity, error);
    }
  }

  #write(activity: Activity, body: string): ActivityRecord {
    const last = this.end();
    const sealed = this.sealFault() === undefined;
    const sequence = last.sequence + 1;
    const previousHash = last.hash;
    const hash = recordHash(previousHash, body);
    this.#insert.run([sequence, activity.id, body, previousHash, hash]);
    this.#point.run([
      activity.id,
      sequence,
      sequence,
      activity.connectionId,
      activity.state,
      activity.batch ?? null,
    ]);
    if (sealed) this.#seal?.move({ sequence, hash });
    return { sequence, activity: JSON.parse(body) as Activity, previousHash, hash };
  }

  /** Where the log ends; an empty one before its first record. */
  end(): LogEnd {
    const last = this.#head.get();
    return { sequence: Number(last?.sequence ?? 0), hash: String(last?.hash ?? chainStart) };
  }

  /** How the end of the log differs from what was sealed last; undefined where it does not, or where there is no key. */
  sealFault(): string | undefined {
    if (!this.#seal) return undefined;
    const last = this.#head.get();
    if (last && last.hash !== recordHash(String(last.previous_hash), String(last.body)))
      return `its last record, ${last.sequence}, was changed`;
    return this.#seal.faultOf(this.end());
  }

  /** Vouches for the log as it stands, whatever it is. */
  beginSeal(): void {
    this.#database.transaction(() => this.#seal?.move(this.end()));
  }

  /** The last record of an export, with a seal for all up to it; without one where the log is not what was sealed. */
  withSeal(record: ActivityRecord, at: string): ActivityRecord {
    const seal = this.sealFault() === undefined ? this.#seal?.forExport(record, at) : undefined;
    return seal ? { ...record, seal } : record;
  }

  /** The newest recorded state of one activity. */
  get(id: string): Activity | undefined {
    const row = this.#latest.get([id]);
    return row && activityOf(row);
  }

  /** Each recorded step of one activity, oldest first. */
  records(id: string): ActivityRecord[] {
    return this.#records.all([id]).map(recordOf);
  }

  /** The whole log, oldest first, for an export or `verifyChain`; read in pages. */
  *chain(): Iterable<ActivityRecord> {
    let after = 0;
    for (;;) {
      const page = this.#page.all([after]).map(recordOf);
      yield* page;
      const last = page.at(-1);
      if (!last || page.length < chainPage) return;
      after = last.sequence;
    }
  }

  /** Activities that fit, the one that began last first. An unknown `before` gives an empty list. */
  list(query: ActivityListQuery): Activity[] {
    const { sql, values } = activityCondition(query);
    return this.#database
      .prepare(`${selectLatest} WHERE ${sql} ORDER BY first_sequence DESC LIMIT ?`)
      .all([...values, query.limit])
      .map(activityOf);
  }

  /** What is in flight or unknown, oldest first: after a crash, these are to be reconciled. */
  unsettled(): Activity[] {
    return this.#unsettled.all().map(activityOf);
  }
}

const selectLatest =
  "SELECT body FROM activities JOIN activity_records ON activity_records.sequence = activities.last_sequence";

function activityOf(row: SqlRow): Activity {
  return JSON.parse(String(row.body)) as Activity;
}

function recordOf(row: SqlRow): ActivityRecord {
  return {
    sequence: Number(row.sequence),
    activity: activityOf(row),
    previousHash: String(row.previous_hash),
    hash: String(row.hash),
  };
}

function notRecorded(activity: Activity, cause: unknown): Failure {
  const why = cause instanceof Error ? cause.message : "unknown reason";
  const message =
    activity.state === "recorded"
      ? `Not recorded, therefore not sent: ${why}.`
      : `The step "${activity.state}" could not be recorded: ${why}.`;
  return new Failure(
    {
      code: "internal",
      message,
      details: { activityId: activity.id, state: activity.state, recorded: false },
      hint: "Free some disk space, or check that the data folder can be written, then try again.",
    },
    { cause },
  );
}
