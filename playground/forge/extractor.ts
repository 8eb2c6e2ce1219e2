import { endOfMember, endOfValue, placeText, skipBlanks } from "./json-places.ts";

/** An error of the web framework: plain text, before the handler has seen anything (forge-jobs §4.2). */
export class FrameworkError extends Error {
  constructor(
    readonly status: number,
    text: string,
  ) {
    super(text);
  }
}

type Shape = "string" | "boolean" | "i32" | "u32" | "time" | "any" | "strings" | "status";
export interface Field {
  type: Shape;
  optional?: boolean;
  /** Absent is well, null is not (forge-jobs §3, nulls). */
  notNull?: boolean;
  /** What the server says that it expected, where that is a type of its own. */
  expected?: string;
}

export type Fields = Record<string, Field>;

const bodyLimit = 2_097_152;

/** A body that is being read, and where in it the reading is. */
export interface Reading {
  text: string;
  path: readonly string[];
}

/** Checks a body as the framework does: content type, size, JSON, shape, what comes behind it; answers with the object. */
export function readBody(
  request: { contentType: string | undefined; body: Buffer },
  fields: Fields,
): Record<string, unknown> {
  if (!/^application\/([^;]+\+)?json\s*(;|$)/i.test(request.contentType ?? ""))
    throw new FrameworkError(415, "Expected request with `Content-Type: application/json`");
  if (request.body.length > bodyLimit)
    throw new FrameworkError(413, "Failed to buffer the request body: length limit exceeded");
  const text = request.body.toString("utf8");
  const end = endOfValue(text);
  const value = parse(text, end);
  const body = checkObject(value, fields, { text, path: [] });
  const more = skipBlanks(text, end);
  if (more < text.length) throw notJson("trailing characters", text, more + 1);
  return body;
}

const numbers = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Stands before a number that is no integer, so that `1.0` does not pass for one (forge-jobs §3). */
const floatMark = "\u0001float:";

function parse(text: string, end: number): unknown {
  const strict = text
    .slice(0, end)
    .replace(numbers, (token) =>
      token.startsWith('"') || !/[.eE]/.test(token) ? token : JSON.stringify(floatMark + token),
    );
  try {
    return JSON.parse(strict);
  } catch {
    throw unreadable(text);
  }
}

/** The words of the server's parser for the slips that were seen (forge-jobs §4.2); others read alike. */
function unreadable(text: string): FrameworkError {
  const first = skipBlanks(text, 0);
  if (first >= text.length) return notJson("EOF while parsing a value", text, text.length);
  const key = skipBlanks(text, first + 1);
  if (text[first] === "{" && key < text.length && text[key] !== '"' && text[key] !== "}")
    return notJson("key must be a string", text, key + 1);
  return text[first] === "{"
    ? notJson("EOF while parsing an object", text, text.length)
    : notJson("expected value", text, first + 1);
}

function notJson(reason: string, text: string, offset: number): FrameworkError {
  return new FrameworkError(
    400,
    `Failed to parse the request body as JSON: ${reason} at ${placeText(text, offset)}`,
  );
}

export function checkObject(value: unknown, fields: Fields, reading: Reading): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrongShape(reading, `invalid type: ${given(value)}, expected struct`);
  const members = value as Record<string, unknown>;
  for (const [name, field] of Object.entries(fields)) {
    if (members[name] === undefined && !field.optional)
      throw wrongShape(reading, `missing field \`${name}\``);
    if (members[name] !== undefined)
      checkMember(members[name], field, { ...reading, path: [...reading.path, name] });
  }
  return members;
}

function checkMember(member: unknown, field: Field, reading: Reading): void {
  if (member === null && field.type !== "any" && field.optional && !field.notNull) return;
  if (field.type === "any" && !(member === null && field.notNull)) return;
  if (!fits(member, field.type))
    throw wrongShape(
      reading,
      `invalid type: ${given(member)}, expected ${field.expected ?? expected[field.type]}`,
    );
}

const expected: Readonly<Record<Shape, string>> = {
  string: "a string",
  boolean: "a boolean",
  i32: "i32",
  u32: "u32",
  time: "an RFC 3339 formatted date and time string",
  any: "any value",
  strings: "a sequence",
  status: "a string",
};

/** How the server's parser calls a value that it did not expect. */
function given(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "sequence";
  if (typeof value === "object") return "map";
  if (typeof value !== "string")
    return `${typeof value === "number" ? "integer" : "boolean"} \`${String(value)}\``;
  return value.startsWith(floatMark)
    ? `floating point \`${value.slice(floatMark.length)}\``
    : `string ${JSON.stringify(value)}`;
}

function wrongShape({ text, path }: Reading, reason: string): FrameworkError {
  const where = path.length === 0 ? "" : `${path.join(".")}: `;
  return new FrameworkError(
    422,
    `Failed to deserialize the JSON body into the target type: ${where}${reason} at ${placeText(text, endOfMember(text, path))}`,
  );
}

function fits(value: unknown, type: Shape): boolean {
  switch (type) {
    case "any":
      return value !== null;
    case "i32":
      return isInteger(value, -2_147_483_648, 2_147_483_647);
    case "u32":
      return isInteger(value, 0, 4_294_967_295);
    case "time":
      return typeof value === "string" && readTime(value) !== undefined;
    case "strings":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "status":
      return typeof value === "string";
    default:
      return typeof value === type;
  }
}

function isInteger(value: unknown, low: number, high: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= low && value <= high;
}

/** RFC 3339 with an offset, in milliseconds; undefined for anything else. */
export function readTime(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  const at = Date.parse(text.replace(" ", "T").replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return Number.isNaN(at) ? undefined : at;
}

/** Reads a query string as the framework does: repeated known fields, missing and wrong ones are 400. */
export function readQuery(query: URLSearchParams, fields: Fields): Record<string, string | undefined> {
  const values: Record<string, string | undefined> = {};
  for (const [name, field] of Object.entries(fields)) {
    const given = query.getAll(name);
    if (given.length > 1) throw wrongQuery(`duplicate field \`${name}\``);
    const [text] = given;
    if (text === undefined && !field.optional) throw wrongQuery(`missing field \`${name}\``);
    const problem = text === undefined ? undefined : problemOf(text, field.type);
    if (problem !== undefined) throw wrongQuery(`${name}: ${problem}`);
    values[name] = text;
  }
  return values;
}

function problemOf(text: string, type: Shape): string | undefined {
  if (type === "time") return readTime(text) === undefined ? "input contains invalid characters" : undefined;
  if (type !== "u32") return undefined;
  if (text === "") return "cannot parse integer from empty string";
  if (!/^\+?\d+$/.test(text)) return "invalid digit found in string";
  return Number(text) <= 4_294_967_295 ? undefined : "number too large to fit in target type";
}

function wrongQuery(reason: string): FrameworkError {
  return new FrameworkError(400, `Failed to deserialize query string: ${reason}`);
}
