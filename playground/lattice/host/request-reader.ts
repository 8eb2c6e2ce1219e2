import type { StringMap } from "./lattice-state.ts";

/** The reason why a command is answered with `success: false`. */
export class RefusedRequest extends Error {}

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;

/** Lists the fields of the outermost object with the raw text of their values' first token. */
function outermostFields(text: string): { name: string; raw: string }[] {
  const fields: { name: string; raw: string }[] = [];
  const all = text.match(tokens) ?? [];
  let depth = 0;
  all.forEach((token, index) => {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    else if (token === ":" && depth === 1)
      fields.push({ name: JSON.parse(all[index - 1] ?? '""') as string, raw: all[index + 1] ?? "" });
  });
  return fields;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Accepts an object whose values are all strings. */
export function toStringMap(value: unknown): StringMap {
  if (!isObject(value) || Object.values(value).some((entry) => typeof entry !== "string"))
    throw new TypeError("not a map of strings");
  return value as StringMap;
}

/** Parses a payload as JSON. */
export function parseJson(payload: Uint8Array): unknown {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
}

/** Reads the fields of a command as strictly as a host does (wasmcloud-control §2.0, "JSON rules for requests"). */
export class RequestReader {
  readonly #value: Record<string, unknown>;
  readonly #raw = new Map<string, string>();
  readonly #duplicates = new Set<string>();

  constructor(payload: Uint8Array, aliases: StringMap = {}) {
    const value = parseJson(payload);
    if (!isObject(value)) throw new TypeError("not an object");
    this.#value = {};
    for (const { name, raw } of outermostFields(new TextDecoder().decode(payload))) {
      const known = aliases[name] ?? name;
      if (this.#raw.has(known)) this.#duplicates.add(known);
      this.#raw.set(known, raw);
      this.#value[known] = value[name];
    }
  }

  /** A string; without a fallback the field is required. */
  string(name: string, fallback?: string): string {
    const value = this.#get(name) ?? (this.isNull(name) ? null : fallback);
    if (typeof value !== "string") throw new TypeError(`${name} is not a string`);
    return value;
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.#get(name) ?? (this.isNull(name) ? null : fallback);
    if (typeof value !== "boolean") throw new TypeError(`${name} is not a boolean`);
    return value;
  }

  /** An unsigned integer that is written as one: neither 1.0 nor "1". */
  unsigned(name: string, limit: number): number | undefined {
    this.#get(name);
    const raw = this.#raw.get(name);
    if (raw === undefined) return undefined;
    if (!/^(0|[1-9]\d*)$/.test(raw) || Number(raw) > limit) throw new TypeError(`${name} is out of range`);
    return Number(raw);
  }

  strings(name: string, fallback?: string[]): string[] {
    const value = this.#get(name) ?? (this.isNull(name) ? null : fallback);
    if (!Array.isArray(value) || value.some((entry) => typeof entry !== "string"))
      throw new TypeError(`${name} is not a list of strings`);
    return value as string[];
  }

  map(name: string): StringMap {
    return toStringMap(this.#get(name));
  }

  /** A map that may be missing or null. */
  optionalMap(name: string): StringMap | undefined {
    const value = this.#get(name);
    return value === undefined || value === null ? undefined : toStringMap(value);
  }

  isNull(name: string): boolean {
    return this.#value[name] === null;
  }

  /** A field that is given twice is an error, but only for those who read it. */
  #get(name: string): unknown {
    if (this.#duplicates.has(name)) throw new TypeError(`duplicate field ${name}`);
    return this.#value[name];
  }
}

/** Reads a command; anything wrong with it is refused with the verb's fixed text (wasmcloud-control §1.4). */
export function readRequest<T>(text: string, read: () => T): T {
  try {
    return read();
  } catch {
    throw new RefusedRequest(text);
  }
}
