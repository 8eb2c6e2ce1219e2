import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { check } from "./check.mjs";
import { withDisplay } from "./lib/display.mjs";
import { modulePath, outputFile, root } from "./lib/paths.mjs";
import { runInForeground, wasInterrupted } from "./lib/process.mjs";
import {
  closingLine,
  countPlaywright,
  countVitest,
  failedTests,
  storiesThatWere,
  sum,
} from "./lib/reports.mjs";
import { storiesEnvironment } from "./lib/stories.mjs";
import { Failure, heading, runAsScript, warn } from "./lib/terminal.mjs";
import { allNeeds, setup } from "./setup.mjs";

const storiesConfig = "e2e/playwright.config.ts";
const known = ["--unit", "--e2e", "--project=electron", "--project=chromium"];

/** Runs the checks and all tests (or, with --unit or --e2e, only those; stories in one shell with --project=), and prints the closing line; answers the exit code. */
export async function test(argumentsList) {
  const options = argumentsList.filter((argument) => argument.startsWith("--"));
  const filters = argumentsList.filter((argument) => !argument.startsWith("--"));
  const unknown = options.filter((option) => !known.includes(option));
  if (unknown.length > 0)
    throw new Failure(`unknown option ${unknown.join(" ")} (known: ${known.join(" ")})`);
  const everything = options.length === 0;
  const unit = everything || options.includes("--unit");
  const stories = everything || options.includes("--e2e");

  heading("Set up");
  await setup({ need: stories ? allNeeds : ["dependencies", "nats-server", "redis"] });
  const clean = everything && filters.length === 0 ? await checkAll() : true;
  if (stories) {
    heading("Build");
    await build();
  }

  const runs = [];
  if (unit) runs.push(await runUnit(filters));
  const projects = options.filter((option) => option.startsWith("--project="));
  if (stories && !wasInterrupted()) runs.push(...(await runStories([...projects, ...filters])));
  console.log("");
  if (wasInterrupted()) throw new Failure("interrupted");
  return close(runs, clean);
}

/** Names what failed at the very end, where a log that was cut still has it. */
function close(runs, clean) {
  const total = sum(runs);
  if (!clean) warn("the checks failed (see above)");
  for (const title of runs.flatMap(({ failed }) => failed)) warn(`FAILED: ${title}`);
  console.log(closingLine(total));
  return clean && total.failed === 0 ? 0 : 1;
}

async function checkAll() {
  heading("Check");
  return check();
}

async function runUnit(filters) {
  heading("Unit and integration tests");
  const report = freshReport("vitest.json");
  const code = await runInForeground(process.execPath, [
    modulePath("vitest/vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    "--passWithNoTests",
    ...filters,
  ]);
  return { code, counts: countVitest(report), failed: failedTests(report) };
}

async function runStories(filters) {
  heading("Stories, in Electron and in Chromium");
  if (!existsSync(join(root, storiesConfig))) {
    warn(`THERE ARE NO STORIES YET: ${storiesConfig} does not exist, so nothing was run end to end`);
    return [];
  }
  const report = freshReport("playwright.json");
  const code = await withDisplay((display) =>
    runInForeground(
      process.execPath,
      [
        modulePath("@playwright/test/cli.js"),
        "test",
        `--config=${storiesConfig}`,
        "--reporter=list,json",
        "--pass-with-no-tests",
        ...filters,
      ],
      { environment: { ...display, ...storiesEnvironment(), PLAYWRIGHT_JSON_OUTPUT_FILE: report } },
    ),
  );
  for (const title of storiesThatWere("flaky", report)) warn(`PASSED ONLY WHEN REPEATED: ${title}`);
  return [{ code, counts: countPlaywright(report), failed: storiesThatWere("unexpected", report) }];
}

function freshReport(name) {
  const file = outputFile("reports", name);
  // So that a run that never wrote one is not judged by the last.
  rmSync(file, { force: true });
  return file;
}

await runAsScript(import.meta, test);
