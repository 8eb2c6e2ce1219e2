import fc from "fast-check";
import { expect, it } from "vitest";
import { Backoff, delayAfter, pause } from "./backoff.ts";

it("stays between its bounds, grows to the longest, and starts over", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 0, max: 60_000 }), (firstMs, more) => {
      const longestMs = firstMs + more;
      const backoff = new Backoff({ firstMs, longestMs }, 0.25);
      for (let attempt = 0; attempt < 40; attempt += 1) {
        expect(backoff.delayMs).toBeGreaterThanOrEqual(firstMs);
        expect(backoff.delayMs).toBeLessThanOrEqual(longestMs);
        expect(backoff.delayMs).toBe(backoff.delayMs);
        backoff.failed();
      }
      expect(backoff.delayMs).toBeGreaterThanOrEqual(Math.floor(longestMs * 0.75));
      backoff.reset();
      expect(backoff.delayMs).toBe(firstMs);
    }),
  );
});

it("doubles exactly without jitter", () => {
  const backoff = new Backoff({ firstMs: 100, longestMs: 1_000 });
  expect(Array.from({ length: 6 }, () => backoff.next())).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  expect(delayAfter({ firstMs: 1, longestMs: 5 }, 5_000)).toBe(5);
});

it("a pause ends with its signal, and does not begin after it", async () => {
  const end = new AbortController();
  const paused = pause(3_600_000, end.signal);
  end.abort();
  await expect(paused).resolves.toBeUndefined();
  await expect(pause(3_600_000, end.signal)).resolves.toBeUndefined();
});
