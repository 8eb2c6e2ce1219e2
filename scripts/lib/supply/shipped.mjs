import { isBuiltin } from "node:module";
import { entries } from "../bundle.mjs";
import { root } from "../paths.mjs";
import { bundlers } from "./bundled.mjs";
import { nameOf } from "./lock.mjs";

/** What gets into the product although no source file imports it, and without anything that it depends on itself. */
const withoutImport = ["node_modules/electron", ...bundlers];

/**
 * The packages that may be shipped: what the sources of the main process and of the page import, and everything that
 * these packages depend on. It is found without a build, so it may hold more than a build takes.
 * Answers the lock's paths, each with the names that lead to it.
 */
export function packagesThatMayShip(lock, imported) {
  const found = new Map(withoutImport.map((path) => [path, [nameOf(path)]]));
  const waiting = imported.map((name) => ({ path: `node_modules/${name}`, chain: [name] }));
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { path, chain } = next;
    if (found.has(path) || !lock.packages[path]) continue;
    found.set(path, chain);
    for (const place of neededPaths(lock, path)) {
      waiting.push({ path: place, chain: [...chain, nameOf(place)] });
    }
  }
  return found;
}

/** The packages that the product's sources import; types and tests do not count. */
export async function importedPackages() {
  const esbuild = await import("esbuild");
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [...entries.map(({ source }) => source), "renderer/main.tsx"],
    outdir: "out",
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  const names = imports.filter(({ external }) => external).map(({ path }) => packageOfImport(path));
  return [...new Set(names)].filter((name) => !isBuiltin(name) && name !== "electron").sort();
}

function packageOfImport(specifier) {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The lock's paths of what a package depends on, where that is there. */
export function neededPaths(lock, path) {
  const { peerDependencies, optionalDependencies, dependencies } = lock.packages[path];
  return Object.keys({ ...peerDependencies, ...optionalDependencies, ...dependencies })
    .map((name) => resolveFrom(lock, path, name))
    .filter(Boolean);
}

/** Where Node finds a package that another one asks for: beside it, or in a folder above. */
function resolveFrom(lock, path, name) {
  for (let base = path; base !== ""; base = base.slice(0, Math.max(0, base.lastIndexOf("/node_modules/")))) {
    const place = `${base}/node_modules/${name}`;
    if (lock.packages[place]) return place;
  }
  return lock.packages[`node_modules/${name}`] ? `node_modules/${name}` : undefined;
}
