import type { ActivityQuery } from "../../shared/activity/query.ts";
import type { Activity, ActivityCheckpoint, ActivityRecord } from "../../shared/contract/activity.ts";
import { canonicalJson } from "../../shared/contract/canonical.ts";
import { Failure } from "../../shared/contract/failure.ts";
import { chainStart, recordHash } from "./activity-chain.ts";
import { CheckpointStore } from "./activity-checkpoint.ts";
import { activityCondition } from "./activity-conditions.ts";
import { differenceOf } from "./activity-difference.ts";
import { ActivityRecords } from "./activity-records.ts";
import { ActivitySeal, checkpointFits, type LogEnd } from "./activity-seal.ts";
import type { Database, SqlRow, Statement } from "./database.ts";

export interface ActivityListQuery extends ActivityQuery {
  /** Only activities that began before the one with this id. */
  before?: string | undefined;
  limit: number;
}

/** The append-only log of what was done: one hash-chained record for each step of each activity. */
export class ActivityLog {
  readonly #database: Database;
  readonly #records: ActivityRecords;
  readonly #checkpoint: CheckpointStore;
  readonly #head: Statement;
  readonly #insert: Statement;
  readonly #point: Statement;
  readonly #unsettled: Statement;
  readonly #extent: Statement;
  readonly #seal: ActivitySeal | undefined;

