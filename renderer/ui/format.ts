const counts = new Intl.NumberFormat("en-US");
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** A whole number with thousands separators, such as `9,310`. */
export function formatCount(value: number): string {
  return counts.format(value);
}

/** A rate in few characters, such as `0.4`, `214` or `12.4K`. */
export function formatRate(value: number): string {
  if (value === 0) return "0";
  if (value < 10) return value.toFixed(1);
  return value < 1_000 ? String(Math.round(value)) : short.format(value);
}

/** `1 host`, `2 hosts`; the plural is the singular and an s unless given. */
export function formatQuantity(value: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(value)} ${value === 1 ? singular : plural}`;
}

/** A duration in milliseconds as a person says it: `84 ms`, `1.4 s`, `3 min 5 s`, `2 h 4 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3_600) return twoUnits(seconds, [60, "min"], [1, "s"]);
  if (seconds < 86_400) return twoUnits(seconds, [3_600, "h"], [60, "min"]);
  return twoUnits(seconds, [86_400, "d"], [3_600, "h"]);
}

/** A round trip in milliseconds; one too short to be measured is no `0 ms`. */
export function formatRoundTrip(milliseconds: number): string {
  return milliseconds < 1 ? "< 1 ms" : formatDuration(milliseconds);
}

function twoUnits(seconds: number, big: readonly [number, string], small: readonly [number, string]): string {
  const rest = Math.floor((seconds % big[0]) / small[0]);
  const first = `${Math.floor(seconds / big[0])} ${big[1]}`;
  return rest === 0 ? first : `${first} ${rest} ${small[1]}`;
}

/** What is left of some minutes, `4:12`; never negative. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

const unreadableTime = "at an unreadable time";
const dayMs = 86_400_000;

/** Whether a date can say this time, also where a zone moves it: times come from hosts and servers, in any shape. */
export function isTime(time: number): boolean {
  return Math.abs(time) <= 8.64e15 - dayMs;
}

/** How long ago, coarser with age: `now`, `3 s ago`, `2 min ago`; a time to come is `in 3 s`. */
export function formatAgo(milliseconds: number): string {
  if (Number.isNaN(milliseconds)) return unreadableTime;
  const distance = Math.abs(milliseconds);
  if (distance < 1_000) return "now";
  const text = coarse(distance / 1_000);
  return milliseconds < 0 ? `in ${text}` : `${text} ago`;
}

function coarse(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** Clock time with seconds, `14:02:11`, and `UTC` behind it where that is shown. */
export function formatClock(time: number, utc: boolean): string {
  const text = new Date(time).toLocaleTimeString("en-GB", utc ? { timeZone: "UTC" } : {});
  return utc ? `${text} UTC` : text;
}

/** Date and clock time to the millisecond with its zone: `2026-11-23 14:02:11.402 UTC`. */
export function formatInstant(time: number, utc: boolean): string {
  if (!isTime(time)) return unreadableTime;
  const shift = utc ? 0 : new Date(time).getTimezoneOffset();
  const text = new Date(time - shift * 60_000).toISOString().replace("T", " ").slice(0, 23);
  return `${text} ${utc || shift === 0 ? "UTC" : offsetText(-shift)}`;
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Cuts an id in the middle, `NCUN4W…EB6OPT`; short ones stay whole. */
export function cutMiddle(text: string, keep = 6): string {
  return text.length <= keep * 2 + 1 ? text : `${text.slice(0, keep)}…${text.slice(-keep)}`;
}
