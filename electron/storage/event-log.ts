import { setImmediate as nextTurn } from "node:timers/promises";
import { Failure } from "../../shared/contract/failure.ts";
import type { EventRow } from "../../shared/events/schema.ts";
import { type Database, inMemory } from "./database.ts";
import type { ErasableStore } from "./erasures.ts";
import { EventEraser } from "./event-eraser.ts";
import {
  type EventQuery,
  EventReader,
  type PreparedQuery,
  prepareQuery,
  type Slice,
} from "./event-reader.ts";
import {
  defaultEventBounds,
  type EventBounds,
  EventRetention,
  memoryEventBounds,
} from "./event-retention.ts";
import { type NewEvent, type StoredEvent, storedEvent } from "./event-row.ts";
import { EventWriter } from "./event-writer.ts";
import { WriteHealth } from "./write-health.ts";
import { WriteQueue } from "./write-queue.ts";

export type { EventQuery } from "./event-reader.ts";
export type { NewEvent, StoredEvent } from "./event-row.ts";

export interface EventPage {
  /** Newest first. */
  rows: EventRow[];
  /** Whether older rows fit too. */
  more: boolean;
  oldestKept?: number;
}

export interface EventLogOptions {
  bounds?: Partial<EventBounds>;
  now?: () => number;
  health?: WriteHealth;
  /** Puts a damaged file aside and opens another one; undefined when the error is of another kind. */
  replace?: (error: unknown) => Database | undefined;
}

interface Parts {
  database: Database;
  writer: EventWriter;
  reader: EventReader;
  retention: EventRetention;
  eraser: EventEraser;
}

const waitingRows = 50_000;
const store = {
  name: "the event log",
  meanwhile: `The newest ${waitingRows.toLocaleString("en")} events wait in memory.`,
};
const pruneLaterMs = 60_000;
const pruneSoonMs = 50;
const pruneChunk = 2_000;

/** The bounded log of every event; a sequence is given once and keeps rising over restarts. */
export class EventLog implements ErasableStore {
  readonly #options: EventLogOptions;
  readonly #queue: WriteQueue<StoredEvent>;
  #parts: Parts;
  #last: number;
  #pruneTimer: NodeJS.Timeout | undefined;
  #unpruned = 0;

