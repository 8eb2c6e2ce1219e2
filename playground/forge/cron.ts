interface Field {
  low: number;
  high: number;
  names?: readonly string[];
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const fields: readonly Field[] = [
  { low: 0, high: 59 },
  { low: 0, high: 59 },
  { low: 0, high: 23 },
  { low: 1, high: 31 },
  { low: 1, high: 12, names: months },
  { low: 1, high: 7, names: days },
  { low: 1970, high: 2100 },
];
const macros: Record<string, string> = {
  "@yearly": "0 0 0 1 1 *",
  "@monthly": "0 0 0 1 * *",
  "@weekly": "0 0 0 * * 1",
  "@daily": "0 0 0 * * *",
  "@hourly": "0 0 * * * *",
};

type Matcher = (value: number) => boolean;

/** A cron expression of the `cron` crate (forge-jobs §7.8), as one test a field. Throws an Error with the parser's sort of text. */
export function parseCron(text: string): Matcher[] {
  const parts = (macros[text.trim().toLowerCase()] ?? text.trim()).split(/\s+/);
  const [seconds = ""] = parts;
  if (/^[a-z]/i.test(seconds))
    throw new Error(`${text}\n^\nThe 'Seconds' field does not support using names. '${seconds}' specified.`);
  if (parts.length < 6 || parts.length > 7)
    throw new Error(`Invalid expression: ${text}\n${" ".repeat(20)}^`);
  return fields.map((field, index) => fieldMatcher(parts[index] ?? "*", field));
}

function fieldMatcher(text: string, field: Field): Matcher {
  const parts = text.split(",").map((part) => partMatcher(part, field));
  return (value) => parts.some((fits) => fits(value));
}

function partMatcher(part: string, field: Field): Matcher {
  const match = /^(\*|\?|[0-9a-z]+)(?:-([0-9a-z]+))?(?:\/(\d+))?$/i.exec(part);
  if (!match) throw new Error(`Invalid cron field: ${part}`);
  const [, first = "", last, stepText] = match;
  const step = stepText === undefined ? 1 : Number(stepText);
  if (step < 1 || step > field.high) throw new Error(`Step out of range: ${part}`);
  const any = first === "*" || first === "?";
  if (first === "?" && field.high !== 31 && field.high !== 7)
    throw new Error(`? is not allowed here: ${part}`);
  const low = any ? field.low : number(first, field);
  const end = stepText === undefined ? low : field.high;
  const high = any ? field.high : last === undefined ? end : number(last, field);
  if (high < low) throw new Error(`Range out of order: ${part}`);
  return (value) => value >= low && value <= high && (value - low) % step === 0;
}

function number(text: string, field: Field): number {
  const named = field.names?.findIndex((name) => text.toLowerCase().startsWith(name)) ?? -1;
  const value = named >= 0 ? named + field.low : Number(text);
  if (!Number.isInteger(value) || value < field.low || value > field.high)
    throw new Error(`${text} must be in [${field.low}, ${field.high}]`);
  return value;
}

/** The next fitting second after a time, looked for up to ten years; both day fields must fit. */
export function nextFire(expression: string, after: number): number | null {
  const [second, minute, hour, day, month, weekday, year] = parseCron(expression) as [
    Matcher,
    Matcher,
    Matcher,
    Matcher,
    Matcher,
    Matcher,
    Matcher,
  ];
  let at = Math.floor(after / 1000) * 1000 + 1000;
  const end = at + 10 * 366 * 86_400_000;
  while (at < end) {
    const date = new Date(at);
    const fitsDay =
      year(date.getUTCFullYear()) &&
      month(date.getUTCMonth() + 1) &&
      day(date.getUTCDate()) &&
      weekday(date.getUTCDay() + 1);
    if (!fitsDay) at = (Math.floor(at / 86_400_000) + 1) * 86_400_000;
    else if (!hour(date.getUTCHours())) at = (Math.floor(at / 3_600_000) + 1) * 3_600_000;
    else if (!minute(date.getUTCMinutes())) at = (Math.floor(at / 60_000) + 1) * 60_000;
    else if (!second(date.getUTCSeconds())) at += 1000;
    else return at;
  }
  return null;
}
