import type { Filter, FilterTerm } from "../../shared/contract/filter.ts";
import { termPattern } from "../../shared/contract/filter-match.ts";
import { ownValue } from "../../shared/contract/index.ts";
import { type EventTrait, eventFilterFields, eventTraits } from "../../shared/events/filter.ts";
import type { SqlValue } from "./database.ts";

export interface Condition {
  sql: string;
  values: SqlValue[];
}

/** A filter as far as SQLite can decide it: every event that fits is among the rows that these conditions let through. */
export interface EventConditions {
  /** Over `event_origins` alone. */
  origin: Condition;
  /** Over `events` joined with `event_origins`. */
  row: Condition;
  /** Over a row of `event_texts`: it may hold a raw text that fits. Undefined when the filter does not ask for raw text. */
  texts?: Condition;
  /** False: the rows let through are still to be tested with the compiled filter. */
  exact: boolean;
}

type TextTerm = Exclude<FilterTerm, { kind: "compare" }>;

const columns: Record<string, { names: readonly string[]; ofOrigin: boolean }> = {
  type: { names: ["type"], ofOrigin: true },
  host: { names: ["source", "source_name"], ofOrigin: true },
  kind: { names: ["entity_kind"], ofOrigin: true },
  severity: { names: ["severity"], ofOrigin: true },
  lattice: { names: ["lattice"], ofOrigin: true },
  id: { names: ["entity_id"], ofOrigin: false },
  text: { names: ["summary"], ofOrigin: false },
};

const traitSql: Record<EventTrait, string> = {
  malformed: "type = 'malformed' COLLATE BINARY",
  unknown: "(known = 0 AND type <> 'malformed' COLLATE BINARY)",
};

const always: Condition = { sql: "1", values: [] };
const never: Condition = { sql: "0", values: [] };

/** Turns a filter over events into SQL conditions with bound values. */
export function eventConditions(
  filter: Filter,
  scope: { connectionId?: string; lattice?: string },
): EventConditions {
  const origin: Condition[] = [];
  const row: Condition[] = [];
  const texts: Condition[] = [];
  let exact = true;
  if (scope.connectionId !== undefined) origin.push(equalsBinary("connection_id", scope.connectionId));
  if (scope.lattice !== undefined) origin.push(equalsBinary("lattice", scope.lattice));
  for (const term of filter.terms) {
    const place = placeOf(term);
    if (place === "texts" || !decidedBySqlite(term)) exact = false;
    if (place === "texts") texts.push(textsCondition(term));
    else if (decidedBySqlite(term)) (place === "origin" ? origin : row).push(termCondition(term));
  }
  const conditions: EventConditions = { origin: all(origin), row: all(row), exact };
  if (texts.length > 0) conditions.texts = all(texts);
  return conditions;
}

function equalsBinary(column: string, value: string): Condition {
  return { sql: `${column} = ? COLLATE BINARY`, values: [value] };
}

function fieldOf(term: FilterTerm): string {
  return term.kind === "word" ? "" : term.field.toLowerCase();
}

function placeOf(term: FilterTerm): "origin" | "row" | "texts" {
  const field = fieldOf(term);
  if (field === "raw" && term.kind !== "compare") return "texts";
  return field === "is" || ownValue(columns, field)?.ofOrigin ? "origin" : "row";
}

/** SQLite ignores the case of ASCII letters only, and its texts end at a NUL. */
function decidedBySqlite(term: FilterTerm): boolean {
  if (term.kind === "compare" || fieldOf(term) === "is") return true;
  return textsOf(term).every((text) =>
    [...text].every((character) => character > "\0" && character < "\x80"),
  );
}

function textsOf(term: TextTerm): readonly string[] {
  return term.kind === "word" ? [term.text] : term.values;
}

function termCondition(term: FilterTerm): Condition {
  const condition = positiveCondition(term);
  // A NULL column fits nothing, so its negation holds.
  return term.negated ? { ...condition, sql: `(${condition.sql}) IS NOT TRUE` } : condition;
}

function positiveCondition(term: FilterTerm): Condition {
  // No field of an event is a number.
  if (term.kind === "compare") return never;
  if (fieldOf(term) === "is") return traitCondition(term);
  const fields = term.kind === "word" ? eventFilterFields.defaultFields : [fieldOf(term)];
  const names = fields.flatMap((field) => ownValue(columns, field)?.names ?? []);
  return any(names.map((name) => columnCondition(name, term)));
}

function columnCondition(column: string, term: TextTerm): Condition {
  const texts = textsOf(term);
  if (term.kind === "equals") {
    return { sql: `${column} IN (${texts.map(() => "?").join(", ")})`, values: [...texts] };
  }
  return any(texts.map((text) => ({ sql: `${column} LIKE ? ESCAPE '\\'`, values: [likePattern(text)] })));
}

function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

function traitCondition(term: TextTerm): Condition {
  const pattern = termPattern(term);
  const traits = (Object.keys(eventTraits) as EventTrait[]).filter((trait) => pattern.test(trait));
  return any(traits.map((trait) => ({ sql: traitSql[trait], values: [] })));
}

function textsCondition(term: FilterTerm): Condition {
  if (term.kind === "compare" || term.negated || !decidedBySqlite(term)) return always;
  return any(textsOf(term).map((text) => columnCondition("texts", { ...term, kind: "word", text })));
}

function all(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? always : join(conditions, " AND ");
}

function any(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? never : join(conditions, " OR ");
}

function join(conditions: readonly Condition[], word: string): Condition {
  return {
    sql: `(${conditions.map((condition) => condition.sql).join(word)})`,
    values: conditions.flatMap((condition) => condition.values),
  };
}