  constructor(database: Database, options: EventLogOptions = {}) {
    this.#options = options;
    this.#parts = this.#partsOf(database);
    this.#last = this.#read((reader) => reader.bounds())?.newest ?? 0;
    this.#queue = new WriteQueue({
      store,
      health: options.health ?? new WriteHealth(() => undefined),
      write: (events) => this.#write(events),
      flushAt: 5_000,
      most: waitingRows,
    });
    this.#pruneIn(pruneSoonMs);
  }

  #partsOf(database: Database): Parts {
    const kept = database.file === inMemory ? memoryEventBounds : defaultEventBounds;
    const bounds = { ...kept, ...this.#options.bounds };
    return {
      database,
      writer: new EventWriter(database),
      reader: new EventReader(database),
      retention: new EventRetention(database, bounds),
      eraser: new EventEraser(database),
    };
  }

  /** Numbers the events at once and writes them soon; returns their rows as they will be found. */
  append(events: readonly NewEvent[]): EventRow[] {
    const stored = events.map((event) => {
      this.#last += 1;
      return storedEvent(event, this.#last);
    });
    this.#queue.add(stored);
    return stored.map((event) => event.row);
  }

  /** Finds events, newest first. Throws an `invalid_input` Failure for a filter with a problem. */
  search(query: EventQuery & { limit: number }): EventPage {
    const steps = this.#searching(query);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  }

  /** The same as `search`, but lets other work run between the parts of a long search. */
  async searchInSteps(query: EventQuery & { limit: number }): Promise<EventPage> {
    const steps = this.#searching(query);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      await nextTurn();
    }
  }

  *#searching(query: EventQuery & { limit: number }): Generator<undefined, EventPage> {
    const prepared = prepareQuery(query);
    this.flush();
    const found = this.#waitingThatFit(prepared, query).reverse();
    const enough = query.limit + 1;
    const bounds = this.#read((reader) => reader.bounds());
    const first = Math.max(bounds?.oldest ?? 0, (query.after ?? 0) + 1);
    let to = Math.min((bounds?.newest ?? -1) + 1, query.before ?? Number.MAX_SAFE_INTEGER);
    while (to > first && found.length < enough) {
      const from = Math.max(first, to - prepared.step);
      const slice: Slice = { from, to, order: "DESC", limit: enough - found.length };
      found.push(...this.#read((reader) => reader.slice(prepared, slice)));
      to = from;
      yield;
    }
    const rows = found.slice(0, query.limit).map((event) => event.row);
    const page: EventPage = { rows, more: found.length > query.limit };
    if (bounds) page.oldestKept = bounds.oldest;
    return page;
  }

  /** One event with its raw text. */
  get(sequence: number): StoredEvent | undefined {
    this.flush();
    const waiting = this.#queue.waiting.find((event) => event.row.sequence === sequence);
    return waiting ?? this.#read((reader) => reader.get(sequence));
  }

  /** Events as NDJSON lines, oldest first, each with its subject and raw text; read in parts as they are taken. */
  *export(query: EventQuery & { limit?: number }): Iterable<string> {
    const prepared = prepareQuery(query);
    this.flush();
    let left = query.limit ?? Number.MAX_SAFE_INTEGER;
    for (const part of this.#exportParts(prepared, query)) {
      const events = part.slice(0, left);
      for (const { row, subject, raw } of events) yield `${JSON.stringify({ ...row, subject, raw })}\n`;
      left -= events.length;
      if (left <= 0) return;
    }
  }

  *#exportParts(prepared: PreparedQuery, query: EventQuery): Iterable<StoredEvent[]> {
    const bounds = this.#read((reader) => reader.bounds());
    const end = Math.min((bounds?.newest ?? -1) + 1, query.before ?? Number.MAX_SAFE_INTEGER);
    let from = Math.max(bounds?.oldest ?? 0, (query.after ?? 0) + 1);
    for (; from < end; from += exportStep) {
      const slice: Slice = { from, to: Math.min(end, from + exportStep), order: "ASC", limit: exportStep };
      yield this.#read((reader) => withRaws(reader, reader.slice(prepared, slice)));
    }
    yield this.#waitingThatFit(prepared, query);
  }

  #waitingThatFit(prepared: PreparedQuery, query: EventQuery): StoredEvent[] {
    const after = query.after ?? 0;
    const before = query.before ?? Number.MAX_SAFE_INTEGER;
    return this.#queue.waiting.filter(
      (event) => event.row.sequence > after && event.row.sequence < before && prepared.test(event),
    );
  }

  /** Writes what waits; see `counts` for whether it could. */
  flush(): void {
    this.#queue.flush();
  }

  /** Takes out one chunk of what is beyond the bounds; returns the number of sequences removed. */
  prune(chunk = pruneChunk): number {
    return this.#parts.retention.prune(chunk, this.#options.now?.() ?? Date.now());
  }

  /** From now on, no event of the connection that came before is found. */
  forget(connectionId: string): void {
    // Written first: what is not could take its sequence with it, to be given again.
    this.flush();
    this.#queue.discard(({ row }) => row.connectionId === connectionId);
    this.#orReplace(({ eraser, writer }) => {
      eraser.forget(connectionId);
      writer.forgetOrigins();
    });
  }

  /** Takes out some of the events that were forgotten; answers whether there may be more. */
  eraseSome(): boolean {
    return this.#orReplace(({ eraser }) => eraser.eraseSome());
  }

  /** How many events are kept on disk, were written, wait to be written, and were dropped since the start. */
  counts(): { kept: number; written: number; waiting: number; dropped: number; problem?: string } {
    const bounds = this.#read((reader) => reader.bounds());
    return { kept: bounds ? bounds.newest - bounds.oldest + 1 : 0, ...this.#queue.counts() };
  }

  /** Writes what waits, if it can, and closes the database. */
  close(): void {
    clearTimeout(this.#pruneTimer);
    this.#pruneTimer = undefined;
    this.#queue.close();
    this.#parts.database.close();
  }

  #orReplace<T>(work: (parts: Parts) => T): T {
    try {
      return work(this.#parts);
    } catch (error) {
      if (!this.#replaced(error)) throw error;
      return work(this.#parts);
    }
  }

  #write(events: readonly StoredEvent[]): void {
    this.#orReplace(({ writer }) => writer.write(events));
    this.#unpruned += events.length;
    if (this.#unpruned >= pruneChunk) this.#pruneNow();
  }

  #read<T>(work: (reader: EventReader) => T): T {
    try {
      return this.#orReplace(({ reader }) => work(reader));
    } catch (error) {
      throw new Failure(
        {
          code: "internal",
          message: `The event log cannot be read: ${error instanceof Error ? error.message : "unknown reason"}.`,
          hint: "Check the data folder and its disk, then try again.",
        },
        { cause: error },
      );
    }
  }

  #replaced(error: unknown): boolean {
    const database = this.#options.replace?.(error);
    if (!database) return false;
    this.#parts = this.#partsOf(database);
    return true;
  }

  /** Takes out twice as much as was written, so that the log gets back within its bounds while events keep coming. */
  #pruneNow(): void {
    const chunk = Math.max(pruneChunk, this.#unpruned * 2);
    this.#unpruned = 0;
    const removed = this.#tryToPrune(chunk);
    this.#pruneIn(removed === chunk ? pruneSoonMs : pruneLaterMs);
  }

  #tryToPrune(chunk: number): number {
    try {
      return this.prune(chunk);
    } catch {
      // The same trouble shows, and is told, when events are written.
      return 0;
    }
  }

  #pruneIn(wait: number): void {
    clearTimeout(this.#pruneTimer);
    this.#pruneTimer = setTimeout(() => this.#pruneNow(), wait);
    this.#pruneTimer.unref();
  }
}

const exportStep = 2_000;

function withRaws(reader: EventReader, events: StoredEvent[]): StoredEvent[] {
  const first = events[0];
  const last = events.at(-1);
  if (!first || !last) return [];
  const raws = reader.raws({ from: first.row.sequence, to: last.row.sequence + 1 });
  return events.map((event) => ({ ...event, raw: raws.get(event.row.sequence) ?? "" }));
}
