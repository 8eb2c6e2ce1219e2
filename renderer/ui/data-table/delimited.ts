import { showHidden } from "../hidden-characters.ts";
import { cellText, type DataColumn } from "./column.ts";

/**
 * A spreadsheet runs a text that begins like a formula, also after blanks, in a quote, or in wide characters; ids and
 * labels come from other people's systems. A negative number stays one.
 */
const formula = /^["'\s]*[=+@\uff0b\uff0d\uff1d\uff20]|^["'\s]*-(?!\d+(?:\.\d+)?$)|^[\t\r]/;

/** Rows as tab-separated text with a header line, ready for a spreadsheet; tabs and line ends become blanks. */
export function toTsv<Row>(columns: readonly DataColumn<Row>[], rows: readonly Row[]): string {
  return lines(columns, rows, plain, "\t").join("\n");
}

/** Rows as CSV (RFC 4180) with a header line and CRLF ends. */
export function toCsv<Row>(columns: readonly DataColumn<Row>[], rows: readonly Row[]): string {
  return `${lines(columns, rows, quoted, ",").join("\r\n")}\r\n`;
}

/** Whole rows as JSON, one a line, whatever columns are shown. */
export function toNdjson<Row>(rows: readonly Row[]): string {
  return rows.map((row) => `${showHidden(JSON.stringify(row))}\n`).join("");
}

function lines<Row>(
  columns: readonly DataColumn<Row>[],
  rows: readonly Row[],
  write: (text: string) => string,
  separator: string,
): string[] {
  const header = columns.map((column) => write(column.header)).join(separator);
  const body = rows.map((row) => columns.map((column) => write(cellText(column.value(row)))).join(separator));
  return [header, ...body];
}

/** A quote at its begin would take the cells after it in. */
function plain(text: string): string {
  const line = showHidden(text.replaceAll(/[\t\r\n\u2028\u2029]+/g, " "));
  return formula.test(text) || /^\s*"/.test(text) ? `'${line}` : line;
}

function quoted(text: string): string {
  const shown = showHidden(text.replaceAll(/\r\n?/g, "\n"), "\t\n");
  const safe = formula.test(text) ? `'${shown}` : shown;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
