import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modulePath, root } from "./lib/paths.mjs";
import { copyTree } from "./testing/tree-copy.mjs";

const page = "docs/adding-an-operation.md";
/** For a machine that does much else; nothing is judged by it. */
const limit = 3_600_000;
const copy = copyTree();
afterAll(copy.remove);

/** The edits that the page describes: a sentence that says where, and what goes there. */
function editsOf(text) {
  const where = /^In (the new file )?`([^`]+)`(?:, before `([^`]+)`)?:\n\n```\w+\n(.*?)^```$/gms;
  return [...text.matchAll(where)].map(([, isNew, file, anchor, content]) => ({
    isNew,
    file,
    anchor,
    content,
  }));
}

function makeEdit({ isNew, file, anchor, content }) {
  const path = join(copy.folder, file);
  expect(existsSync(path), file).toBe(!isNew);
  if (isNew) return writeFileSync(path, content);
  const lines = readFileSync(path, "utf8").split("\n");
  const places = lines.flatMap((line, index) => (line.trim() === anchor ? [index] : []));
  expect(places, `${file}: ${anchor}`).toHaveLength(1);
  lines.splice(places[0], 0, content.trimEnd());
  writeFileSync(path, lines.join("\n"));
}

/** Runs a tool in the copy; answers what it printed where it failed, and nothing where it did not. */
async function faultsOf(tool, argumentsList, { signal }) {
  const child = spawn(process.execPath, [modulePath(tool), ...argumentsList], {
    cwd: copy.folder,
    signal,
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const [code] = await once(child, "exit");
  return code === 0 ? "" : output;
}

const edits = editsOf(readFileSync(join(root, page), "utf8"));
const edited = [...new Set(edits.map(({ file }) => file))];

beforeAll(() => {
  // What was checked before need not be checked again.
  const types = join(root, ".cache", "types");
  if (existsSync(types)) cpSync(types, join(copy.folder, ".cache", "types"), { recursive: true });
  for (const edit of edits) makeEdit(edit);
});

test("the page names a file for each of the three edits", () => {
  expect([...new Set(edited.map((file) => file.split("/")[0]))]).toEqual(["shared", "electron", "renderer"]);
  const names = ["forge.cron.get", "forge.cron.turn-off"];
  for (const name of names)
    expect(edits.filter(({ content }) => content.includes(`"${name}"`))).toHaveLength(3);
});

test("with these edits and no other the types are right", { timeout: limit }, async ({ signal }) => {
  expect(await faultsOf("typescript/bin/tsc", ["-b"], { signal })).toBe("");
});

test("they are written as everything else is, and keep to the layers", { timeout: limit }, async ({
  signal,
}) => {
  expect(
    await faultsOf("@biomejs/biome/bin/biome", ["check", "--vcs-enabled=false", ...edited], { signal }),
  ).toBe("");
  // The packages of the copy are a link, whose end is outside of it.
  const config = "linked.cjs";
  writeFileSync(
    join(copy.folder, config),
    `const rules = require("./.dependency-cruiser.cjs");
module.exports = { ...rules, options: { ...rules.options, preserveSymlinks: true } };`,
  );
  const cruise = ["--config", config, "--output-type", "err", ...edited];
  expect(await faultsOf("dependency-cruiser/bin/dependency-cruise.mjs", cruise, { signal })).toBe("");
});

test("the tests of every operation and every guard pass, and have two more", { timeout: limit }, async ({
  signal,
}) => {
  const names = ["shared/testing", "electron/tests/guards"];
  const report = join(copy.folder, "report.json");
  const options = ["run", "--reporter=json", `--outputFile=${report}`, ...names];
  expect(await faultsOf("vitest/vitest.mjs", options, { signal })).toBe("");
  const titles = JSON.parse(readFileSync(report, "utf8"))
    .testResults.flatMap(({ assertionResults }) => assertionResults)
    .map(({ fullName }) => fullName);
  for (const name of ["forge.cron.get", "forge.cron.turn-off"])
    expect(
      titles.some((title) => title.includes(name)),
      name,
    ).toBe(true);
});
