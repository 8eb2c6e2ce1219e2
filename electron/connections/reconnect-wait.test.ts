import fc from "fast-check";
import { expect, it } from "vitest";
import { ReconnectWait } from "./reconnect-wait.ts";

it("stays between its bounds, grows to the longest, and starts over", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 0, max: 60_000 }), (first, more) => {
      const wait = new ReconnectWait(first, first + more);
      for (let attempt = 0; attempt < 40; attempt += 1) {
        expect(wait.milliseconds).toBeGreaterThanOrEqual(first);
        expect(wait.milliseconds).toBeLessThanOrEqual(first + more);
        expect(wait.milliseconds).toBe(wait.milliseconds);
        wait.failed();
      }
      expect(wait.milliseconds).toBeGreaterThanOrEqual(Math.floor((first + more) * 0.75));
      wait.reset();
      expect(wait.milliseconds).toBe(first);
    }),
  );
});
