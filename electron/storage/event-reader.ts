import { Failure } from "../../shared/contract/failure.ts";
import { type Filter, parseFilter } from "../../shared/contract/filter.ts";
import { compileFilter } from "../../shared/contract/filter-match.ts";
import { eventFilterFields } from "../../shared/events/filter.ts";
import type { Database, SqlRow, Statement } from "./database.ts";
import { type Condition, type EventConditions, eventConditions } from "./event-conditions.ts";
import { rowColumns, rowOf, type StoredEvent } from "./event-row.ts";
import { originLife, rawTexts, textRun } from "./event-writer.ts";

/** What to look for; `after` and `before` are sequences, both excluded. */
export interface EventQuery {
  connectionId?: string;
  lattice?: string;
  filter?: string;
  after?: number;
  before?: number;
}

/** A query made ready for many slices. */
export interface PreparedQuery {
  conditions: EventConditions;
  test: (event: StoredEvent) => boolean;
  /** Sequences to look at in one go, so that no step takes long. */
  step: number;
}

/** A range of sequences: `from` is included, `to` is not. */
export interface Slice {
  from: number;
  to: number;
  order: "ASC" | "DESC";
  limit: number;
}

const rowStep = 50_000;
const rawStep = 5_000;

/** Reads the filter of a query. Throws an `invalid_input` Failure that names the first problem and holds all of them. */
export function prepareQuery(query: EventQuery): PreparedQuery {
  const filter: Filter = parseFilter(query.filter ?? "");
  const compiled = compileFilter(filter, eventFilterFields);
  const problem = compiled.problems[0];
  if (problem) {
    throw new Failure({
      code: "invalid_input",
      message: `filter: ${problem.message}`,
      details: { problems: compiled.problems },
      hint: "Correct the filter and try again.",
    });
  }
  const conditions = eventConditions(filter, query);
  const inScope = ({ row }: StoredEvent): boolean =>
    (query.connectionId === undefined || row.connectionId === query.connectionId) &&
    (query.lattice === undefined || row.lattice === query.lattice);
  return {
    conditions,
    test: (event) => inScope(event) && compiled.test({ ...event.row, raw: event.raw }),
    step: conditions.texts ? rawStep : rowStep,
  };
}

/** Reads events from the event database; throws the driver's error. */
export class EventReader {
  readonly #database: Database;
  readonly #bounds: Statement;
  readonly #one: Statement;
  readonly #run: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#bounds = database.prepare(
      "SELECT (SELECT min(sequence) FROM events) AS oldest, (SELECT max(sequence) FROM events) AS newest",
    );
    this.#one = database.prepare(`${selectRows} WHERE sequence = ?`);
    this.#run = database.prepare(
      `${selectTexts} WHERE first_sequence <= ? ORDER BY first_sequence DESC LIMIT 1`,
    );
  }

  /** The first and the last sequence on disk; undefined when there is none. */
  bounds(): { oldest: number; newest: number } | undefined {
    const row = this.#bounds.get();
    if (!row || row.oldest === null) return undefined;
    return { oldest: Number(row.oldest), newest: Number(row.newest) };
  }

  get(sequence: number): StoredEvent | undefined {
    const columns = this.#one.get([sequence]);
    const run = columns && this.#run.get([sequence]);
    return columns && storedOf(columns, new Map(run ? textsOf(run) : []));
  }

  /** Events of a slice that fit, without their raw text unless the query asks for raw text. */
  slice(query: PreparedQuery, slice: Slice): StoredEvent[] {
    const { conditions } = query;
    if (!this.#hasOrigin(conditions.origin, slice)) return [];
    const raws = conditions.texts ? this.raws(slice, conditions.texts) : undefined;
    if (raws?.size === 0) return [];
    const rows = this.#rows(conditions, slice);
    if (conditions.exact) return rows.map((columns) => storedOf(columns, noRaws));
    const fitting: StoredEvent[] = [];
    for (const columns of rows) {
      const event = storedOf(columns, raws ?? noRaws);
      if (query.test(event)) fitting.push(event);
      if (fitting.length === slice.limit) break;
    }
    return fitting;
  }

  #rows(conditions: EventConditions, slice: Slice): SqlRow[] {
    const limit = conditions.exact ? slice.limit : -1;
    const sql = `${selectRows} WHERE sequence >= ? AND sequence < ? AND ${conditions.origin.sql} AND ${conditions.row.sql}
      ORDER BY sequence ${slice.order} LIMIT ?`;
    const values = [slice.from, slice.to, ...conditions.origin.values, ...conditions.row.values, limit];
    return this.#database.prepare(sql).all(values);
  }

  /** Few origins serve many events, so one look tells whether a slice is worth reading. */
  #hasOrigin(origin: Condition, slice: Slice): boolean {
    const sql = `SELECT 1 FROM event_origins WHERE id > ? AND id < ? AND ${origin.sql} LIMIT 1`;
    const values = [slice.from - originLife, slice.to, ...origin.values];
    return this.#database.prepare(sql).get(values) !== undefined;
  }

  /** The raw texts of a slice by sequence; with a condition, those of the runs it lets through. */
  raws(slice: Pick<Slice, "from" | "to">, condition: Condition = { sql: "1", values: [] }) {
    const sql = `${selectTexts} WHERE first_sequence > ? AND first_sequence < ? AND ${condition.sql}`;
    const runs = this.#database.prepare(sql).all([slice.from - textRun, slice.to, ...condition.values]);
    return new Map(runs.flatMap((run) => [...textsOf(run)]));
  }
}

const selectRows = `SELECT ${rowColumns} FROM events CROSS JOIN event_origins ON event_origins.id = events.origin`;
const selectTexts = "SELECT first_sequence, lengths, texts FROM event_texts";
const noRaws: ReadonlyMap<number, string> = new Map();

function textsOf(run: SqlRow) {
  return rawTexts({
    first: Number(run.first_sequence),
    lengths: String(run.lengths),
    texts: String(run.texts),
  });
}

function storedOf(columns: SqlRow, raws: ReadonlyMap<number, string>): StoredEvent {
  const row = rowOf(columns);
  return { row, subject: String(columns.subject), raw: raws.get(row.sequence) ?? "" };
}
