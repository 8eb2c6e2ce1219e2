import fc from "fast-check";
import { expect, test } from "vitest";
import { parseBoundedJson } from "./bounded-json.ts";

test("JSON is read as ever", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value);
      expect(parseBoundedJson(text)).toEqual(JSON.parse(text));
    }),
    { seed: 20_261_129 },
  );
});

test("brackets and quotes in strings do not count", () => {
  for (const text of ["[".repeat(1_000), '\\"['.repeat(1_000), "{\\".repeat(1_000)])
    expect(parseBoundedJson(JSON.stringify([text]))).toEqual([text]);
  expect(parseBoundedJson(`[${"[1],".repeat(1_000)}1]`)).toHaveLength(1_001);
});

test.each([
  ["lists", "[".repeat(1_000_000) + "]".repeat(1_000_000)],
  ["objects", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
  ["a list inside", `{"a":"]]]","b":${"[".repeat(300)}${"]".repeat(300)}}`],
])("%s that are nested without end are refused", (_what, text) => {
  expect(() => parseBoundedJson(text)).toThrow(SyntaxError);
});

test.each(["", "[", '"', '"\\', "nope"])("%j is no JSON", (text) => {
  expect(() => parseBoundedJson(text)).toThrow(SyntaxError);
});
