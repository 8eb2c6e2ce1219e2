import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expressionProblem, tagPattern } from "./tag-pattern.ts";

const passes = (pattern: string, tag: string) => tagPattern(pattern).matches(tag);

describe("a filter for tags", () => {
  it.each([
    ["glob:*", "v1", true],
    ["glob:", "", true],
    ["glob:v1", "v1", true],
    ["glob:v1", "v10", false],
    ["glob:v*", "v", true],
    ["glob:*-rc*", "v1-rc2", true],
    ["glob:a*a", "a", false],
    ["glob:ab*ba", "aba", false],
    ["glob:1.*.0", "1.2.0", true],
    ["glob:1.*.0", "1.2.1", false],
    ["glob:a.c", "abc", false],
    ["regexp:^v\\d+$", "v12", true],
    ["regexp:\\d", "v1", true],
    ["regexp:^\\d$", "v1", false],
    ["regexp:(?i)^V", "v1", true],
    ["regexp:(?P<major>\\d+)", "v1", true],
    ["regexp:^[[:alpha:]]+$", "main", true],
    ["regexp:\\Qa.c\\E", "abc", false],
    ["semver:~1.2", "1.2.9", true],
    ["semver:>=1.2, <2", "v1.9", true],
    ["semver:>=1.2, <2", "2.0", false],
    ["semver:*", "main", false],
  ])("%s, %s: %s", (pattern, tag, expected) => {
    expect(passes(pattern, tag)).toBe(expected);
  });

  it("with stars passes what has its parts in their order", () => {
    const parts = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 5 }), {
      maxLength: 4,
    });
    const tags = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 });
    fc.assert(
      fc.property(parts, tags, (some, tag) => {
        const glob = some.join("");
        const expression = new RegExp(`^${glob.replaceAll("*", ".*")}$`);
        expect(passes(`glob:${glob}`, tag)).toBe(expression.test(tag));
      }),
    );
  });

  it.each(["(?=a)b", "(?<!a)b", "(a)\\1", "(", "a{1001}", "[z-a]", "(?>a)", "a**"])(
    "%s is refused as Flux does, and lets every tag pass as Flux does",
    (body) => {
      expect(expressionProblem(`regexp:${body}`)).toMatch(/^Flux would refuse this pattern: /);
      expect(tagPattern(`regexp:${body}`)).toMatchObject({ problem: expressionProblem(`regexp:${body}`) });
      expect(passes(`regexp:${body}`, "anything")).toBe(true);
    },
  );

  it("is judged by the engine of Flux also where JavaScript would take it otherwise", () => {
    expect(expressionProblem("regexp:(?i)^v")).toBeUndefined();
    expect(expressionProblem("regexp:^v$")).toBeUndefined();
    expect(expressionProblem("glob:(")).toBeUndefined();
    expect(expressionProblem(`regexp:${"a".repeat(501)}`)).toMatch(/500 characters/);
  });

  it.each([
    ["regexp:^(a+)+$", `${"a".repeat(120)}!`],
    ["regexp:^(a|a)*$", `${"a".repeat(120)}!`],
    ["regexp:(.*)*(.*)*(.*)*x$", "a".repeat(128)],
    ["regexp:^(([a-z])+.)+[A-Z]([a-z])+$", "a".repeat(128)],
    [`glob:${"*a".repeat(200)}b`, "a".repeat(128)],
    [`semver:${">=1 ".repeat(100)}`, "1".repeat(128)],
  ])(
    "%s takes no time that grows with each letter",
    (pattern, tag) => {
      // With JavaScript's own engine: longer than the universe is old.
      expect(passes(pattern, tag)).toBe(false);
    },
    30_000,
  );

  it("of a huge program is not judged, nor is a tag that no registry has", () => {
    expect(tagPattern(`regexp:${"(a|b|ab){1000}".repeat(4)}`)).toMatchObject({
      problem: "this pattern is too large to be judged here",
    });
    expect(passes("regexp:a", "a".repeat(129))).toBe(false);
    expect(passes("glob:*", "a".repeat(129))).toBe(false);
  });
});
