import { defineConfig } from "@playwright/test";
import { slowness } from "./support/slow-page.ts";

export default defineConfig({
  testDir: ".",
  testMatch: "{stories,security}/**/*.story.ts",
  outputDir: "../test-results",
  timeout: 90_000 * slowness,
  expect: { timeout: 20_000 * slowness },
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  // A story that only passes when repeated is named at the end of the run; it is a defect, but no reason to stop others.
  retries: process.env.CI ? 1 : 0,
  use: { trace: "retain-on-failure" },
  projects: [
    { name: "electron", metadata: { shell: "electron" } },
    // In a browser, the browser decides what a page may do with its window.
    { name: "chromium", metadata: { shell: "chromium" }, grepInvert: /@desktop/ },
  ],
});
