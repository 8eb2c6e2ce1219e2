import fc from "fast-check";
import { expect, test } from "vitest";
import { pacedMs, type Refreshed, refreshedOf } from "./refresh.ts";

const refreshed = fc.record({
  name: fc.constantFrom("a", "b", "c", "d"),
  everyMs: fc.integer({ min: 300, max: 60_000 }),
  requests: fc.integer({ min: 0, max: 3_000 }),
});

function rateOf(shown: readonly Refreshed[], budget: number): number {
  return shown.reduce((sum, one) => sum + (one.requests * 1_000) / pacedMs(one, shown, budget), 0);
}

test("whatever is shown together asks no more than the budget, and each answer at most as often as declared", () => {
  fc.assert(
    fc.property(fc.array(refreshed, { minLength: 1, maxLength: 40 }), (shown) => {
      expect(rateOf(shown, 0.8)).toBeLessThanOrEqual(0.8 + 1e-9);
      for (const one of shown) expect(pacedMs(one, shown, 0.8)).toBeGreaterThanOrEqual(one.everyMs);
    }),
  );
});

test("a costly answer slows itself down, and no cheap one beside it", () => {
  const health = { name: "health", everyMs: 10_000, requests: 1 };
  const scan = { name: "scan", everyMs: 5_000, requests: 1_256 };
  expect(pacedMs(health, [health, scan], 0.8)).toBe(10_000);
  expect(pacedMs(scan, [health, scan], 0.8)).toBe(Math.ceil((1_256 / 0.7) * 1_000));
});

test("what the far system is not asked for keeps its pace", () => {
  const own = { name: "own", everyMs: 300, requests: 0 };
  const scan = { name: "scan", everyMs: 5_000, requests: 1_256 };
  expect(pacedMs(own, [own, scan], 0.8)).toBe(300);
});

test("an answer says its own cost, and a failure has one, too", () => {
  const refresh = { everyMs: 5_000, requests: (scan?: { requests: number }) => scan?.requests ?? 32 };
  expect(refreshedOf("scan", refresh, { requests: 300 })?.requests).toBe(300);
  expect(refreshedOf("scan", refresh, undefined)?.requests).toBe(32);
  expect(refreshedOf("scan", { everyMs: 5_000 }, undefined)?.requests).toBe(1);
  expect(refreshedOf("dialog", "once", {})).toBeUndefined();
});
