import type { Activity, ActivityRecord } from "../../shared/contract/activity.ts";
import { type ActivityDifference, applyDifference } from "./activity-difference.ts";
import type { Database, SqlRow, Statement } from "./database.ts";

const page = 500;

/** Reads the records of activities, of which most hold only what differs from the one before, as the whole steps that they tell of. */
export class ActivityRecords {
  readonly #ofActivity: Statement;
  readonly #page: Statement;
  readonly #base: Statement;

  constructor(database: Database) {
    this.#ofActivity = database.prepare(
      "SELECT * FROM activity_records WHERE activity_id = ? AND sequence <= ? ORDER BY sequence",
    );
    this.#page = database.prepare(
      `SELECT * FROM activity_records WHERE sequence > ? ORDER BY sequence LIMIT ${page}`,
    );
    this.#base = database.prepare("SELECT body FROM activity_bases WHERE activity_id = ?");
  }

  /** Each kept step of one activity up to a sequence, oldest first. */
  of(id: string, upTo = Number.MAX_SAFE_INTEGER): ActivityRecord[] {
    let before = this.base(id);
    return this.#ofActivity.all([id, upTo]).map((row) => {
      const record = recordOf(row, before);
      before = record.activity;
      return record;
    });
  }

  /** The newest recorded state of one activity, or the newest up to a sequence. */
  newest(id: string, upTo?: number): Activity | undefined {
    return this.of(id, upTo).at(-1)?.activity ?? this.base(id);
  }

  /** All that are kept, oldest first; read in pages. */
  *all(): Iterable<ActivityRecord> {
    /** By id, those that may go on. */
    const open = new Map<string, Activity>();
    let after = 0;
    for (;;) {
      const rows = this.#page.all([after]);
      for (const row of rows) {
        const id = String(row.activity_id);
        const record = recordOf(row, open.get(id) ?? this.#before(row));
        open.set(id, record.activity);
        yield record;
      }
      // What ended is hardly ever added to; should it be, it is read again.
      for (const [id, { state }] of open) if (state !== "unknown") open.delete(id);
      if (rows.length < page) return;
      after = Number(rows.at(-1)?.sequence);
    }
  }

  /** What an activity was at the checkpoint. */
  base(id: string): Activity | undefined {
    const row = this.#base.get([id]);
    return row && (JSON.parse(String(row.body)) as Activity);
  }

  #before({ activity_id, sequence, differs }: SqlRow): Activity | undefined {
    return differs === 0 ? undefined : this.newest(String(activity_id), Number(sequence) - 1);
  }
}

function recordOf(row: SqlRow, before: Activity | undefined): ActivityRecord {
  const body = JSON.parse(String(row.body)) as unknown;
  const activity = row.differs === 0 ? body : applyDifference({ ...before }, body as ActivityDifference);
  return {
    sequence: Number(row.sequence),
    activity: activity as Activity,
    previousHash: String(row.previous_hash),
    hash: String(row.hash),
  };
}
