import { type ActivityQuery, activityQuerySchema } from "../../shared/activity/query.ts";
import { isTime } from "../ui/format.ts";

const fields = Object.keys(activityQuerySchema.shape) as (keyof ActivityQuery)[];

/** In the address the connection has a name of its own, so that it is not taken for the selected one. */
const parameterOf = (field: keyof ActivityQuery) => (field === "connectionId" ? "connection" : field);

/** The query that an address asks; a part that cannot be read is left out. */
export function readQuery(parameters: URLSearchParams): ActivityQuery {
  const query: Record<string, string> = {};
  for (const field of fields) {
    const text = parameters.get(parameterOf(field));
    if (text && activityQuerySchema.shape[field].safeParse(text).success) query[field] = text;
  }
  return query;
}

/** The parameters with some fields of the query changed; `undefined` takes one out. */
export function writeQuery(parameters: URLSearchParams, change: Partial<ActivityQuery>): URLSearchParams {
  const next = new URLSearchParams(parameters);
  for (const field of fields) {
    if (!(field in change)) continue;
    const text = change[field];
    if (text) next.set(parameterOf(field), text);
    else next.delete(parameterOf(field));
  }
  return next;
}

/** The query that asks for nothing in particular. */
export const emptyQuery = Object.fromEntries(
  fields.map((field) => [field, undefined]),
) as Partial<ActivityQuery>;

/** The time of a field for date and time, `2026-11-23T14:02`, as an instant; undefined for none. */
export function instantOf(text: string, utc: boolean): string | undefined {
  const time = Date.parse(utc && text ? `${text}Z` : text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** An instant as a field for date and time shows it. */
export function fieldTextOf(instant: string | undefined, utc: boolean): string {
  if (instant === undefined) return "";
  const time = new Date(instant);
  if (!isTime(time.getTime())) return "";
  const shift = utc ? 0 : time.getTimezoneOffset() * 60_000;
  return new Date(time.getTime() - shift).toISOString().slice(0, 16);
}
