/** One field of a cron expression: its bounds and names (forge-jobs §7.8). */
export interface CronField {
  name: string;
  min: number;
  max: number;
  names?: readonly string[];
  /** `?` may stand for "any". */
  open?: boolean;
}

const months = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
const days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** In the order in which they are written; the year may be left out. Sunday is 1. */
export const cronFields: readonly CronField[] = [
  { name: "second", min: 0, max: 59 },
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of month", min: 1, max: 31, open: true },
  { name: "month", min: 1, max: 12, names: months },
  { name: "day of week", min: 1, max: 7, names: days, open: true },
  { name: "year", min: 1970, max: 2100 },
];

/** The values that a field's text stands for, rising. Throws an Error that says what is wrong with it. */
export function readCronField(text: string, field: CronField): number[] {
  const values = new Set<number>();
  for (const part of text.split(",")) for (const value of readPart(part, field)) values.add(value);
  return [...values].sort((left, right) => left - right);
}

function readPart(part: string, field: CronField): number[] {
  const [range = "", step, ...rest] = part.split("/");
  if (rest.length > 0) throw wrong(field, `"${part}" has more than one step`);
  const [from, to] = readRange(range, field, step !== undefined);
  const by = step === undefined ? 1 : readStep(step, field);
  const values: number[] = [];
  for (let value = from; value <= to; value += by) values.push(value);
  return values;
}

function readRange(text: string, field: CronField, stepped: boolean): [number, number] {
  if (text === "*" || (text === "?" && field.open)) return [field.min, field.max];
  const [first = "", last, ...rest] = text.split("-");
  if (rest.length > 0) throw wrong(field, `"${text}" is no range`);
  const from = readValue(first, field);
  if (last === undefined) return [from, stepped ? field.max : from];
  const to = readValue(last, field);
  if (to < from) throw wrong(field, `"${text}" goes backwards`);
  return [from, to];
}

function readStep(text: string, field: CronField): number {
  const step = /^\d+$/.test(text) ? Number(text) : 0;
  if (step < 1 || step > field.max) throw wrong(field, `the step "${text}" is not from 1 to ${field.max}`);
  return step;
}

function readValue(text: string, field: CronField): number {
  const value = /^\d+$/.test(text) ? Number(text) : namedValue(text, field);
  if (value === undefined) throw wrong(field, text === "" ? "a value is missing" : `"${text}" is not known`);
  if (value < field.min || value > field.max) {
    throw wrong(
      field,
      `${text} is not from ${field.min} to ${field.max}${field.name === "day of week" ? " (Sunday is 1)" : ""}`,
    );
  }
  return value;
}

function namedValue(text: string, { names, min }: CronField): number | undefined {
  const word = text.toLowerCase();
  const index = names?.findIndex((name) => name === word || name.slice(0, 3) === word) ?? -1;
  return index < 0 ? undefined : index + min;
}

function wrong(field: CronField, problem: string): Error {
  return new Error(`${field.name}: ${problem}`);
}
