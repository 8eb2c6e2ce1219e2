import type { ReactNode } from "react";

export type ColumnValue = string | number | undefined | Readonly<Record<string, string>> | readonly string[];

/** One column of a data table; `value` is what filter, sort, copy and export use, `render` what is seen. */
export interface DataColumn<Row> {
  /** Also the field's name in the filter. */
  id: string;
  header: string;
  value: (row: Row) => ColumnValue;
  render?: (row: Row) => ReactNode;
  /** Pixels at least; what is left over is shared in proportion. */
  width?: number;
  align?: "start" | "end";
  /** Not shown until it is asked for. */
  hidden?: boolean;
  mono?: boolean;
  /** A change of the value is not marked, for what changes all the time. */
  quiet?: boolean;
  /** Whether a free word of the filter looks here; unless said, where it is shown and not a number. */
  searched?: boolean;
  sortValue?: (row: Row) => string | number | undefined;
}

/** Text of a cell as it is copied, exported and shown without a `render`: maps are `key=value, …`. */
export function cellText(value: ColumnValue): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (isList(value)) return value.join(", ");
  return Object.entries(value)
    .map(([key, text]) => `${key}=${text}`)
    .join(", ");
}

function isList(value: Exclude<ColumnValue, string | number | undefined>): value is readonly string[] {
  return Array.isArray(value);
}

/** What a row is sorted by in a column: numbers as such, texts in lower case, nothing as `undefined`. */
export function sortKey<Row>(column: DataColumn<Row>, row: Row): string | number | undefined {
  const value = column.sortValue ? column.sortValue(row) : column.value(row);
  if (value === undefined || typeof value === "number") return value;
  const text = cellText(value).toLowerCase();
  return text === "" ? undefined : text;
}
