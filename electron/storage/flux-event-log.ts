import type { FluxEvent } from "../../shared/flux/schema.ts";
import { codeOf, type Database, inMemory, type SqlRow, type Statement } from "./database.ts";
import type { ErasableStore } from "./erasures.ts";
import { FluxEventEraser, notErased } from "./flux-event-eraser.ts";
import { WriteHealth } from "./write-health.ts";
import { WriteQueue } from "./write-queue.ts";

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

interface KeptFluxEvent {
  event: FluxEvent;
  raw: string;
}

/** As it is written: the body goes without the sequence. */
interface NewRow extends KeptFluxEvent {
  body: string;
  bytes: number;
}

export const fluxEventBounds: FluxEventBounds = { rows: 20_000, bytes: 128 * 1024 ** 2, raw: 256 * 1024 };
/** Where they must do without a disk. */
const memoryBounds: FluxEventBounds = { ...fluxEventBounds, bytes: 32 * 1024 ** 2 };
/** Rows above the bound are looked for after so many new ones. */
const pruneEvery = 100;
const waitingBytes = 16 * 1024 ** 2;
const store = {
  name: "events of Flux daemons",
  meanwhile: `The newest of them, ${waitingBytes / 1024 ** 2} MiB, wait in memory.`,
};

/** The events that Flux daemons posted; bounded, the oldest go first. */
export class FluxEventLog implements ErasableStore {
  readonly #insert: Statement;
  readonly #page: Statement;
  readonly #one: Statement;
  readonly #prune: Statement;
  readonly #oldest: Statement;
  readonly #last: Statement;
  readonly #eraser: FluxEventEraser;
  /** How many bytes are kept, once they were counted. */
  readonly #counted: Map<"bytes", number>;
  readonly #queue: WriteQueue<NewRow>;

