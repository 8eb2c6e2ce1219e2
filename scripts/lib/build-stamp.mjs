import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { outputDirectory, root } from "./paths.mjs";

const stampFile = join(outputDirectory, ".build.json");

/** Hashes the names and contents of all files under these paths (tests left out), and the given options. */
export function hashSources(paths, options) {
  const hash = createHash("sha256").update(JSON.stringify(options));
  for (const file of paths.flatMap((path) => filesUnder(join(root, path)))) {
    hash.update(`\0${relative(root, file)}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  const entries = readdirSync(path, { withFileTypes: true, recursive: true }).filter((entry) =>
    entry.isFile(),
  );
  return entries
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !/\.test\.tsx?$/.test(file))
    .sort();
}

/** The stamp that the last build left for this part, or undefined. */
export function readBuildStamp(part) {
  return readStamps()[part];
}

/** Remembers what a part was built from. */
export function writeBuildStamp(part, stamp) {
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, `${JSON.stringify({ ...readStamps(), [part]: stamp }, null, 2)}\n`);
}

function readStamps() {
  try {
    return JSON.parse(readFileSync(stampFile, "utf8"));
  } catch {
    return {};
  }
}
