import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clip, readableText, textLimits, withoutPasswords } from "./foreign-text.ts";

describe("a text without passwords", () => {
  it.each([
    ["fetch https://ines:hunter2@git.example.com/a.git: no", "fetch https://git.example.com/a.git: no"],
    ["https://ghp_token@github.com/a", "https://github.com/a"],
    ["'HTTPS://u:p@h' \"http://u:p@h\"", "'HTTPS://h' \"http://h\""],
    ["ssh://git@example.com/a", "ssh://git@example.com/a"],
    ["ssh://git:hunter2@example.com/a", "ssh://git@example.com/a"],
    ["redis://:hunter2@cache:6379", "redis://@cache:6379"],
    ["https://u:p@ss:w@rd@h/a@b", "https://h/a@b"],
    ["one https://u:p@h/x two ssh://v:q@k/y three", "one https://h/x two ssh://v@k/y three"],
    ["a://b://u:hunter2@h", "a://b://u@h"],
    ["https://git.example.com:443/a@b", "https://git.example.com:443/a@b"],
    ["user@example.com: no address", "user@example.com: no address"],
    ["://", "://"],
    ["", ""],
  ])("%s", (text, shown) => {
    expect(withoutPasswords(text)).toBe(shown);
  });

  it("is the text itself where it names no address", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (!text.includes("://")) expect(withoutPasswords(text)).toBe(text);
      }),
    );
  });

  const size = 4_000_000;
  it.each([
    ["letters", "a".repeat(size)],
    ["schemes", "a://".repeat(size / 4)],
    ["addresses that never end", `a://${"b:".repeat(size / 2)}`],
    ["colons", ":".repeat(size)],
    ["signs", `ssh://${"@".repeat(size)}`],
    ["users", "http://a@".repeat(size / 9)],
  ])(
    "takes work in proportion to its length: %s",
    (_what, text) => {
      // A quarter of a day each, if every character were looked at from every other one.
      expect(withoutPasswords(text).length).toBeLessThanOrEqual(size + 10);
    },
    60_000,
  );
});

describe("what is kept of a daemon's words", () => {
  it("is bounded, and says so", () => {
    expect(readableText("short")).toBe("short");
    const long = readableText("word ".repeat(2_000));
    expect(long).toHaveLength(textLimits.words);
    expect(long.endsWith("…")).toBe(true);
    expect(clip("ab\ud83d\ude00cd", 4)).toBe("ab…");
  });

  it("has no part of a password, wherever the cut is", () => {
    for (let before = 4_040; before < 4_110; before++) {
      const text = `${"x".repeat(before)} https://ines:hunter2hunter2@git.example.com/`;
      expect(readableText(`${text}${"y".repeat(100)}`)).not.toContain("hun");
    }
  });
});
