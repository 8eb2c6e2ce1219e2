import { ownValue } from "../contract/index.ts";
import { cronFields, readCronField } from "./cron-fields.ts";

/** A cron expression of the servers' dialect, read; every time in it is UTC (forge-jobs §7.8). */
export interface CronExpression {
  seconds: readonly number[];
  minutes: readonly number[];
  hours: readonly number[];
  daysOfMonth: readonly number[];
  months: readonly number[];
  /** Sunday is 1. */
  daysOfWeek: readonly number[];
  years: readonly number[];
  /** The six or seven fields, with a macro spelt out. */
  text: string;
}

export type CronReading = { ok: true; expression: CronExpression } | { ok: false; problem: string };

const macros: Readonly<Record<string, string>> = {
  "@yearly": "0 0 0 1 1 *",
  "@monthly": "0 0 0 1 * *",
  "@weekly": "0 0 0 * * 1",
  "@daily": "0 0 0 * * *",
  "@hourly": "0 0 * * * *",
};

/** Reads `sec min hour day-of-month month day-of-week [year]` or a macro. Never throws; the problem is a sentence. */
export function readCron(text: string): CronReading {
  const trimmed = text.trim();
  const spelt = ownValue(macros, trimmed.toLowerCase()) ?? trimmed;
  if (spelt.startsWith("@"))
    return { ok: false, problem: `Known macros: ${Object.keys(macros).join(", ")}.` };
  const parts = spelt.split(/\s+/);
  if (parts.length === 5) {
    return { ok: false, problem: "Five fields are Unix cron. Here the seconds come first: put 0 before it." };
  }
  if (parts.length < 6 || parts.length > 7) {
    return {
      ok: false,
      problem: "Write six fields: second minute hour day-of-month month day-of-week, and a year if wanted.",
    };
  }
  try {
    const [seconds, minutes, hours, daysOfMonth, months, daysOfWeek, years] = cronFields.map((field, index) =>
      readCronField(parts[index] ?? "*", field),
    ) as [number[], number[], number[], number[], number[], number[], number[]];
    const expression = {
      seconds,
      minutes,
      hours,
      daysOfMonth,
      months,
      daysOfWeek,
      years,
      text: parts.join(" "),
    };
    return { ok: true, expression };
  } catch (error) {
    return { ok: false, problem: `${error instanceof Error ? error.message : "It cannot be read"}.` };
  }
}

/** The next times after a moment, in milliseconds since 1970; fewer than asked for where the years end. Both day fields must fit. */
export function nextRuns(expression: CronExpression, after: number, count: number): number[] {
  const runs: number[] = [];
  let at = after;
  while (runs.length < count) {
    const next = nextRun(expression, at);
    if (next === undefined) return runs;
    runs.push(next);
    at = next;
  }
  return runs;
}

function nextRun(expression: CronExpression, after: number): number | undefined {
  const from = new Date(Math.floor(after / 1_000) * 1_000 + 1_000);
  const lastYear = expression.years.at(-1) ?? 0;
  for (let day = startOfDay(from); day.getUTCFullYear() <= lastYear; day = nextDay(expression, day)) {
    if (!fitsDay(expression, day)) continue;
    const time = timeInDay(expression, day.getTime() === startOfDay(from).getTime() ? secondsOf(from) : 0);
    if (time !== undefined) return day.getTime() + time * 1_000;
  }
  return undefined;
}

function startOfDay(date: Date): Date {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()));
}

function nextDay({ years, months }: CronExpression, day: Date): Date {
  const year = day.getUTCFullYear();
  const month = day.getUTCMonth();
  if (!years.includes(year)) return new Date(Date.UTC(year + 1, 0, 1));
  if (!months.includes(month + 1)) return new Date(Date.UTC(year, month + 1, 1));
  return new Date(Date.UTC(year, month, day.getUTCDate() + 1));
}

function fitsDay(expression: CronExpression, day: Date): boolean {
  return (
    expression.years.includes(day.getUTCFullYear()) &&
    expression.months.includes(day.getUTCMonth() + 1) &&
    expression.daysOfMonth.includes(day.getUTCDate()) &&
    expression.daysOfWeek.includes(day.getUTCDay() + 1)
  );
}

function secondsOf(date: Date): number {
  return date.getUTCHours() * 3_600 + date.getUTCMinutes() * 60 + date.getUTCSeconds();
}

/** The first fitting second of a day that is not before `earliest`. */
function timeInDay({ hours, minutes, seconds }: CronExpression, earliest: number): number | undefined {
  for (const hour of hours) {
    if (hour * 3_600 + 3_599 < earliest) continue;
    for (const minute of minutes) {
      const start = hour * 3_600 + minute * 60;
      if (start + 59 < earliest) continue;
      const second = seconds.find((each) => start + each >= earliest);
      if (second !== undefined) return start + second;
    }
  }
  return undefined;
}
