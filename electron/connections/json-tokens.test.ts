import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replaceNumbers } from "./json-tokens.ts";

const marked = (text: string) => replaceNumbers(text, (token) => `<${token}>`);

describe("the numbers of a JSON text", () => {
  it("are given one by one, and nothing of what stands in texts", () => {
    expect(marked('{"1":-2.5e+3,"a\\"3":[4,"5\\\\",6],"b":true}')).toBe(
      '{"1":<-2.5e+3>,"a\\"3":[<4>,"5\\\\",<6>],"b":true}',
    );
    expect(marked('"never ends 1 \\" 2')).toBe('"never ends 1 \\" 2');
    expect(marked("")).toBe("");
  });

  it("can all be put back as they were", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json()),
        (text) => replaceNumbers(text, (token) => token) === text,
      ),
    );
  });

  const size = 9_000_000;
  it.each([
    ["a text full of escapes", `"${'\\"'.repeat(size / 2)}"`],
    ["a text that never ends", `"${'\\"'.repeat(size / 2)}`],
    ["quotes", '"'.repeat(size)],
    ["digits", "1".repeat(size)],
    ["numbers", "1,".repeat(size / 2)],
    ["signs", "-".repeat(size)],
    ["a long text", `"${"x".repeat(size)}"`],
  ])(
    "are found with work in proportion to the length, and without a deep stack: %s",
    (_what, text) => {
      expect(replaceNumbers(text, (token) => token)).toBe(text);
    },
    60_000,
  );
});
