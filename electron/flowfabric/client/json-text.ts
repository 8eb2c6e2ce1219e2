import { parseBoundedJson } from "../../../shared/contract/index.ts";
import { replaceNumbers } from "../../connections/json-tokens.ts";

const largeInteger = /^-?\d{16,}$/;

/** Parses JSON whose integers may exceed what a number holds: those become decimal text. Throws a SyntaxError. */
export function parseWithLargeIntegers(text: string): unknown {
  return parseBoundedJson(replaceNumbers(text, (token) => (largeInteger.test(token) ? `"${token}"` : token)));
}
