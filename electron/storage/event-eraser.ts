import type { Database, SqlRow, Statement } from "./database.ts";
import { rawTexts, textRun } from "./event-writer.ts";

const stepRows = 1_000;
/** A run has at most 250 events, and hardly more than a million characters. */
const stepRuns = 2;

/**
 * Takes the events of a connection out of the event database. Without its origin an event is not found any more, and
 * origins are few; the events and their texts follow in steps, also after a restart.
 */
export class EventEraser {
  readonly #database: Database;
  readonly #forget: Statement;
  readonly #begin: Statement;
  readonly #left: Statement;
  readonly #boundary: Statement;
  readonly #orphans: Statement;
  readonly #remove: Statement;
  readonly #blank: Statement;
  readonly #runs: Statement;
  readonly #rewrite: Statement;
  readonly #proceed: Statement;
  readonly #finish: Statement;

  constructor(database: Database) {
    const orphaned = `sequence >= ? AND sequence < ? AND NOT EXISTS (SELECT 1 FROM event_origins WHERE id = origin)`;
    const newest = "(SELECT max(sequence) FROM events)";
    this.#database = database;
    this.#forget = database.prepare("DELETE FROM event_origins WHERE connection_id = ?");
    this.#begin = database.prepare(
      "INSERT OR REPLACE INTO event_erasure SELECT 1, min(sequence), max(sequence) + 1 FROM events HAVING count(*) > 0",
    );
    this.#left = database.prepare("SELECT next, end FROM event_erasure");
    this.#boundary = database.prepare(
      `SELECT first_sequence FROM event_texts WHERE first_sequence > ? ORDER BY first_sequence LIMIT 1 OFFSET ${stepRuns - 1}`,
    );
    this.#orphans = database.prepare(`SELECT sequence FROM events WHERE ${orphaned}`);
    this.#remove = database.prepare(`DELETE FROM events WHERE ${orphaned} AND sequence < ${newest}`);
    this.#blank = database.prepare(
      `UPDATE events SET time = NULL, entity_id = '', summary = '' WHERE ${orphaned} AND sequence = ${newest}`,
    );
    this.#runs = database.prepare(
      "SELECT first_sequence, lengths, texts FROM event_texts WHERE first_sequence > ? AND first_sequence < ?",
    );
    this.#rewrite = database.prepare(
      "UPDATE event_texts SET lengths = ?, texts = ? WHERE first_sequence = ?",
    );
    this.#proceed = database.prepare("UPDATE event_erasure SET next = ?");
    this.#finish = database.prepare("DELETE FROM event_erasure");
  }

  /** Hides all events of a connection that are written. */
  forget(connectionId: string): void {
    this.#database.transaction(() => {
      if (this.#forget.run([connectionId]) > 0) this.#begin.run();
    });
  }

  /** One step; answers whether there may be more. */
  eraseSome(): boolean {
    const left = this.#left.get();
    if (!left) return false;
    const from = Number(left.next);
    const end = Number(left.end);
    const boundary = this.#boundary.get([from])?.first_sequence ?? end;
    const to = Math.min(from + stepRows, Number(boundary), end);
    this.#database.transaction(() => {
      this.#erase(from, to);
      if (to < end) this.#proceed.run([to]);
      else this.#finish.run();
    });
    return to < end;
  }

  #erase(from: number, to: number): void {
    const gone = new Set(this.#orphans.all([from, to]).map(({ sequence }) => Number(sequence)));
    if (gone.size === 0) return;
    for (const run of this.#runs.all([from - textRun, to])) this.#eraseTexts(run, gone);
    this.#remove.run([from, to]);
    // The newest stays, without what it said: the next sequence is counted from it.
    this.#blank.run([from, to]);
  }

  #eraseTexts(run: SqlRow, gone: ReadonlySet<number>): void {
    const first = Number(run.first_sequence);
    const texts = [...rawTexts({ first, lengths: String(run.lengths), texts: String(run.texts) })];
    if (!texts.some(([sequence]) => gone.has(sequence))) return;
    const kept = texts.map(([sequence, raw]) => (gone.has(sequence) ? "" : raw));
    this.#rewrite.run([kept.map((raw) => raw.length).join(","), kept.join(""), first]);
  }
}
