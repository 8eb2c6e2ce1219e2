import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { withTimeLimit } from "./time-limit.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("work in time gives its result, and leaves no timer behind", async () => {
  await expect(withTimeLimit(1_000, async () => 1)).resolves.toBe(1);
  await expect(withTimeLimit(1_000, () => Promise.reject(new Error("mine")))).rejects.toThrow("mine");
  expect(vi.getTimerCount()).toBe(0);
});

test("work that takes longer is told to end, and what it throws then is nobody's", async () => {
  const limited = withTimeLimit(
    1_000,
    (signal) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("ended")));
      }),
    () => new Error("late"),
  );
  const outcome = expect(limited).rejects.toThrow("late");
  await vi.advanceTimersByTimeAsync(1_000);
  await outcome;
  expect(vi.getTimerCount()).toBe(0);
});
