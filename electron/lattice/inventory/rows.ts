import { dateText } from "../../../shared/contract/index.ts";
import type { StringMap } from "../client/control-types.ts";

let lastIso = { ms: Number.NaN, text: "" };

/** Milliseconds since 1970 as the contract's date text, never throws; many events share one millisecond. */
export function isoTime(ms: number): string {
  if (lastIso.ms !== ms) lastIso = { ms, text: dateText(ms) };
  return lastIso.text;
}

/** Whether two string maps hold the same; their order has no meaning (wasmcloud-control §3.0). */
export function sameMap(a: StringMap | undefined, b: StringMap | undefined): boolean {
  if (a === b) return true;
  if (!a || !b) return false;
  let size = 0;
  for (const key in a) {
    if (a[key] !== b[key]) return false;
    size += 1;
  }
  for (const _ in b) size -= 1;
  return size === 0;
}

/**
 * Optional fields that are not set stay away from the row, as the contract writes them. The row is copied, because an
 * object of which something was deleted is slow to copy ever after.
 */
export function withoutUndefined<Row extends object>(row: Row): Row {
  const set = {} as Row;
  for (const field in row) if (row[field] !== undefined) set[field] = row[field];
  return set;
}
