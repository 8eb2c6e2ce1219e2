import type { FluxEvent } from "../../shared/flux/schema.ts";
import { type Database, inMemory, type SqlRow, type Statement } from "./database.ts";

export interface FluxEventQuery {
  connectionId: string;
  daemonId?: string | undefined;
  /** Only events with a smaller sequence. */
  before?: number | undefined;
  limit: number;
}

/** How much is kept, of all connections together; whatever is reached first. */
export interface FluxEventBounds {
  rows: number;
  /** Of all texts. */
  bytes: number;
  /** Characters of the text of one event. */
  raw: number;
}

export const fluxEventBounds: FluxEventBounds = { rows: 20_000, bytes: 128 * 1024 ** 2, raw: 256 * 1024 };
/** Where they must do without a disk. */
const memoryBounds: FluxEventBounds = { ...fluxEventBounds, bytes: 32 * 1024 ** 2 };
/** Rows above the bound are looked for after so many new ones. */
const pruneEvery = 100;

/** The events that Flux daemons posted; bounded, the oldest go first. */
export class FluxEventLog {
  readonly #insert: Statement;
  readonly #page: Statement;
  readonly #one: Statement;
  readonly #prune: Statement;
  readonly #oldest: Statement;
  #bytes: number;

  constructor(
    private readonly database: Database,
    private readonly bounds: FluxEventBounds = database.file === inMemory ? memoryBounds : fluxEventBounds,
  ) {
    this.#insert = database.prepare(
      "INSERT INTO flux_events (connection_id, daemon_id, body, raw) VALUES (?, ?, ?, ?)",
    );
    this.#page = database.prepare(
      "SELECT * FROM flux_events WHERE connection_id = ? AND (? IS NULL OR daemon_id = ?) AND sequence < ? ORDER BY sequence DESC LIMIT ?",
    );
    this.#one = database.prepare("SELECT * FROM flux_events WHERE connection_id = ? AND sequence = ?");
    this.#prune = database.prepare("DELETE FROM flux_events WHERE sequence <= ?");
    this.#oldest = database.prepare(
      "SELECT sequence, octet_length(body) + octet_length(raw) AS bytes FROM flux_events ORDER BY sequence LIMIT 100",
    );
    this.#bytes = this.#countBytes();
    this.#removeOldest();
  }

  /** Keeps an event; its sequence is its place among all. A text that is too long is kept in part. */
  append(event: Omit<FluxEvent, "sequence">, raw: string): FluxEvent {
    const { connectionId, daemonId } = event;
    const body = JSON.stringify(event);
    const text = clipped(raw, this.bounds.raw);
    this.#insert.run([connectionId, daemonId, body, text]);
    const sequence = Number(this.database.prepare("SELECT last_insert_rowid() AS sequence").get()?.sequence);
    this.#bytes += Buffer.byteLength(body) + Buffer.byteLength(text);
    if (sequence % pruneEvery === 0) {
      this.#prune.run([sequence - this.bounds.rows]);
      this.#bytes = this.#countBytes();
    }
    this.#removeOldest();
    return { ...event, sequence };
  }

  /** Until the texts fit again; the newest stays whatever its size. */
  #removeOldest(): void {
    while (this.#bytes > this.bounds.bytes) {
      const rows = this.#oldest.all();
      let bytes = this.#bytes;
      let cut = 0;
      // One at the end stays: it may be the newest of all.
      for (const row of rows.slice(0, -1)) {
        if (bytes <= this.bounds.bytes) break;
        bytes -= Number(row.bytes);
        cut = Number(row.sequence);
      }
      if (cut === 0) return;
      this.#prune.run([cut]);
      // Only now: where the rows could not be removed, they still count.
      this.#bytes = bytes;
    }
  }

  /** Reads no text, only how long each is. */
  #countBytes(): number {
    const sum = "SELECT sum(octet_length(body) + octet_length(raw)) AS bytes FROM flux_events";
    return Number(this.database.prepare(sum).get()?.bytes ?? 0);
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

function clipped(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most)}\n… ${text.length - most} more characters were not kept.`;
}
