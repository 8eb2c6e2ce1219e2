import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { runNpm } from "./process.mjs";
import { Failure, note, took } from "./terminal.mjs";

const modules = join(root, "node_modules");
const stampFile = join(modules, ".switchyard-stamp");

/** Installs the npm packages of package-lock.json unless exactly those are there. */
export async function ensureDependencies() {
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
      path === "" || (installed[path] ? installed[path].version === entry.version : entry.optional === true),
  );
}

async function install() {
  const start = performance.now();
  note("installing npm packages (a minute or two the first time)");
  // No package needs its install script: esbuild, libsql and the others bring their binaries as optional packages.
  const calm = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  let result = await runNpm(["ci", ...calm], { capture: true });
  if (result.code !== 0 && /EUSAGE|in sync/.test(result.output)) {
    // `npm ci` refuses a lock that lacks binaries of other platforms, which a registry mirror may not carry.
    note("npm ci refuses this lock file here; installing the locked versions with npm install instead");
    result = await runNpm(["install", "--no-save", ...calm], { capture: true });
  }
  if (result.code !== 0)
    throw new Failure(`${result.output}\nThe npm packages could not be installed (see above).`);
  note(`npm packages are there (${took(start)})`);
}
