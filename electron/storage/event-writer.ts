import type { EventRow } from "../../shared/events/schema.ts";
import type { Database, SqlValue, Statement } from "./database.ts";
import { addEventValues, type StoredEvent } from "./event-row.ts";

/** An origin serves only the events within this many sequences after its own, so pruning knows which ones are done. */
export const originLife = 100_000;

/** At most this many events share one row of raw texts. */
export const textRun = 250;

const runCharacters = 1024 * 1024;
/** A host has about so many kinds of events in a short time. */
const recentOrigins = 8;
const batchSizes = [textRun, 25, 1] as const;

/** Writes events into the event database; binding values costs most, so rows go in many at a time. */
export class EventWriter {
  readonly #database: Database;
  readonly #insertOrigin: Statement;
  readonly #insertTexts: Statement;
  readonly #insertEvents: Record<(typeof batchSizes)[number], Statement>;
  readonly #origins: Map<string, number>;
  /** Of each source the origins that it used last: to compare with a few is faster than to put a key together. */
  readonly #recent: Map<string | undefined, Origin[]>;
  #epoch = 0;

  constructor(database: Database) {
    const insertEvents = (count: number): Statement =>
      database.prepare(`INSERT INTO events VALUES ${Array(count).fill("(?, ?, ?, ?, ?, ?)").join(", ")}`);
    this.#database = database;
    this.#origins = database.cache();
    this.#recent = database.cache();
    this.#insertOrigin = database.prepare("INSERT INTO event_origins VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    this.#insertTexts = database.prepare("INSERT INTO event_texts VALUES (?, ?, ?)");
    this.#insertEvents = { [textRun]: insertEvents(textRun), 25: insertEvents(25), 1: insertEvents(1) };
  }

  /** Writes all of the events, in rising sequence, or none. Throws the driver's error. */
  write(events: readonly StoredEvent[]): void {
    this.#database.transaction(() => {
      this.#writeEvents(events);
      for (const run of textRuns(events)) this.#writeTexts(run);
    });
  }

  #writeEvents(events: readonly StoredEvent[]): void {
    let start = 0;
    while (start < events.length) {
      const left = events.length - start;
      const size = batchSizes.find((count) => count <= left) ?? 1;
      const values: SqlValue[] = [];
      for (let index = start; index < start + size; index += 1) {
        const event = events[index] as StoredEvent;
        addEventValues(values, event.row, this.#originOf(event));
      }
      this.#insertEvents[size].run(values);
      start += size;
    }
  }

  /** For those that were taken out behind its back. */
  forgetOrigins(): void {
    this.#origins.clear();
    this.#recent.clear();
  }

  #originOf(event: StoredEvent): number {
    const { sequence, source } = event.row;
    if (sequence - this.#epoch >= originLife || this.#origins.size === 0) {
      this.forgetOrigins();
      this.#epoch = sequence;
    }
    const recent = this.#recent.get(source) ?? [];
    for (const origin of recent) if (isOf(origin, event)) return origin.id;
    const id = this.#storedOrigin(event);
    this.#recent.set(
      source,
      [{ id, row: event.row, subject: event.subject }, ...recent].slice(0, recentOrigins),
    );
    return id;
  }

  #storedOrigin({ row, subject }: StoredEvent): number {
    const shared = `${row.connectionId}\0${row.lattice}\0${row.type}\0${row.known}\0${row.severity}\0${row.source ?? "\0"}\0${row.sourceName ?? "\0"}\0${row.entityKind}\0${subject}`;
    const known = this.#origins.get(shared);
    if (known !== undefined) return known;
    this.#insertOrigin.run([
      row.sequence,
      row.connectionId,
      row.lattice,
      row.type,
      row.known ? 1 : 0,
      row.severity,
      row.source ?? null,
      row.sourceName ?? null,
      row.entityKind,
      subject,
    ]);
    this.#origins.set(shared, row.sequence);
    return row.sequence;
  }

  #writeTexts(run: readonly StoredEvent[]): void {
    const first = (run[0] as StoredEvent).row.sequence;
    let lengths = "";
    let texts = "";
    for (const { raw } of run) {
      lengths += lengths === "" ? raw.length : `,${raw.length}`;
      texts += raw;
    }
    this.#insertTexts.run([first, lengths, texts]);
  }
}

/** What many events share, as the first of them has it; without its raw text, which would be kept with it. */
interface Origin {
  id: number;
  row: EventRow;
  subject: string;
}

function isOf({ row, subject }: Origin, { row: other, subject: otherSubject }: StoredEvent): boolean {
  return (
    row.type === other.type &&
    row.severity === other.severity &&
    row.known === other.known &&
    row.entityKind === other.entityKind &&
    row.sourceName === other.sourceName &&
    row.source === other.source &&
    row.lattice === other.lattice &&
    row.connectionId === other.connectionId &&
    subject === otherSubject
  );
}

/** Cuts events into runs of unbroken sequences, bounded in number and in characters. */
function* textRuns(events: readonly StoredEvent[]): Iterable<StoredEvent[]> {
  let run: StoredEvent[] = [];
  let characters = 0;
  let next = 0;
  for (const event of events) {
    const ends =
      run.length === textRun ||
      characters >= runCharacters ||
      (run.length > 0 && event.row.sequence !== next);
    if (ends) {
      yield run;
      run = [];
      characters = 0;
    }
    run.push(event);
    characters += event.raw.length;
    next = event.row.sequence + 1;
  }
  if (run.length > 0) yield run;
}

/** Takes a run of raw texts apart again: the raw text of each sequence. */
export function* rawTexts(run: {
  first: number;
  lengths: string;
  texts: string;
}): Iterable<[sequence: number, raw: string]> {
  let sequence = run.first;
  let start = 0;
  for (const length of run.lengths.split(",")) {
    const end = start + Number(length);
    yield [sequence, run.texts.slice(start, end)];
    sequence += 1;
    start = end;
  }
}
