import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** Counts what vitest's JSON report says: `{ passed, failed, skipped }`. */
export function countVitest(file) {
  const report = read(file);
  if (!report) return none();
  // A file that could not even be loaded has failed without any test in it.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Counts what Playwright's JSON report says; a story that only passed when repeated has passed. */
export function countPlaywright(file) {
  const report = read(file);
  if (!report) return none();
  const { expected, flaky, unexpected, skipped } = report.stats;
  return {
    passed: expected + flaky,
    failed: Math.max(unexpected, report.errors.length > 0 ? 1 : 0),
    skipped,
  };
}

/** Titles of the tests that failed in vitest, and files that could not be loaded. */
export function failedTests(file) {
  return (read(file)?.testResults ?? []).flatMap(({ name, status, assertionResults }) =>
    status === "failed" && assertionResults.length === 0
      ? [name]
      : assertionResults
          .filter((test) => test.status === "failed")
          .map(({ fullName }) => `${basename(name)}: ${fullName}`),
  );
}

/** Titles of the stories that ended so: `flaky` is passed only when repeated, `unexpected` is failed. */
export function storiesThatWere(wanted, file) {
  const titles = (suite) => [
    ...(suite.specs ?? []).flatMap(({ title, tests }) =>
      tests.filter(({ status }) => status === wanted).map(({ projectName }) => `[${projectName}] ${title}`),
    ),
    ...(suite.suites ?? []).flatMap(titles),
  ];
  return (read(file)?.suites ?? []).flatMap(titles);
}

/** Adds counts up, and takes a runner that failed without naming a test as one failure. */
export function sum(runs) {
  const total = none();
  for (const { counts, code } of runs) {
    total.passed += counts.passed;
    total.skipped += counts.skipped;
    total.failed += code !== 0 && counts.failed === 0 ? 1 : counts.failed;
  }
  return total;
}

/** The plain closing line of a run. */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

function none() {
  return { passed: 0, failed: 0, skipped: 0 };
}

function read(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
