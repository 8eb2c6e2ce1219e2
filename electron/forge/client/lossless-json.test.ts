import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memberTexts, prettyJson } from "./lossless-json.ts";

describe("JSON with all its digits", () => {
  it.each([
    "9007199254740993",
    "-12345678901234567890",
    "1.0",
    "1e400",
    "0.10000000000000000001",
    "-0",
    "12",
  ])("keeps %s", (number) => {
    expect(prettyJson(`{"a":[${number}]}`)).toContain(number);
    expect(memberTexts(`[{"payload":${number}},{"payload":{"b":${number}}}]`, "payload")).toEqual([
      number,
      `{\n  "b": ${number}\n}`,
    ]);
  });

  it("leaves numbers in texts alone, escapes included", () => {
    const text = '{"a":"n 9007199254740993 \\"9007199254740993\\\\","b":9007199254740993}';
    expect(prettyJson(text)).toBe(
      '{\n  "a": "n 9007199254740993 \\"9007199254740993\\\\",\n  "b": 9007199254740993\n}',
    );
  });

  it("means the same as JSON.parse", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(prettyJson(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each(["", "{", "01", "1.", "[1,]", "-", "1e", "--1", "nul"])("refuses %j", (text) => {
    expect(() => prettyJson(text)).toThrow(SyntaxError);
  });

  it("reads texts of many megabytes, whatever they are made of", () => {
    const text = JSON.stringify([{ payload: { a: '"\\\n'.repeat(3_000_000), b: 1 } }]).replace(
      '"b":1',
      '"b":9007199254740993',
    );
    expect(text.length).toBeGreaterThan(9_000_000);
    const [payload = ""] = memberTexts(text, "payload");
    expect(payload).toContain("9007199254740993");
    expect(() => prettyJson(text.slice(0, -10))).toThrow(SyntaxError);
  }, 60_000);
});
