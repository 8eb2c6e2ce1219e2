import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { danglingCitations } from "./lib/citations.mjs";
import { foldedGraph, readImports } from "./lib/import-graph.mjs";
import { contentOf, differences, graphIn } from "./lib/import-picture.mjs";
import { modulePath, root } from "./lib/paths.mjs";
import { run } from "./lib/process.mjs";
import { readManifestAndLock } from "./lib/supply/lock.mjs";
import { importedPackages, packagesThatMayShip } from "./lib/supply/shipped.mjs";
import { Failure, heading, runAsScript, took } from "./lib/terminal.mjs";
import { setup } from "./setup.mjs";

// The slowest first: with two at a time the short ones fill the gaps.
const checks = [
  { name: "types", work: () => runTool(modulePath("typescript/bin/tsc"), ["-b", "--pretty"]) },
  { name: "architecture", work: checkArchitecture },
  { name: "unused", work: () => runTool(modulePath("knip/bin/knip.js"), ["--no-progress"]) },
  {
    name: "lint",
    work: () =>
      runTool(fileURLToPath(import.meta.resolve("@biomejs/biome/bin/biome")), [
        "check",
        "--colors=off",
        "--max-diagnostics=100",
      ]),
  },
  { name: "dependencies", work: checkDependencies },
  { name: "citations", work: checkCitations },
];

/** Runs all static checks, or those named, and prints a line for each; answers whether all were clean. */
export async function check(names = []) {
  const known = checks.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Failure(`unknown: ${unknown.join(", ")} (known: ${known.join(", ")})`);
  const waiting = checks.filter(({ name }) => names.length === 0 || names.includes(name));
  const failed = [];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const start = performance.now();
      const { code, output, remark = "" } = await next.work();
      console.log(`${next.name.padEnd(14)}${code === 0 ? "ok" : "FAILED"}  ${remark}(${took(start)})`);
      if (code !== 0) failed.push({ name: next.name, output });
    }
  };
  await Promise.all([worker(), worker()]);
  for (const { name, output } of failed) {
    heading(`${name}:`);
    console.log(output.trim());
  }
  return failed.length === 0;
}

function runTool(path, argumentsList) {
  return run(process.execPath, [path, ...argumentsList], { capture: true });
}

async function checkArchitecture() {
  const { found, output } = await readImports();
  if (!found) return { code: 1, output: `dependency-cruiser gave no result:\n${output}` };
  const { totalCruised, violations } = found.summary;
  // With a TypeScript it does not know, dependency-cruiser reads nothing and finds nothing.
  if (totalCruised === 0) return { code: 1, output: "dependency-cruiser read no module at all" };
  const lines = violations.map(({ rule, from, to, cycle }) => {
    const path = cycle ? [from, ...cycle.map((step) => step.name)] : [...new Set([from, to])];
    return `${rule.name}: ${path.join(" -> ")}`;
  });
  lines.push(...pictureFaults(foldedGraph(found.modules)));
  return { code: lines.length > 0 ? 1 : 0, output: lines.join("\n"), remark: `${totalCruised} modules ` };
}

function pictureFaults(graph) {
  const shown = graphIn(readFileSync(join(root, "docs", "architecture.svg"), "utf8"));
  const faults = differences(shown, contentOf(graph)).map((line) => `docs/architecture.svg: ${line}`);
  return faults.length > 0 ? [...faults, "draw it again: npm run picture"] : [];
}

/** The licences of what may be shipped, and versions with known faults; that the lock pins everything is seen by the set-up. */
async function checkDependencies() {
  // They need packages, which are there only when the set-up has run.
  const { licenceFaults } = await import("./lib/supply/licences.mjs");
  const { unsafeVersions } = await import("./lib/supply/safe-versions.mjs");
  const { lock } = readManifestAndLock();
  const packages = packagesThatMayShip(lock, await importedPackages());
  const sections = [
    [
      "must not be shipped under their licence (scripts/lib/supply/licences.mjs)",
      licenceFaults(lock, packages),
    ],
    ["are older than what is known to be safe (scripts/lib/supply/safe-versions.mjs)", unsafeVersions(lock)],
  ];
  const lines = sections.flatMap(([title, faults]) =>
    faults.length > 0 ? [`These ${title}:`, ...faults] : [],
  );
  return { code: lines.length > 0 ? 1 : 0, output: lines.join("\n"), remark: `${packages.size} packages ` };
}

/** Wire references, documents and files that comments and documents name. */
async function checkCitations() {
  const lines = danglingCitations();
  return { code: lines.length > 0 ? 1 : 0, output: lines.join("\n") };
}

await runAsScript(import.meta, async (names) => {
  const start = performance.now();
  await setup({ need: ["dependencies"] });
  const clean = await check(names);
  console.log(`${clean ? "all checks are clean" : "some checks failed"} (${took(start)})`);
  return clean ? 0 : 1;
});
