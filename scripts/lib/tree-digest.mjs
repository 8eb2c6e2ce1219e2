import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join, relative, sep } from "node:path";

const chunkBytes = 1024 * 1024;

/** One digest of the paths and contents of all files below a folder, but for those left out; a link or a device among them changes it. */
export function treeDigest(directory, leftOut = []) {
  const hash = createHash("sha256");
  for (const { path, isFile } of filesBelow(directory))
    if (!leftOut.includes(path))
      hash.update(`${path}\0${isFile ? fileDigest(join(directory, path)) : "no file"}\0`);
  return hash.digest("base64");
}

function filesBelow(directory) {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const path = relative(directory, join(entry.parentPath ?? entry.path, entry.name));
      return { path: path.split(sep).join("/"), isFile: entry.isFile() };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Read in pieces, so that a launcher does not become as large as what it launches. */
function fileDigest(path) {
  const hash = createHash("sha256");
  const chunk = Buffer.allocUnsafe(chunkBytes);
  const file = openSync(path, "r");
  try {
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk))
      hash.update(chunk.subarray(0, size));
  } finally {
    closeSync(file);
  }
  return hash.digest("base64");
}
