import { randomBytes } from "node:crypto";
import { parseBoundedJson } from "../../../shared/contract/index.ts";
import { replaceNumbers } from "../../connections/json-tokens.ts";

/** Begins a text that stands for a number; nobody outside can write it, for it changes with every start. */
const mark = `\u0000${randomBytes(9).toString("hex")}#`;
const marked = new RegExp(`"${JSON.stringify(mark).slice(1, -1).replaceAll("\\", "\\\\")}([^"]*)"`, "g");

/**
 * JSON text in lines for reading, with every digit of every number as it was written, which JSON.parse alone would not keep
 * beyond 2^53. Throws a SyntaxError for what is no JSON.
 */
export function prettyJson(text: string): string {
  return stringify(parseKeepingNumbers(text));
}

/** Reads JSON and gives the member `name` of each object of a list, or of the one object, as text with all its digits. */
export function memberTexts(text: string, name: string): string[] {
  const value = parseKeepingNumbers(text);
  const objects = Array.isArray(value) ? value : [value];
  return objects.map((each) => stringify((each as Record<string, unknown> | null)?.[name] ?? null));
}

function parseKeepingNumbers(text: string): unknown {
  return parseBoundedJson(
    replaceNumbers(text, (token) => (isPlain(token) ? token : JSON.stringify(mark + token))),
  );
}

/** Whether JSON.parse keeps the token as it is. */
function isPlain(token: string): boolean {
  // What is no number stays, so that JSON.parse complains about it.
  return String(Number(token)) === token || !/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(token);
}

function stringify(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(marked, "$1");
}
