import { parseExecutionId } from "./identifiers.ts";
import { badJson } from "./reply.ts";

type Range = readonly [number, number];

export const u16: Range = [0, 65_535];
export const i32: Range = [-2_147_483_648, 2_147_483_647];
export const u64: Range = [0, 2 ** 64];
export const i64: Range = [-(2 ** 63), 2 ** 63];

const uuidPattern = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}

/** Reads the fields of a JSON body as the server's typed extractor does: anything that does not fit is a 422. */
export class Fields {
  readonly #members: Record<string, unknown>;

  constructor(value: unknown) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw badJson(422);
    this.#members = value as Record<string, unknown>;
  }

  text(name: string): string {
    const value = this.#members[name];
    if (typeof value !== "string") throw badJson(422);
    return value;
  }

  /** May be absent or null. */
  maybeText(name: string): string | undefined {
    return this.#isUnset(name) ? undefined : this.text(name);
  }

  integer(name: string, [low, high]: Range): number {
    const value = this.#members[name];
    if (typeof value !== "number" || !Number.isInteger(value) || value < low || value > high)
      throw badJson(422);
    return value;
  }

  maybeInteger(name: string, range: Range): number | undefined {
    return this.#isUnset(name) ? undefined : this.integer(name, range);
  }

  uuid(name: string): string {
    const value = this.text(name);
    if (!isUuid(value)) throw badJson(422);
    return value;
  }

  executionId(name: string): string {
    const value = this.text(name);
    if ("problem" in parseExecutionId(value)) throw badJson(422);
    return value;
  }

  /** Has a default: may be absent, but not null. */
  texts(name: string, fallback?: readonly string[]): string[] {
    const value = this.#members[name];
    if (value === undefined && fallback) return [...fallback];
    if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) throw badJson(422);
    return value as string[];
  }

  integers(name: string, [low, high]: Range): number[] {
    const value = this.#members[name];
    const fits = (item: unknown): boolean =>
      typeof item === "number" && Number.isInteger(item) && item >= low && item <= high;
    if (!Array.isArray(value) || !value.every(fits)) throw badJson(422);
    return value as number[];
  }

  counts(name: string): Record<string, number> {
    const inner = new Fields(this.#members[name]);
    return Object.fromEntries(Object.keys(inner.#members).map((key) => [key, inner.integer(key, u64)]));
  }

  object(name: string): Fields | undefined {
    return this.#isUnset(name) ? undefined : new Fields(this.#members[name]);
  }

  #isUnset(name: string): boolean {
    const value = this.#members[name];
    return value === undefined || value === null;
  }
}
