import type { CompareOperator, Filter, FilterProblem, FilterTerm } from "./filter.ts";

/** What a field of a row may hold; a list or a map fits when one of its entries does. */
export type FilterValue = string | number | readonly string[] | Readonly<Record<string, string>> | undefined;

/** The fields of one table: how to read each, and which ones a free word looks into. */
export interface FilterFields<Row> {
  fields: Readonly<Record<string, (row: Row) => FilterValue>>;
  defaultFields: readonly string[];
}

export interface CompiledFilter<Row> {
  /** Whether the row fits. A term with an unknown field fits no row, so that a slip of the pen never selects everything. */
  test(row: Row): boolean;
  /** The problems of the text, and one for each unknown field. */
  problems: FilterProblem[];
}

type Predicate<Row> = (row: Row) => boolean;

/** Makes one fast predicate of a filter, to be used on many rows. */
export function compileFilter<Row>(filter: Filter, columns: FilterFields<Row>): CompiledFilter<Row> {
  const known = new Map(Object.entries(columns.fields).map(([name, read]) => [name.toLowerCase(), read]));
  const problems = [...filter.problems];
  const predicates = filter.terms.map((term): Predicate<Row> => {
    const reads = readersOf(term, { known, columns });
    if (!reads) {
      problems.push(unknownField(term, Object.keys(columns.fields)));
      return () => false;
    }
    const fits = testOf(term);
    const holds: Predicate<Row> = (row) => reads.some((read) => fits(read(row)));
    return term.negated ? (row) => !holds(row) : holds;
  });
  return { test: (row) => predicates.every((predicate) => predicate(row)), problems };
}

/** Whether one row fits; for many rows, compile once. */
export function matches<Row>(filter: Filter, row: Row, columns: FilterFields<Row>): boolean {
  return compileFilter(filter, columns).test(row);
}

type Read<Row> = (row: Row) => FilterValue;

function readersOf<Row>(
  term: FilterTerm,
  fields: { known: ReadonlyMap<string, Read<Row>>; columns: FilterFields<Row> },
): Read<Row>[] | undefined {
  if (term.kind !== "word") {
    const read = fields.known.get(term.field.toLowerCase());
    return read && [read];
  }
  return fields.columns.defaultFields.map(
    (name) => fields.known.get(name.toLowerCase()) ?? (() => undefined),
  );
}

function unknownField(term: FilterTerm, names: readonly string[]): FilterProblem {
  const name = term.kind === "word" ? "" : term.field;
  const known = names.join(", ");
  return {
    at: term.at,
    message: `There is no field "${name}" here. Known: ${known}. Put quotes around a text with a colon.`,
  };
}

function testOf(term: FilterTerm): (value: FilterValue) => boolean {
  if (term.kind === "compare") {
    const holds = comparisons[term.operator];
    return (value) => typeof value === "number" && holds(value, term.value);
  }
  const pattern = termPattern(term);
  return (value) => fitsPattern(value, pattern);
}

const comparisons: Record<CompareOperator, (left: number, right: number) => boolean> = {
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
};

/**
 * The pattern of a word or value term. The flag `i` without `u` never makes an ASCII letter equal to another one,
 * which is also how SQLite compares; so the event log may leave ASCII terms to SQLite.
 */
export function termPattern(term: Exclude<FilterTerm, { kind: "compare" }>): RegExp {
  const texts = term.kind === "word" ? [term.text] : term.values;
  const any = texts.map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|");
  return new RegExp(term.kind === "equals" ? `^(?:${any})$` : any, "i");
}

function fitsPattern(value: FilterValue, pattern: RegExp): boolean {
  if (value === undefined) return false;
  if (typeof value === "string") return pattern.test(value);
  if (typeof value === "number") return pattern.test(String(value));
  if (isList(value)) return value.some((item) => pattern.test(item));
  for (const key of Object.keys(value)) {
    if (pattern.test(`${key}=${value[key]}`) || pattern.test(key)) return true;
  }
  return false;
}

function isList(value: readonly string[] | Readonly<Record<string, string>>): value is readonly string[] {
  return Array.isArray(value);
}
