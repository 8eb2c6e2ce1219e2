import type { OutputFor } from "../../shared/catalogue.ts";
import type { EventRow } from "../../shared/events/schema.ts";
import { formatCount } from "../ui/format.ts";

export type EventPage = OutputFor<"events.search">;

/** What of the log is in memory: a stretch without holes among the events that fit the filter, newest first. */
export interface EventWindow {
  rows: readonly EventRow[];
  /** The log holds older ones. */
  more: boolean;
  /** Up to this sequence the rows are complete. */
  listed: number;
  /** Up to this sequence live events were looked at. */
  scanned: number;
  /** Live rows that the console left out, at the time of `listed`. */
  skipped: number;
  /** Fitting events that came while the list was held. */
  arrived: number;
  /** Some went by unseen, so that `arrived` is the least. */
  atLeast: boolean;
}

/** What the live topic holds: the newest events, oldest first. */
export interface LiveEvents {
  rows: readonly EventRow[];
  skipped: number;
}

const mostRows = 20_000;

/** The window over the newest page of the log; `asked` is what was live when the log was asked. */
export function openWindow(page: EventPage, asked: LiveEvents): EventWindow {
  return { rows: page.rows, more: page.more, ...completeUpTo(page, asked) };
}

/** The log knows every event that has been live, whether or not it fits. */
function completeUpTo(page: EventPage, asked: LiveEvents, least = 0) {
  const newest = Math.max(least, page.rows[0]?.sequence ?? 0, asked.rows.at(-1)?.sequence ?? 0);
  return { listed: newest, scanned: newest, skipped: asked.skipped, arrived: 0, atLeast: false };
}

/** Adds the next older page; beyond what memory may hold the newest are let go, and come back with the next resume. */
export function addOlder(window: EventWindow, page: EventPage): EventWindow {
  const oldest = window.rows.at(-1)?.sequence ?? Number.POSITIVE_INFINITY;
  const rows = [...window.rows, ...page.rows.filter((row) => row.sequence < oldest)];
  if (rows.length <= mostRows) return { ...window, rows, more: page.more };
  const kept = rows.slice(-mostRows);
  return { ...window, rows: kept, more: page.more, listed: kept[0]?.sequence ?? window.listed };
}

/** Whether events went by that the live topic no longer holds, so that the log has to be asked. */
export function hasGap(window: EventWindow, live: LiveEvents): boolean {
  if (live.skipped !== window.skipped) return true;
  return (live.rows[0]?.sequence ?? 0) > window.listed;
}

/** Lists the live events that fit; only right while there is no gap. */
export function takeLive(
  window: EventWindow,
  live: LiveEvents,
  fits: (row: EventRow) => boolean,
): EventWindow {
  const newest = live.rows.at(-1)?.sequence ?? 0;
  if (newest <= window.listed)
    return window.arrived === 0 ? window : { ...window, arrived: 0, atLeast: false };
  const fresh = newerThan(live.rows, window.listed).filter(fits).reverse();
  const rows = fresh.length > 0 ? [...fresh, ...window.rows] : window.rows;
  const trimmed = rows.length > mostRows;
  return {
    rows: trimmed ? rows.slice(0, mostRows) : rows,
    more: window.more || trimmed,
    listed: newest,
    scanned: newest,
    skipped: live.skipped,
    arrived: 0,
    atLeast: false,
  };
}

/** The window without what is newer than a sequence, which counts as arrived. */
export function cutAt(window: EventWindow, sequence: number): EventWindow {
  const rows = window.rows.filter((row) => row.sequence <= sequence);
  const arrived = window.arrived + window.rows.length - rows.length;
  return { ...window, rows, arrived, listed: Math.min(window.listed, sequence) };
}

/** Counts the live events that fit, without listing them. */
export function countLive(
  window: EventWindow,
  live: LiveEvents,
  fits: (row: EventRow) => boolean,
): EventWindow {
  const newest = live.rows.at(-1)?.sequence ?? 0;
  const atLeast = window.atLeast || live.skipped !== window.skipped;
  if (newest <= window.scanned && atLeast === window.atLeast) return window;
  const fresh = newerThan(live.rows, window.scanned).filter(fits).length;
  return { ...window, scanned: Math.max(newest, window.scanned), arrived: window.arrived + fresh, atLeast };
}

/** Puts what the log has after `listed` on top; where that is too much for one page, the page is the new window. */
export function catchUp(window: EventWindow, page: EventPage, asked: LiveEvents): EventWindow {
  const counted = completeUpTo(page, asked, window.listed);
  if (page.more) return { rows: page.rows, more: true, ...counted };
  const rows = [...page.rows.filter((row) => row.sequence > window.listed), ...window.rows];
  return { rows: rows.slice(0, mostRows), more: window.more || rows.length > mostRows, ...counted };
}

/** The rows are few at the end, so the search goes from there. */
function newerThan(rows: readonly EventRow[], sequence: number): EventRow[] {
  let start = rows.length;
  while (start > 0 && (rows[start - 1] as EventRow).sequence > sequence) start--;
  return rows.slice(start);
}

/** The words of the resume button: "1,284 new", or "1,284 or more new" where some went by uncounted. */
export function arrivedText({ arrived, atLeast }: Pick<EventWindow, "arrived" | "atLeast">): string {
  const count = formatCount(arrived);
  return atLeast ? `${count} or more new` : `${count} new`;
}
