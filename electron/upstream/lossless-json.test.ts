import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memberTexts, parseWithLargeIntegers } from "./lossless-json.ts";

/** Texts that a recursive or a backtracking reader fails on. */
const large: readonly (readonly [string, string])[] = [
  ["a string of 30 MB", JSON.stringify("x".repeat(30_000_000))],
  ["5 million escaped quotes", JSON.stringify('"'.repeat(5_000_000))],
  ["5 million escaped backslashes", JSON.stringify("\\".repeat(5_000_000))],
  ["5 million characters as \\u", JSON.stringify("\u0001".repeat(5_000_000))],
  ["a number of 10 million digits", "1".repeat(10_000_000)],
  ["2 million numbers", `[${"1, ".repeat(2_000_000)}1]`],
  ["a million empty lists", `[${"[],".repeat(1_000_000)}[]]`],
];

const deep = ["[".repeat(50_000) + "]".repeat(50_000), `${'{"a":'.repeat(300)}1${"}".repeat(300)}`];

describe("members of objects as text", () => {
  const payloadOf = (text: string) => memberTexts(`{"id":"1","payload":${text}}`, "payload")[0];

  it.each([
    "9007199254740993",
    "-12345678901234567890",
    "1.0",
    "1e400",
    "0.10000000000000000001",
    "-0",
    "12",
    '"n 9007199254740993 \\"1\\\\"',
    "true",
    "null",
  ])("keep %s as it is written", (token) => {
    expect(payloadOf(token)).toBe(token);
    expect(memberTexts(`[{"payload":${token}},{"payload":{"b":${token}}}]`, "payload")).toEqual([
      token,
      `{\n  "b": ${token}\n}`,
    ]);
  });

  it("are those of the outer object, one for each of a list", () => {
    const text =
      ' [ {"a":{"payload":1},"payload":2}, {}, 3, null, {"payload":[]}, "payload", [{"payload":4}] ] ';
    expect(memberTexts(text, "payload")).toEqual(["2", "null", "null", "null", "[]", "null", "null"]);
    expect(memberTexts("[]", "payload")).toEqual([]);
    expect(memberTexts('{"pay\\u006coad" : {"payload":5} , "b":"}" }', "payload")).toEqual([
      '{\n  "payload": 5\n}',
    ]);
  });

  it("keep duplicate keys; of two members of the name, the last one counts", () => {
    expect(memberTexts('{"payload":1,"payload":{"a":1,"a":2}}', "payload")).toEqual([
      '{\n  "a": 1,\n  "a": 2\n}',
    ]);
  });

  it("are indented as JSON.stringify does it", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, "\t"), (value, space) => {
        expect(payloadOf(JSON.stringify(value, undefined, space))).toBe(JSON.stringify(value, undefined, 2));
      }),
    );
  });

  it.each(["", "{", "01", "1.", "[1,]", "-", "1e", "--1", "nul", '"', ...deep])(
    "are not read from %j",
    (text) => {
      expect(() => memberTexts(text, "payload")).toThrow(SyntaxError);
    },
  );

  it.each(large)(
    "may be large: %s",
    (_what, token) => {
      const [inner, after] = memberTexts(`[{"payload":${token}},{"payload":9007199254740993}]`, "payload");
      expect(inner?.replaceAll(/\n */g, "") === token.replaceAll(" ", "")).toBe(true);
      expect(after).toBe("9007199254740993");
      expect(() => memberTexts(`[{"payload":${token.slice(0, -1)}`, "payload")).toThrow(SyntaxError);
    },
    120_000,
  );
});

describe("large integers", () => {
  it("become text, every digit kept", () => {
    const text =
      '{"a":18446744073709551615,"b":[1,-9007199254740993],"c":"12345678901234567890","d":1.0000000000000000001}';
    expect(parseWithLargeIntegers(text)).toEqual({
      a: "18446744073709551615",
      b: [1, "-9007199254740993"],
      c: "12345678901234567890",
      d: 1,
    });
  });

  it("are all that differs from JSON.parse", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        const quoted = (_key: string, each: unknown) =>
          Number.isInteger(each) && /^-?\d{16,}$/.test(String(each)) ? String(each) : each;
        expect(parseWithLargeIntegers(text)).toEqual(JSON.parse(text, quoted));
      }),
    );
  });

  it("are refused where JSON.parse refuses them, as is all that is no JSON", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json()).chain((text) =>
          fc.tuple(fc.nat(text.length), fc.nat(text.length)).map(([from, to]) => {
            return `${text.slice(0, from)}${text.slice(to)}`;
          }),
        ),
        (text) => {
          const outcome = (read: (text: string) => unknown) => {
            try {
              read(text);
              return "read";
            } catch (error) {
              return (error as Error).name;
            }
          };
          expect(outcome(parseWithLargeIntegers)).toBe(outcome(JSON.parse));
        },
      ),
    );
    for (const text of ["{12345678901234567890:1}", "012345678901234567890", ...deep])
      expect(() => parseWithLargeIntegers(text)).toThrow(SyntaxError);
  });

  it.each(large)(
    "are found beside %s",
    (_what, token) => {
      const value = parseWithLargeIntegers(`{"a":${token},"b":18446744073709551615}`) as Record<
        string,
        unknown
      >;
      const expected = /^1{16}/.test(token) ? token : JSON.parse(token);
      expect(JSON.stringify(value.a) === JSON.stringify(expected)).toBe(true);
      expect(value.b).toBe("18446744073709551615");
      expect(() => parseWithLargeIntegers(`{"b":18446744073709551615,"a":${token.slice(0, -1)}`)).toThrow(
        SyntaxError,
      );
    },
    120_000,
  );
});
