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
}
export type Fields = Record<string, Field>;

const bodyLimit = 2_097_152;

/** Checks a body as the framework does: content type, size, JSON, shape; answers with the object. */
export function readBody(
  request: { contentType: string | undefined; body: Buffer },
  fields: Fields,
): Record<string, unknown> {
  if (!/^application\/([^;]+\+)?json\s*(;|$)/i.test(request.contentType ?? ""))
    throw new FrameworkError(415, "Expected request with `Content-Type: application/json`");
  if (request.body.length > bodyLimit)
    throw new FrameworkError(413, "Failed to buffer the request body: length limit exceeded");
  const value = parse(request.body.toString("utf8"));
  return checkObject(value, fields, "");
}

const numbers = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Floats become texts, so that `1.0` does not pass for an integer (forge-jobs §3). */
function parse(text: string): unknown {
  const strict = text.replace(numbers, (token) =>
    token.startsWith('"') || !/[.eE]/.test(token) ? token : JSON.stringify(token),
  );
  try {
    return JSON.parse(strict);
  } catch (error) {
    const reason = error instanceof Error ? error.message : "expected value";
    throw new FrameworkError(400, `Failed to parse the request body as JSON: ${reason}`);
  }
}

export function checkObject(value: unknown, fields: Fields, path: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrongShape(path, "invalid type, expected struct");
  const given = value as Record<string, unknown>;
  for (const [name, field] of Object.entries(fields)) checkMember(given[name], field, path + name);
  return given;
}

function checkMember(member: unknown, field: Field, name: string): void {
  if (member === undefined) {
    if (!field.optional) throw wrongShape(name, `missing field \`${name}\``);
    return;
  }
  if (member === null && field.type !== "any") {
    if (!field.optional || field.notNull) throw wrongShape(name, "invalid type: null");
    return;
  }
  if (!fits(member, field.type)) throw wrongShape(name, `invalid value, expected ${field.type}`);
}

function wrongShape(path: string, reason: string): FrameworkError {
  return new FrameworkError(
    422,
    `Failed to deserialize the JSON body into the target type: ${path}: ${reason}`,
  );
}

function fits(value: unknown, type: Shape): boolean {
  switch (type) {
    case "any":
      return true;
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
    if (text !== undefined && !fitsText(text, field.type)) throw wrongQuery(`${name}: invalid value`);
    values[name] = text;
  }
  return values;
}

function fitsText(text: string, type: Shape): boolean {
  if (type === "u32") return /^\d+$/.test(text) && Number(text) <= 4_294_967_295;
  if (type === "time") return readTime(text) !== undefined;
  return true;
}

function wrongQuery(reason: string): FrameworkError {
  return new FrameworkError(400, `Failed to deserialize query string: ${reason}`);
}
