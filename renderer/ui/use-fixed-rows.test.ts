import fc from "fast-check";
import { expect, test } from "vitest";
import { steadyRange } from "./use-fixed-rows.ts";

const overscan = 3;

test("what can be seen is drawn, each row once, and equally many wherever one is", () => {
  const places = fc.record({ count: fc.nat(200), fit: fc.integer({ min: 1, max: 40 }), at: fc.nat(200) });
  fc.assert(
    fc.property(places, ({ count, fit, at }) => {
      fc.pre(count > 0);
      const startIndex = Math.min(at, count - 1);
      const endIndex = Math.min(count - 1, startIndex + fit - 1);
      const drawn = steadyRange({ startIndex, endIndex, overscan, count }, fit);
      expect(drawn).toHaveLength(Math.min(count, fit + 2 * overscan));
      expect(drawn).toEqual(drawn.map((_, index) => (drawn[0] ?? 0) + index));
      expect(drawn[0]).toBeLessThanOrEqual(startIndex);
      expect(drawn.at(-1)).toBeGreaterThanOrEqual(endIndex);
      expect(drawn[0]).toBeGreaterThanOrEqual(0);
      expect(drawn.at(-1)).toBeLessThan(count);
    }),
  );
});

test("of nothing nothing is drawn", () => {
  expect(steadyRange({ startIndex: 0, endIndex: 0, overscan, count: 0 }, 20)).toEqual([]);
});
