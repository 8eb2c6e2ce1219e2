import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../shared/contract/canonical.ts";
import { applyDifference, differenceOf } from "./activity-difference.ts";

const fields = fc.dictionary(
  fc.oneof(fc.constantFrom("evidence", "steps", "state", "__proto__", "constructor"), fc.string()),
  fc.oneof(fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 3 }), fc.jsonValue({ maxDepth: 2 })),
  { maxKeys: 6 },
);
/** As the log reads it back. */
const read = (value: object) => JSON.parse(canonicalJson(value)) as Record<string, unknown>;

describe("what differs between two steps", () => {
  it("makes the later one of the earlier one, whatever they hold", () => {
    fc.assert(
      fc.property(fields, fields, fc.boolean(), (some, more, continues) => {
        const before = read(some);
        const after = read(continues ? { ...some, ...more } : more);
        const kept = read(differenceOf(before, after));
        expect(canonicalJson(applyDifference(before, kept))).toBe(canonicalJson(after));
      }),
      { numRuns: 500 },
    );
  });

  it("is only what is new of a list that grew", () => {
    const evidence = [{ summary: "The host accepted it." }];
    const more = [...evidence, { summary: "Started." }];
    expect(
      differenceOf(
        { state: "sent", input: { count: 3 }, evidence },
        { state: "confirmed", input: { count: 3 }, evidence: more },
      ),
    ).toEqual({ set: { state: "confirmed" }, add: { evidence: [{ summary: "Started." }] } });
    expect(differenceOf({ evidence: more }, { evidence })).toEqual({ set: { evidence } });
    expect(differenceOf({ reason: "why" }, {})).toEqual({ drop: ["reason"] });
    expect(differenceOf({ evidence }, { evidence: [...evidence] })).toEqual({});
  });
});