  /** Without a key the log goes without a seal. */
  constructor(database: Database, key?: Buffer) {
    this.#database = database;
    this.#records = new ActivityRecords(database);
    this.#checkpoint = new CheckpointStore(database);
    this.#seal = key && new ActivitySeal(database, key);
    this.#head = database.prepare(
      "SELECT sequence, activity_id, previous_hash, hash FROM activity_records ORDER BY sequence DESC LIMIT 1",
    );
    this.#insert = database.prepare(
      `INSERT INTO activity_records (sequence, activity_id, updated_at, differs, body, previous_hash, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#point = database.prepare(`
      INSERT INTO activities (id, first_sequence, last_sequence, connection_id, state, batch, searched)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE
        SET last_sequence = excluded.last_sequence, state = excluded.state, searched = excluded.searched`);
    this.#unsettled = database.prepare(
      `SELECT id FROM activities WHERE state IN ('recorded', 'sent', 'acknowledged', 'unknown') ORDER BY first_sequence`,
    );
    this.#extent = database.prepare(
      `SELECT count(*) AS count, (
         SELECT json_extract(searched, '$.startedAt') FROM activities ORDER BY first_sequence LIMIT 1) AS since
       FROM activities`,
    );
  }

  /**
   * Records the activity as it now stands; it is on the disk when this returns.
   * Throws an `internal` Failure when it cannot be written; a command that is not recorded must not be sent.
   */
  append(activity: Activity): ActivityRecord {
    const body = canonicalJson(activity);
    try {
      return this.#database.transaction(() => this.#write(body));
    } catch (error) {
      throw notRecorded(activity, error);
    }
  }

  #write(body: string): ActivityRecord {
    const last = this.end();
    const sealed = this.sealFault() === undefined;
    const sequence = last.sequence + 1;
    const previousHash = last.hash;
    const hash = recordHash(previousHash, body);
    const recorded = JSON.parse(body) as Activity;
    const { id, updatedAt, connectionId, state, batch = null } = recorded;
    const before = this.#records.newest(id);
    const kept = before ? canonicalJson(differenceOf({ ...before }, { ...recorded })) : body;
    this.#insert.run([sequence, id, updatedAt, before ? 1 : 0, kept, previousHash, hash]);
    this.#point.run([id, sequence, sequence, connectionId, state, batch, searchedOf(recorded)]);
    if (sealed) this.#seal?.move({ sequence, hash });
    return { sequence, activity: recorded, previousHash, hash };
  }

  /** Where the log ends; an empty one before its first record. */
  end(): LogEnd {
    const last = this.#head.get() ?? this.checkpoint();
    return { sequence: Number(last?.sequence ?? 0), hash: String(last?.hash ?? chainStart) };
  }

  /** Where the log begins since its oldest records were removed; undefined while it is whole. */
  checkpoint(): ActivityCheckpoint | undefined {
    return this.#checkpoint.read();
  }

  /** Must run in the transaction that removes the records up to there. */
  setCheckpoint(checkpoint: ActivityCheckpoint): void {
    const mac = this.#seal?.forCheckpoint(checkpoint);
    this.#checkpoint.write({ ...checkpoint, ...(mac !== undefined && { mac }) });
  }

  /** How the log differs from what was sealed last, at its end or its beginning; undefined where it does not, or where there is no key. */
  sealFault(): string | undefined {
    if (!this.#seal) return undefined;
    const checkpoint = this.checkpoint();
    if (checkpoint && !checkpointFits(this.#seal.key, checkpoint))
      return "its checkpoint does not match its key";
    return this.#checkpoint.fault() ?? this.#endFault() ?? this.#seal.faultOf(this.end());
  }

  #endFault(): string | undefined {
    const last = this.#head.get();
    const activity = last && this.#records.newest(String(last.activity_id));
    if (!activity || last.hash === recordHash(String(last.previous_hash), canonicalJson(activity)))
      return undefined;
    return `its last record, ${last.sequence}, was changed`;
  }

  /** Vouches for the log as it stands, whatever it is. */
  beginSeal(): void {
    this.#database.transaction(() => {
      this.#seal?.move(this.end());
      const checkpoint = this.checkpoint();
      if (checkpoint) this.setCheckpoint(checkpoint);
    });
  }

  /** With a seal for all up to it; without one where the log is not what was sealed. */
  #withSeal(record: ActivityRecord, at: string): ActivityRecord {
    const seal = this.sealFault() === undefined ? this.#seal?.forExport(record, at) : undefined;
    return seal ? { ...record, seal } : record;
  }

  /** The newest recorded state of one activity. */
  get(id: string): Activity | undefined {
    return this.#records.newest(id);
  }

  /** Each kept step of one activity, oldest first. */
  records(id: string): ActivityRecord[] {
    return this.#records.of(id);
  }

  /** The whole log from its checkpoint on, oldest first, for an export or `verifyChain`; read in pages. */
  chain(): Iterable<ActivityRecord> {
    return this.#records.all();
  }

  /** An export made at this time, one record a line, after the checkpoint where there is one; the last carries the seal. */
  *exportLines(at: string): Iterable<string> {
    const checkpoint = this.checkpoint();
    if (checkpoint) yield lineOf({ checkpoint });
    let last: ActivityRecord | undefined;
    for (const record of this.chain()) {
      if (last) yield lineOf(last);
      last = record;
    }
    if (last) yield lineOf(this.#withSeal(last, at));
  }

  /** Activities that fit, the one that began last first. An unknown `before` gives an empty list. */
  list(query: ActivityListQuery): Activity[] {
    const { sql, values } = activityCondition(query);
    return this.#newestOf(
      this.#database
        .prepare(`SELECT id FROM activities WHERE ${sql} ORDER BY first_sequence DESC LIMIT ?`)
        .all([...values, query.limit]),
    );
  }

  /** What is in flight or unknown, oldest first: after a crash, these are to be reconciled. */
  unsettled(): Activity[] {
    return this.#newestOf(this.#unsettled.all());
  }

  /** How many activities are kept, and when the oldest of them began. */
  extent(): { count: number; since: string | undefined } {
    const { count = 0, since = null } = this.#extent.get() ?? {};
    return { count: Number(count), since: since === null ? undefined : String(since) };
  }

  #newestOf(rows: readonly SqlRow[]): Activity[] {
    return rows.flatMap(({ id }) => this.#records.newest(String(id)) ?? []);
  }
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

/** What lists search in; what they show is read from the records. */
function searchedOf({ operation, startedAt, target, title, message, reason, actor }: Activity): string {
  return canonicalJson({ operation, startedAt, target, title, message, reason, actor });
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
