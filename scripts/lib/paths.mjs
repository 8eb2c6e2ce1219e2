import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Where everything built goes. */
export const outputDirectory = join(root, "out");

/** The path of a built file. */
export function outputFile(...names) {
  return join(outputDirectory, ...names);
}

/** The path of a file that `npm run dev` makes; not below `out`, which is what packages are made of. */
export function developmentFile(...names) {
  return join(root, ".cache", "dev", ...names);
}

/** The path of a file inside an npm package, also of one that the package does not export (its command). */
export function modulePath(path) {
  return join(root, "node_modules", path);
}

/** Where things fetched once are kept between checkouts. */
export const cacheDirectory = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "switchyard");
