import { cellText, type DataColumn } from "./column.ts";

/** Rows as tab-separated text with a header line, ready for a spreadsheet; tabs and line ends become blanks. */
export function toTsv<Row>(columns: readonly DataColumn<Row>[], rows: readonly Row[]): string {
  const plain = (text: string) => text.replaceAll(/[\t\r\n]+/g, " ");
  return lines(columns, rows, plain, "\t").join("\n");
}

/** Rows as CSV (RFC 4180) with a header line and CRLF ends. */
export function toCsv<Row>(columns: readonly DataColumn<Row>[], rows: readonly Row[]): string {
  return `${lines(columns, rows, quoted, ",").join("\r\n")}\r\n`;
}

/** Whole rows as JSON, one a line, whatever columns are shown. */
export function toNdjson<Row>(rows: readonly Row[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
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

function quoted(text: string): string {
  // A spreadsheet runs a text that begins like a formula; ids and labels come from other people's systems.
  const safe = /^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
