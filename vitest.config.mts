import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "parts",
          include: ["{shared,electron,playground,renderer}/**/*.test.ts", "scripts/**/*.test.mjs"],
        },
      },
      {
        extends: true,
        test: {
          name: "page",
          include: ["renderer/**/*.test.tsx"],
          environment: "happy-dom",
          setupFiles: ["vitest.setup.mts", "renderer/testing/page-setup.ts"],
        },
      },
    ],
    setupFiles: ["vitest.setup.mts"],
    expect: { poll: { timeout: 20_000, interval: 20 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    maxWorkers: 2,
  },
});
