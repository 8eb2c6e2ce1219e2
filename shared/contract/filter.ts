/**
 * The filter text of every table and of the event log. Terms stand side by side and must all hold:
 *
 *   word                  some default field has it as a part
 *   "two words"           the same, with spaces
 *   field:value           the field is exactly this (one of its values, for a list)
 *   field:a,b             the field is one of these
 *   field:~part           the field has this part; `~a,b` for one of several
 *   field:>5              the number is greater; also >=, <, <=
 *   label:zone=eu-1       a map has this entry; `label:zone` for just the key
 *   -term                 the term does not hold
 *
 * Letter case is ignored. In quotes, \" is a quote and \\ a backslash.
 */
export type FilterTerm = WordTerm | ValueTerm | CompareTerm;

interface TermBase {
  /** Offset of the term in the text. */
  at: number;
  negated: boolean;
}
export interface WordTerm extends TermBase {
  kind: "word";
  text: string;
}
export interface ValueTerm extends TermBase {
  kind: "equals" | "contains";
  field: string;
  /** Never empty, and no empty text in it. */
  values: string[];
}
export type CompareOperator = ">" | ">=" | "<" | "<=";
export interface CompareTerm extends TermBase {
  kind: "compare";
  field: string;
  operator: CompareOperator;
  value: number;
}

/** Something in the text that was left out, with its offset. */
export interface FilterProblem {
  at: number;
  message: string;
}

export interface Filter {
  terms: FilterTerm[];
  problems: FilterProblem[];
}

const fieldStart = /[A-Za-z][A-Za-z0-9_-]*:/y;
const compareStart = /[<>]=?/y;
const space = /\s*/y;
const bareWord = /[^\s]+/y;
const bareValue = /[^\s,]*/y;
const quoted = /"((?:[^"\\]|\\[\s\S])*)("?)/y;

/** Reads a filter text. Never throws: what cannot be read becomes a problem, and the rest still counts. */
export function parseFilter(text: string): Filter {
  const reader = new Reader(text);
  const terms: FilterTerm[] = [];
  for (;;) {
    reader.take(space);
    if (reader.at >= text.length) return { terms, problems: reader.problems };
    const term = readTerm(reader);
    if (term) terms.push(term);
  }
}

class Reader {
  readonly problems: FilterProblem[] = [];
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Takes what the sticky pattern finds here; moves only when it finds something. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (!match) return undefined;
    this.at += match[0].length;
    return match;
  }

  takeText(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  problem(at: number, message: string): undefined {
    this.problems.push({ at, message });
    return undefined;
  }
}

function readTerm(reader: Reader): FilterTerm | undefined {
  const at = reader.at;
  const negated = reader.takeText("-");
  const field = reader.take(fieldStart)?.[0].slice(0, -1);
  if (field !== undefined) return readFieldTerm(reader, { at, negated, field });
  const text = readText(reader, bareWord);
  if (!text) return reader.problem(at, negated ? "Nothing follows the minus." : "The quotes are empty.");
  return { kind: "word", at, negated, text };
}

type FieldHead = TermBase & { field: string };

function readFieldTerm(reader: Reader, head: FieldHead): FilterTerm | undefined {
  if (reader.takeText("~")) return readValues(reader, { ...head, kind: "contains" });
  const operator = reader.take(compareStart)?.[0] as CompareOperator | undefined;
  return operator
    ? readComparison(reader, { ...head, operator })
    : readValues(reader, { ...head, kind: "equals" });
}

function readComparison(
  reader: Reader,
  head: FieldHead & { operator: CompareOperator },
): FilterTerm | undefined {
  const at = reader.at;
  const text = reader.take(bareWord)?.[0] ?? "";
  const value = text === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) {
    return reader.problem(at, `"${head.field}:${head.operator}" needs a number.`);
  }
  return { kind: "compare", ...head, value };
}

function readValues(
  reader: Reader,
  head: FieldHead & { kind: "equals" | "contains" },
): FilterTerm | undefined {
  const values: string[] = [];
  do {
    const at = reader.at;
    const value = readText(reader, bareValue);
    if (value) values.push(value);
    else reader.problem(at, `"${head.field}:" needs a value here.`);
  } while (reader.takeText(","));
  return values.length > 0 ? { ...head, values } : undefined;
}

function readText(reader: Reader, bare: RegExp): string {
  const at = reader.at;
  const match = reader.take(quoted);
  if (!match) return reader.take(bare)?.[0] ?? "";
  if (match[2] === "") {
    reader.problem(at, "The closing quote is missing.");
    // A backslash at the very end stands for itself, and is not part of the match.
    return unescapeQuoted(match[1] ?? "") + (reader.takeText("\\") ? "\\" : "");
  }
  return unescapeQuoted(match[1] ?? "");
}

function unescapeQuoted(text: string): string {
  return text.replace(/\\([\s\S])/g, "$1");
}

/** Writes terms as filter text; `parseFilter` reads the same terms back. */
export function formatFilter(terms: readonly FilterTerm[]): string {
  return terms.map(formatTerm).join(" ");
}

function formatTerm(term: FilterTerm): string {
  const minus = term.negated ? "-" : "";
  switch (term.kind) {
    case "word":
      return minus + formatWord(term.text);
    case "compare":
      return `${minus}${term.field}:${term.operator}${term.value}`;
    default:
      return `${minus}${term.field}:${term.kind === "contains" ? "~" : ""}${term.values.map(formatValue).join(",")}`;
  }
}

function formatWord(text: string): string {
  const plain = /^[^\s"-][^\s]*$/.test(text) && !/^[A-Za-z][A-Za-z0-9_-]*:/.test(text);
  return plain ? text : quote(text);
}

function formatValue(text: string): string {
  return /^[^\s",~<>][^\s,]*$/.test(text) ? text : quote(text);
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
