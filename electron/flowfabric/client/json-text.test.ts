import fc from "fast-check";
import { expect, test } from "vitest";
import { parseWithLargeIntegers } from "./json-text.ts";

test("keeps integers that no number holds, as text", () => {
  expect(
    parseWithLargeIntegers('{"a":18446744073709551615,"b":[1,-9007199254740993],"c":"12345678901234567890"}'),
  ).toEqual({
    a: "18446744073709551615",
    b: [1, "-9007199254740993"],
    c: "12345678901234567890",
  });
});

test("reads all other JSON as usual", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const usual: unknown = JSON.parse(text);
      expect(JSON.stringify(parseWithLargeIntegers(text)).replace(/"(-?\d{16,})"/g, "$1")).toBe(
        JSON.stringify(JSON.parse(JSON.stringify(usual))).replace(/"(-?\d{16,})"/g, "$1"),
      );
    }),
  );
});

test("reads texts of many megabytes, whatever they are made of", () => {
  const value = { a: '"\\\n'.repeat(3_000_000) };
  const text = JSON.stringify(value).replace("{", '{"b":18446744073709551615,');
  expect(text.length).toBeGreaterThan(9_000_000);
  expect(parseWithLargeIntegers(text)).toEqual({ b: "18446744073709551615", ...value });
  expect(() => parseWithLargeIntegers(text.slice(0, -10))).toThrow(SyntaxError);
}, 60_000);
