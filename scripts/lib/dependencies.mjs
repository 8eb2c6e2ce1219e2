import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { runNpm } from "./process.mjs";
import { lockDifferences, mendingCommand, readManifestAndLock, unverifiableEntries } from "./supply/lock.mjs";
import { Failure, note, took } from "./terminal.mjs";

const modules = join(root, "node_modules");
const stampFile = join(modules, ".switchyard-stamp");

/**
 * Installs the npm packages of package-lock.json unless exactly those are there. A lock that does not say what
 * package.json says, or that does not pin what it names by a checksum, stops it: nothing is installed by guessing.
 */
export async function ensureDependencies() {
  const { manifest, lock } = readManifestAndLock();
  refuseBadLock(manifest, lock);
  const wanted = lockHash();
  if (readStamp() === wanted) return;
  if (!installedAsLocked()) await install();
  writeFileSync(stampFile, wanted);
}

function lockHash() {
  return createHash("sha256")
    .update(readFileSync(join(root, "package.json")))
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

function readStamp() {
  return existsSync(stampFile) ? readFileSync(stampFile, "utf8") : undefined;
}

/** Accepts packages that a person installed with npm by hand: npm keeps its own record of what is there. */
function installedAsLocked() {
  const record = join(modules, ".package-lock.json");
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, "utf8")).packages;
  const locked = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  return Object.entries(locked).every(
    ([path, entry]) =>
      path === "" || (installed[path] ? isThat(installed[path], entry) : entry.optional === true),
  );
}

function isThat(installed, entry) {
  return installed.version === entry.version && installed.integrity === entry.integrity;
}

/** Throws what is wrong with the lock, in words that say how to mend it. */
export function refuseBadLock(manifest, lock) {
  const differences = lockDifferences(manifest, lock);
  if (differences.length > 0) throw new Failure(outOfStep(differences.join("\n")));
  const unverifiable = unverifiableEntries(lock);
  if (unverifiable.length > 0)
    throw new Failure(
      `package-lock.json names packages that could not be checked, so nothing is installed:\n${indented(unverifiable.join("\n"))}\n` +
        `Take it as it was (git checkout package-lock.json), or find out where these lines come from.`,
    );
}

function outOfStep(differences) {
  return (
    `package.json and package-lock.json do not say the same, so nothing is installed:\n${indented(differences)}\n` +
    `If package.json is right, this writes the lock anew (look at its difference before it is committed):\n  ${mendingCommand}`
  );
}

function indented(lines) {
  return lines.replace(/^/gm, "  ");
}

async function install() {
  const start = performance.now();
  note("installing npm packages (a minute or two the first time)");
  // No package needs its install script: esbuild, libsql and the others bring their binaries as optional packages.
  const result = await runNpm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    capture: true,
  });
  if (result.code !== 0 && /EUSAGE/.test(result.output))
    throw new Failure(outOfStep(npmsDifferences(result.output)));
  if (result.code !== 0)
    throw new Failure(`${result.output}\nThe npm packages could not be installed (see above).`);
  note(`npm packages are there (${took(start)})`);
}

/** What npm itself found to differ deeper in the lock, without its advice to install by other means. */
function npmsDifferences(output) {
  const lines = output.split("\n").map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim());
  const found = lines.filter((line) => /^(Missing|Invalid):/.test(line));
  return found.length > 0 ? found.join("\n") : output.trim();
}
