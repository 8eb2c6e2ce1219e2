import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonTokens } from "./json-view.tsx";

test("the parts of any text are the text again", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(
        jsonTokens(text)
          .map((token) => token.text)
          .join(""),
      ).toBe(text);
    }),
  );
});

test("keys, strings, numbers and words are told apart", () => {
  const kinds = jsonTokens('{"a": "b: 1", "n": -1.5e3, "t": true}')
    .filter((token) => token.kind !== "plain")
    .map((token) => [token.kind, token.text]);
  expect(kinds).toEqual([
    ["key", '"a"'],
    ["string", '"b: 1"'],
    ["key", '"n"'],
    ["number", "-1.5e3"],
    ["key", '"t"'],
    ["word", "true"],
  ]);
});

test("a text that is cut amid a long string takes no time that grows with its square", () => {
  const text = `{"a": "${'\\\\"'.repeat(200_000)}`.replaceAll("\\\\", "\\");
  const tokens = jsonTokens(text);
  expect(tokens.map(({ text: each }) => each).join("")).toBe(text);
  expect(tokens.at(-1)?.kind).toBe("string");
}, 60_000);
