import type { Database, Statement } from "./database.ts";
import { originLife } from "./event-writer.ts";

/** How much the event log keeps; whatever is reached first. */
export interface EventBounds {
  rows: number;
  ageMs: number;
  bytes: number;
}

export const defaultEventBounds: EventBounds = {
  rows: 2_000_000,
  ageMs: 7 * 24 * 3_600_000,
  bytes: 4 * 1024 ** 3,
};

/** What the event log keeps when it must do without a disk. */
export const memoryEventBounds: EventBounds = { ...defaultEventBounds, rows: 50_000, bytes: 64 * 1024 ** 2 };

/** Takes the oldest events out of the event database, a chunk at a time, so that nobody waits long. */
export class EventRetention {
  readonly #database: Database;
  readonly #bounds: EventBounds;
  readonly #extent: Statement;
  readonly #pages: Statement;
  readonly #firstYoung: Statement;

  constructor(database: Database, bounds: EventBounds) {
    this.#database = database;
    this.#bounds = bounds;
    this.#extent = database.prepare(
      "SELECT (SELECT min(sequence) FROM events) AS oldest, (SELECT max(sequence) FROM events) AS newest",
    );
    this.#pages = database.prepare(`
      SELECT (page_count - freelist_count) * page_size AS bytes
      FROM pragma_page_count, pragma_freelist_count, pragma_page_size`);
    this.#firstYoung = database.prepare(
      "SELECT min(sequence) AS sequence FROM events WHERE sequence < ? AND received_at >= ?",
    );
  }

  /** Removes at most `chunk` sequences that are beyond a bound; returns how many, 0 when all is within. The newest stays. */
  prune(chunk: number, nowMs: number): number {
    const extent = this.#extent.get();
    if (!extent || extent.oldest === null) return 0;
    const oldest = Number(extent.oldest);
    const newest = Number(extent.newest);
    const end = Math.min(oldest + chunk, newest);
    // The sequences have no gaps but for lost events, so their distance is the number of rows, or a little more.
    const cut = Math.min(end, Math.max(newest + 1 - this.#bounds.rows, this.#firstKept(end, nowMs)));
    if (cut <= oldest) return 0;
    this.#remove(cut);
    return cut - oldest;
  }

  #firstKept(end: number, nowMs: number): number {
    if (Number(this.#pages.get()?.bytes) > this.#bounds.bytes) return end;
    const young = this.#firstYoung.get([end, nowMs - this.#bounds.ageMs])?.sequence;
    return young === null || young === undefined ? end : Number(young);
  }

  #remove(cut: number): void {
    this.#database.transaction(() => {
      this.#database.prepare("DELETE FROM events WHERE sequence < ?").run([cut]);
      this.#database
        .prepare(`DELETE FROM event_texts WHERE first_sequence <
          (SELECT max(first_sequence) FROM event_texts WHERE first_sequence <= ?)`)
        .run([cut]);
      this.#database.prepare("DELETE FROM event_origins WHERE id <= ?").run([cut - originLife]);
    });
  }
}
