import { vi } from "vitest";

const patienceMs = 20_000;
const { waitFor } = vi;

// What must come is waited for as long as a busy machine may need: no test judges by speed.
vi.waitFor = (work, options = {}) => {
  const given = typeof options === "number" ? { timeout: options } : options;
  return waitFor(work, { interval: 20, ...given, timeout: Math.max(patienceMs, given.timeout ?? 0) });
};
