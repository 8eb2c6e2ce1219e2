import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketSecondsOf, zoomedSpan } from "./chart-span.ts";

test("a span has as many buckets as can be seen, and never so many that the server would cut it", () => {
  expect(bucketSecondsOf({ from: 0, to: 900_000 })).toBe(15);
  expect(bucketSecondsOf({ from: 0, to: 900_000 }, 60)).toBe(60);
  expect(bucketSecondsOf({ from: 0, to: 86_400_000 })).toBe(900);
  fc.assert(
    fc.property(fc.integer({ min: 1_000, max: 90 * 86_400_000 }), (length) => {
      expect(length / 1_000 / bucketSecondsOf({ from: 0, to: length })).toBeLessThanOrEqual(120);
    }),
  );
});

test("what is dragged over becomes the span, but never less than a minute", () => {
  expect(zoomedSpan(100, 400)).toEqual({ from: 100_000, to: 400_000 });
  expect(zoomedSpan(100, 110)).toEqual({ from: 75_000, to: 135_000 });
});
