import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FilterTerm, formatFilter, parseFilter } from "./filter.ts";

const at = fc.constant(0);
const negated = fc.boolean();
const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 8 }),
  fc.string({ unit: fc.constantFrom(...'ab "\\,:~<>=-\n'), minLength: 1, maxLength: 8 }),
);
const field = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,6}$/);
const term: fc.Arbitrary<FilterTerm> = fc.oneof(
  fc.record({ kind: fc.constant("word" as const), at, negated, text }),
  fc.record({
    kind: fc.constantFrom("equals" as const, "contains" as const),
    at,
    negated,
    field,
    values: fc.array(text, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant("compare" as const),
    at,
    negated,
    field,
    operator: fc.constantFrom(">" as const, ">=" as const, "<" as const, "<=" as const),
    value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  }),
);

const anywhere = (terms: readonly FilterTerm[]): FilterTerm[] => terms.map((each) => ({ ...each, at: 0 }));

describe("parseFilter", () => {
  test("reads what formatFilter writes", () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 5 }), (terms) => {
        const filter = parseFilter(formatFilter(terms));
        expect(filter.problems).toEqual([]);
        expect(anywhere(filter.terms)).toEqual(terms);
      }),
    );
  });

  test("never throws, points into the text, and keeps its terms when written again", () => {
    const texts = fc.string({ unit: fc.constantFrom(...'ab1 "\\,:~<>=-.') });
    fc.assert(
      fc.property(fc.oneof(fc.string(), texts), (any) => {
        const filter = parseFilter(any);
        for (const place of [...filter.terms, ...filter.problems]) {
          expect(place.at).toBeGreaterThanOrEqual(0);
          expect(place.at).toBeLessThanOrEqual(any.length);
        }
        expect(anywhere(parseFilter(formatFilter(filter.terms)).terms)).toEqual(anywhere(filter.terms));
      }),
      { numRuns: 1_000 },
    );
  });

  test("reads each kind of term", () => {
    const filter = parseFilter(
      'cart -type:a,"b c" host:~quiet max:>=5 label:zone=eu-1 -"two words" ghcr.io/x:1',
    );
    expect(filter.problems).toEqual([]);
    expect(filter.terms).toEqual([
      { kind: "word", at: 0, negated: false, text: "cart" },
      { kind: "equals", at: 5, negated: true, field: "type", values: ["a", "b c"] },
      { kind: "contains", at: 19, negated: false, field: "host", values: ["quiet"] },
      { kind: "compare", at: 31, negated: false, field: "max", operator: ">=", value: 5 },
      { kind: "equals", at: 39, negated: false, field: "label", values: ["zone=eu-1"] },
      { kind: "word", at: 55, negated: true, text: "two words" },
      { kind: "word", at: 68, negated: false, text: "ghcr.io/x:1" },
    ]);
  });

  test.each([
    ["type:", 5, "value"],
    ["type:a,", 7, "value"],
    ["max:>many", 5, "number"],
    ["max:>", 5, "number"],
    ['a "open', 2, "closing quote"],
    ["-", 0, "minus"],
    ['""', 0, "empty"],
  ])("%s: says what is wrong, and where", (any, place, part) => {
    const { problems } = parseFilter(any);
    expect(problems).toEqual([{ at: place, message: expect.stringContaining(part) }]);
  });

  test("keeps the rest of a text with a problem", () => {
    expect(anywhere(parseFilter("type: cart").terms)).toEqual([
      { kind: "word", at: 0, negated: false, text: "cart" },
    ]);
    expect(anywhere(parseFilter('x:"a b').terms)).toMatchObject([{ values: ["a b"] }]);
  });
});
