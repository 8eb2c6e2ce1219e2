import type { Database, Statement } from "./database.ts";

const stepRows = 50;

/** Narrows a search for a connection's events to those that came after it was last removed; its id is bound once. */
export const notErased =
  "sequence > coalesce((SELECT last FROM flux_event_erasure WHERE connection_id = ?), 0)";

/** Takes the events of a connection out of the database of Flux events. */
export class FluxEventEraser {
  readonly #database: Database;
  readonly #forget: Statement;
  readonly #next: Statement;
  readonly #rows: Statement;
  readonly #remove: Statement;
  readonly #finish: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#forget = database.prepare(
      "INSERT OR REPLACE INTO flux_event_erasure SELECT ?, max(sequence) FROM flux_events WHERE connection_id = ? HAVING count(*) > 0",
    );
    this.#next = database.prepare("SELECT connection_id, last FROM flux_event_erasure LIMIT 1");
    this.#rows = database.prepare(
      `SELECT sequence, octet_length(body) + octet_length(raw) AS bytes FROM flux_events
        WHERE connection_id = ? AND sequence <= ? ORDER BY sequence LIMIT ${stepRows}`,
    );
    this.#remove = database.prepare("DELETE FROM flux_events WHERE connection_id = ? AND sequence <= ?");
    this.#finish = database.prepare("DELETE FROM flux_event_erasure WHERE connection_id = ?");
  }

  /** Hides all events of a connection that are written. */
  forget(connectionId: string): void {
    this.#forget.run([connectionId, connectionId]);
  }

  /** One step; answers with the bytes of text that went, and whether there may be more. */
  eraseSome(): { bytes: number; hasMore: boolean } {
    const removed = this.#next.get();
    if (!removed) return { bytes: 0, hasMore: false };
    const connectionId = String(removed.connection_id);
    const last = Number(removed.last);
    const rows = this.#rows.all([connectionId, last]);
    const cut = Number(rows.at(-1)?.sequence ?? 0);
    this.#database.transaction(() => {
      this.#remove.run([connectionId, cut]);
      if (rows.length < stepRows) this.#finish.run([connectionId]);
    });
    return { bytes: rows.reduce((sum, row) => sum + Number(row.bytes), 0), hasMore: true };
  }
}
