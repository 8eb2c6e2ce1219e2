import { hostIdPattern } from "../../../shared/lattice/schema.ts";
import type { StringMap, TolerantList } from "./control-types.ts";

/** Says that a value has not the shape it must have; readers of lists skip the element, others give up. */
export class UnreadableValue extends Error {}

export type JsonObject = Readonly<Record<string, unknown>>;

interface NumberRange {
  min: number;
  max: number;
}

const signed32: NumberRange = { min: -2_147_483_648, max: 2_147_483_647 };
const unsigned32: NumberRange = { min: 0, max: 4_294_967_295 };
/** A century: no host has run for longer, and no date holds what lies a u64 of seconds back. */
const uptimes: NumberRange = { min: 0, max: 3_153_600_000 };
export const ranges = { unsigned32 };

/** Free texts are cut at this many characters; ids and references are refused, because a cut one names something else. */
const longestText = 8_192;
const longestId = 1_024;
/** Characters of keys and values. A map is never cut: what is read of it may be sent back as the whole. */
const largestMap = 65_536;
const longestList = 20_000;

/** Whether a text is the nkey of a server, which is what names a host (wasmcloud-control §1.6). */
export function isHostId(text: string): boolean {
  return hostIdPattern.test(text);
}

/** Whether a JSON value is an object (no array, not null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWithin(value: unknown, { min, max }: NumberRange): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
}

/** Whether a value is a revision as a signed artifact has one. */
export function isRevision(value: unknown): value is number {
  return isWithin(value, signed32);
}

/** A free text with an end. */
export function boundedText(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}

/** Reads one JSON object field by field; null counts as absent, unknown fields are ignored (wasmcloud-control §3.0). */
export class ObjectReader {
  readonly #object: JsonObject;
  /** Map entries and list elements that were passed over. */
  skipped = 0;

  constructor(value: unknown) {
    if (!isJsonObject(value)) throw new UnreadableValue("not an object");
    this.#object = value;
  }

  /** The field's value; undefined when it is missing or null. */
  value(field: string): unknown {
    return Object.hasOwn(this.#object, field) ? (this.#object[field] ?? undefined) : undefined;
  }

  /** A string that may be absent; a very long one is cut. */
  optionalText(field: string): string | undefined {
    const value = this.#string(field);
    return value === undefined ? undefined : boundedText(value);
  }

  /** An id, a name or a reference that may be absent; it is never cut. */
  optionalId(field: string): string | undefined {
    const value = this.#string(field);
    if (value !== undefined && value.length > longestId) throw new UnreadableValue(`${field} is too long`);
    return value;
  }

  /** An id, a name or a reference with its default. */
  id(field: string, fallback = ""): string {
    return this.optionalId(field) ?? fallback;
  }

  /**
   * An address that may be absent. Everything up to its last @ goes, whatever a password holds, because an address is
   * shown, kept and logged (wasmcloud-control §2.1); one without end is as good as none.
   */
  address(field: string): string | undefined {
    const value = this.#string(field);
    if (value === undefined || value.length > longestId) return undefined;
    return value.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, "$1");
  }

  /** A string with its default. */
  text(field: string, fallback = ""): string {
    return this.optionalText(field) ?? fallback;
  }

  /** An id, a name or a reference that must be there. */
  requiredId(field: string): string {
    const value = this.optionalId(field);
    if (value === undefined) throw new UnreadableValue(`${field} is missing`);
    return value;
  }

  /** The id of a host that must be there. */
  hostId(field: string): string {
    const value = this.requiredId(field);
    if (!isHostId(value)) throw new UnreadableValue(`${field} is no id of a host`);
    return value;
  }

  /** A whole number, 0 when absent. */
  integer(field: string, range: NumberRange): number {
    const value = this.value(field) ?? 0;
    if (!isWithin(value, range)) throw new UnreadableValue(`${field} is no whole number in range`);
    return value;
  }

  /** A duration in whole seconds, 0 when absent; undefined for one that no host can mean (wasmcloud-control §3.0). */
  seconds(field: string): number | undefined {
    const value = this.value(field) ?? 0;
    return isWithin(value, uptimes) ? value : undefined;
  }

  /** The revision of an artifact, which only describes it: 0 when absent or out of range (wasmcloud-control §3.0). */
  revision(): number {
    const value = this.value("revision");
    return isRevision(value) ? value : 0;
  }

  /** A string map; entries that hold no string are passed over and counted. */
  optionalMap(field: string): StringMap | undefined {
    const value = this.value(field);
    if (value === undefined) return undefined;
    const map = readStringMap(value);
    this.skipped += map.skipped;
    return map.map;
  }

  /** The whole object as a string map. */
  wholeMap(): StringMap {
    const { map, skipped } = readStringMap(this.#object);
    this.skipped += skipped;
    return map;
  }

  /** A list of strings, empty when absent. */
  textList(field: string): string[] {
    const value = this.value(field) ?? [];
    if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
      throw new UnreadableValue(`${field} is no list of strings`);
    }
    if (sizeOf(value) > largestMap) throw new UnreadableValue(`${field} is too large`);
    return value;
  }

  /** A list that must be there, under one of two names; elements that cannot be read are passed over and counted. */
  list<T>(fields: readonly string[], read: (element: ObjectReader) => T): T[] {
    const value = fields.map((field) => this.value(field)).find((candidate) => candidate !== undefined);
    const list = readList(value, read);
    this.skipped += list.skipped;
    return list.items;
  }

  #string(field: string): string | undefined {
    const value = this.value(field);
    if (value !== undefined && typeof value !== "string") throw new UnreadableValue(`${field} is no string`);
    return value;
  }
}

/** Reads a list of objects; elements that cannot be read, or are too many, are passed over and counted. */
export function readList<T>(value: unknown, read: (element: ObjectReader) => T): TolerantList<T> {
  if (!Array.isArray(value)) throw new UnreadableValue("not a list");
  const list: TolerantList<T> = { items: [], skipped: Math.max(0, value.length - longestList) };
  for (const element of value.slice(0, longestList)) {
    try {
      const reader = new ObjectReader(element);
      list.items.push(read(reader));
      list.skipped += reader.skipped;
    } catch (error) {
      if (!(error instanceof UnreadableValue)) throw error;
      list.skipped += 1;
    }
  }
  return list;
}

/** Reads a string map; entries that hold no string are passed over and counted, and one that is too large is refused. */
export function readStringMap(value: unknown, largest = largestMap): { map: StringMap; skipped: number } {
  if (!isJsonObject(value)) throw new UnreadableValue("not a map");
  if (sizeOfMap(value) > largest) throw new UnreadableValue("the map is too large");
  if (isTextMap(value)) return { map: value, skipped: 0 };
  const entries = Object.entries(value);
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return { map: Object.fromEntries(texts), skipped: entries.length - texts.length };
}

/** The usual case, in which nothing needs to be copied: maps are read thousands of times a second. */
function isTextMap(value: JsonObject): value is StringMap {
  for (const key in value) if (typeof value[key] !== "string") return false;
  return true;
}

/** Each entry counts a little beyond its characters, so that a million empty ones do not fit either. */
const entrySize = 16;

function sizeOfMap(value: JsonObject): number {
  let size = 0;
  for (const key in value) {
    const text = value[key];
    size += entrySize + key.length + (typeof text === "string" ? text.length : 0);
  }
  return size;
}

function sizeOf(texts: readonly string[]): number {
  return texts.reduce((size, text) => size + entrySize + text.length, 0);
}
