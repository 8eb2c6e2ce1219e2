import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{shared,electron,playground,renderer}/**/*.test.{ts,tsx}", "scripts/**/*.test.mjs"],
    setupFiles: ["vitest.setup.mts"],
    expect: { poll: { timeout: 20_000, interval: 20 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    maxWorkers: 2,
  },
});