  constructor(
    private readonly database: Database,
    private readonly bounds: FluxEventBounds = database.file === inMemory ? memoryBounds : fluxEventBounds,
    health = new WriteHealth(() => undefined),
  ) {
    this.#insert = database.prepare(
      "INSERT INTO flux_events (sequence, connection_id, daemon_id, body, raw) VALUES (?, ?, ?, ?, ?)",
    );
    this.#page = database.prepare(
      `SELECT sequence, body FROM flux_events WHERE connection_id = ? AND ${notErased}
        AND (? IS NULL OR daemon_id = ?) AND sequence < ? ORDER BY sequence DESC LIMIT ?`,
    );
    this.#one = database.prepare(
      `SELECT * FROM flux_events WHERE connection_id = ? AND ${notErased} AND sequence = ?`,
    );
    this.#prune = database.prepare("DELETE FROM flux_events WHERE sequence <= ?");
    this.#oldest = database.prepare(
      "SELECT sequence, octet_length(body) + octet_length(raw) AS bytes FROM flux_events ORDER BY sequence LIMIT 100",
    );
    this.#last = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'flux_events'");
    this.#eraser = new FluxEventEraser(database);
    this.#counted = database.cache();
    this.#queue = new WriteQueue({
      store,
      health,
      write: (rows) => database.transaction(() => this.#write(rows)),
      flushAt: 1,
      weigh: ({ bytes }) => bytes,
      most: waitingBytes,
    });
    this.#fitBounds();
  }

  #fitBounds(): void {
    try {
      this.database.transaction(() => this.#removeOldest());
    } catch (error) {
      // That is told, and tried again, when an event is written.
      if (codeOf(error) !== "SQLITE_FULL") throw error;
    }
  }

  /**
   * Keeps an event; its sequence is its place among all. A text that is too long is kept in part. What cannot be written
   * waits in memory, and is found there.
   */
  append(event: Omit<FluxEvent, "sequence">, raw: string): FluxEvent {
    const sequence = this.#lastSequence() + 1;
    const numbered = { ...event, sequence };
    const body = JSON.stringify(event);
    const text = clipped(raw, this.bounds.raw);
    const bytes = Buffer.byteLength(body) + Buffer.byteLength(text);
    this.#queue.add([{ event: numbered, raw: text, body, bytes }]);
    return numbered;
  }

  #lastSequence(): number {
    const waiting = this.#queue.waiting.at(-1)?.event.sequence ?? 0;
    return Math.max(waiting, Number(this.#last.get()?.seq ?? 0));
  }

  #write(rows: readonly NewRow[]): void {
    let bytes = this.#bytes();
    for (const row of rows) {
      const { connectionId, daemonId, sequence } = row.event;
      this.#insert.run([sequence, connectionId, daemonId, row.body, row.raw]);
      bytes += row.bytes;
    }
    this.#counted.set("bytes", bytes);
    const round = rows.find(({ event }) => event.sequence % pruneEvery === 0)?.event.sequence;
    if (round !== undefined) {
      this.#prune.run([round - this.bounds.rows]);
      this.#counted.clear();
    }
    this.#removeOldest();
  }

  /** Until the texts fit again; the newest stays whatever its size. */
  #removeOldest(): void {
    let bytes = this.#bytes();
    while (bytes > this.bounds.bytes) {
      let cut = 0;
      // One at the end stays: it may be the newest of all.
      for (const row of this.#oldest.all().slice(0, -1)) {
        if (bytes <= this.bounds.bytes) break;
        bytes -= Number(row.bytes);
        cut = Number(row.sequence);
      }
      if (cut === 0) return;
      this.#prune.run([cut]);
      this.#counted.set("bytes", bytes);
    }
  }

  /** Reads no text, only how long each is. */
  #bytes(): number {
    const known = this.#counted.get("bytes");
    if (known !== undefined) return known;
    const sum = "SELECT sum(octet_length(body) + octet_length(raw)) AS bytes FROM flux_events";
    const bytes = Number(this.database.prepare(sum).get()?.bytes ?? 0);
    this.#counted.set("bytes", bytes);
    return bytes;
  }

  /** Newest first. */
  list({ connectionId, daemonId, before, limit }: FluxEventQuery): FluxEvent[] {
    const end = before ?? Number.MAX_SAFE_INTEGER;
    const daemon = daemonId ?? null;
    const waiting = this.#queue.waiting
      .map(({ event }) => event)
      .filter((event) => event.connectionId === connectionId && event.sequence < end)
      .filter((event) => daemonId === undefined || event.daemonId === daemonId)
      .reverse()
      .slice(0, limit);
    const written = this.#page.all([connectionId, connectionId, daemon, daemon, end, limit - waiting.length]);
    return [...waiting, ...written.map(eventOf)];
  }

  get(connectionId: string, sequence: number): KeptFluxEvent | undefined {
    const isMeant = ({ event }: KeptFluxEvent): boolean =>
      event.connectionId === connectionId && event.sequence === sequence;
    const waiting = this.#queue.waiting.find(isMeant);
    if (waiting) return { event: waiting.event, raw: waiting.raw };
    const row = this.#one.get([connectionId, connectionId, sequence]);
    return row && { event: eventOf(row), raw: String(row.raw) };
  }

  /** From now on, no event of the connection that came before is found. */
  forget(connectionId: string): void {
    this.#queue.discard(({ event }) => event.connectionId === connectionId);
    this.#eraser.forget(connectionId);
  }

  /** Takes out some of the events that were forgotten; answers whether there may be more. */
  eraseSome(): boolean {
    const { bytes, hasMore } = this.#eraser.eraseSome();
    if (bytes > 0) this.#counted.set("bytes", this.#bytes() - bytes);
    return hasMore;
  }

  /** Writes what waits, if it can, and closes the database. */
  close(): void {
    this.#queue.close();
    this.database.close();
  }
}

function eventOf(row: SqlRow): FluxEvent {
  return { ...(JSON.parse(String(row.body)) as Omit<FluxEvent, "sequence">), sequence: Number(row.sequence) };
}

function clipped(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most)}\n… ${text.length - most} more characters were not kept.`;
}
