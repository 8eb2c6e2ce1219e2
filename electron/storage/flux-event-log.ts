import type { FluxEvent } from "../../shared/flux/schema.ts";
import type { Database, SqlRow, Statement } from "./database.ts";

export interface FluxEventQuery {
  connectionId: string;
  daemonId?: string | undefined;
  /** Only events with a smaller sequence. */
  before?: number | undefined;
  limit: number;
}

/** How many events are kept, of all connections together. */
const keptRows = 20_000;
/** Old ones are looked for after so many new ones. */
const pruneEvery = 100;

/** The events that Flux daemons posted; bounded, the oldest go first. */
export class FluxEventLog {
  readonly #insert: Statement;
  readonly #page: Statement;
  readonly #one: Statement;
  readonly #prune: Statement;

  constructor(private readonly database: Database) {
    this.#insert = database.prepare(
      "INSERT INTO flux_events (connection_id, daemon_id, body, raw) VALUES (?, ?, ?, ?)",
    );
    this.#page = database.prepare(
      "SELECT * FROM flux_events WHERE connection_id = ? AND (? IS NULL OR daemon_id = ?) AND sequence < ? ORDER BY sequence DESC LIMIT ?",
    );
    this.#one = database.prepare("SELECT * FROM flux_events WHERE connection_id = ? AND sequence = ?");
    this.#prune = database.prepare("DELETE FROM flux_events WHERE sequence <= ?");
  }

  /** Keeps an event; its sequence is its place among all. */
  append(event: Omit<FluxEvent, "sequence">, raw: string): FluxEvent {
    const { connectionId, daemonId } = event;
    this.#insert.run([connectionId, daemonId, JSON.stringify(event), raw]);
    const sequence = Number(this.database.prepare("SELECT last_insert_rowid() AS sequence").get()?.sequence);
    if (sequence % pruneEvery === 0) this.#prune.run([sequence - keptRows]);
    return { ...event, sequence };
  }

  /** Newest first. */
  list({ connectionId, daemonId, before, limit }: FluxEventQuery): FluxEvent[] {
    const end = before ?? Number.MAX_SAFE_INTEGER;
    const daemon = daemonId ?? null;
    return this.#page.all([connectionId, daemon, daemon, end, limit]).map(eventOf);
  }

  get(connectionId: string, sequence: number): { event: FluxEvent; raw: string } | undefined {
    const row = this.#one.get([connectionId, sequence]);
    return row && { event: eventOf(row), raw: String(row.raw) };
  }
}

function eventOf(row: SqlRow): FluxEvent {
  return { ...(JSON.parse(String(row.body)) as Omit<FluxEvent, "sequence">), sequence: Number(row.sequence) };
}
