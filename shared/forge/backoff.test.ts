import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failureDelaySeconds, retryDelays, saturatedFrom, throttleDelaySeconds } from "./backoff.ts";

const settings = fc.record({
  enabled: fc.constant(true),
  baseSeconds: fc.integer({ min: 1, max: 86_400 }),
  maxSeconds: fc.integer({ min: 1, max: 86_400 }),
});

describe("the wait after a failure", () => {
  it("doubles from twice the base up to the maximum", () => {
    const usual = { enabled: true, baseSeconds: 15, maxSeconds: 600 };
    expect(retryDelays(usual, 8)).toEqual([30, 60, 120, 240, 480, 600, 600]);
    expect(saturatedFrom(usual)).toBe(6);
  });

  it("is always the maximum where the base is above it, and nothing where the backoff is off", () => {
    expect(retryDelays({ enabled: true, baseSeconds: 300, maxSeconds: 60 }, 4)).toEqual([60, 60, 60]);
    expect(retryDelays({ enabled: false, baseSeconds: 300, maxSeconds: 60 }, 4)).toEqual([0, 0, 0]);
  });

  it("never falls with the attempts, never exceeds the maximum, and is reached where it says", () => {
    fc.assert(
      fc.property(settings, fc.integer({ min: 1, max: 200 }), (given, attempts) => {
        const wait = failureDelaySeconds(given, attempts);
        expect(wait).toBeLessThanOrEqual(given.maxSeconds);
        expect(failureDelaySeconds(given, attempts + 1)).toBeGreaterThanOrEqual(wait);
        expect(failureDelaySeconds(given, saturatedFrom(given) as number)).toBe(given.maxSeconds);
      }),
    );
  });
});

describe("the cool-down of a throttled queue", () => {
  it("begins with the base and doubles; without backoff it is a minute", () => {
    const usual = { enabled: true, baseSeconds: 15, maxSeconds: 600 };
    expect([0, 1, 2, 3, 4, 5, 6].map((count) => throttleDelaySeconds(usual, count))).toEqual([
      15, 30, 60, 120, 240, 480, 600,
    ]);
    expect(throttleDelaySeconds({ ...usual, enabled: false }, 7)).toBe(60);
  });
});
