import { describe, expect, it } from "vitest";
import { Failure } from "../../shared/contract/index.ts";
import { pasteable } from "./clipboard.ts";

describe("what is put on the clipboard", () => {
  it("is a line as it is, or not at all", () => {
    expect(pasteable({ line: "N$(x) ü 漢 😀" })).toBe("N$(x) ü 漢 😀");
    for (const hidden of ["\n", "\r", "\t", "\0", "\x1b", "\x7f", "\x9b", "\u2028", "\u202e", "\u200f"]) {
      expect(() => pasteable({ line: `a${hidden}b` })).toThrow(Failure);
    }
  });

  it("does not repeat in its refusal what may be a secret", () => {
    expect(() => pasteable({ line: "secret\n" })).not.toThrow(/secret/);
  });

  it("is JSON of the same value, without a character that presses a key", () => {
    const value = { id: "a\x7f\x9b\u2028\u202e\u0000", list: ["\t\n"] };
    const text = pasteable({ text: JSON.stringify(value, null, 2).replaceAll("\n", "\r\n") });
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\u2028\u202e]/u);
    expect(JSON.parse(text)).toEqual(value);
    expect(pasteable({ text: "a\tb\nc" })).toBe("a\tb\nc");
    expect(pasteable({ text: "not JSON \x1b[2J" })).toBe("not JSON \\u001b[2J");
  });
});
