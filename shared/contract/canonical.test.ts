import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical.ts";

test("sorts the keys at every depth and leaves out what is undefined", () => {
  const value = { b: [{ d: 1, c: undefined, a: "ä" }], a: undefined, "10": null, "9": true };
  expect(canonicalJson(value)).toBe('{"10":null,"9":true,"b":[{"a":"ä","d":1}]}');
});

test("is the same text for the same value, however it was built or sent", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(canonicalJson(reversed(value))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("treats what JSON leaves out as JSON does", () => {
  const value = { at: new Date(0), list: [undefined, Number.NaN, () => 1], call: () => 1 };
  expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
  expect(canonicalJson(undefined)).toBe("null");
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([key, member]): [string, unknown] => [key, reversed(member)]);
  return Object.fromEntries(members.reverse());
}
