import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";

const page = join(root, "docs", "interop.md");
const row = (cells) => `| ${cells.join(" | ")} |`;

/** What a report of the test runner counts; undefined where there is none. */
export function countsOf(report) {
  if (!existsSync(report)) return undefined;
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, "utf8"));
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests };
}

/** Puts the last result of a system into the table of docs/interop.md. */
export function writeResult({ name, versions, passed, failed, skipped }) {
  const date = new Date().toISOString().slice(0, 10);
  const line = row([name, versions, date, passed, failed, skipped]);
  const lines = readFileSync(page, "utf8").split("\n");
  const index = lines.findLastIndex((each) => each.startsWith(`| ${name} |`));
  if (index < 0) throw new Error(`docs/interop.md has no row for ${name}`);
  lines[index] = line;
  writeFileSync(page, lines.join("\n"));
}
