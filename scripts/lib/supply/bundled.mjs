import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { outputFile, root } from "../paths.mjs";
import { Failure } from "../terminal.mjs";

/** What bundlers add by themselves, by what their virtual modules are called. */
const virtualModules = [
  { prefix: "\0vite/", path: "node_modules/vite" },
  { prefix: "\0rolldown/", path: "node_modules/rolldown" },
];

/** The bundlers: a few lines of their own get into what they write, and nothing of what they are made of. */
export const bundlers = [...virtualModules.map(({ path }) => path), "node_modules/esbuild"];

/** Where a build keeps which packages it put into one of its parts. */
const listOf = (part) => outputFile(".bundled", `${part}.json`);

/** Remembers the packages of a part of the build. */
export function writeBundled(part, paths) {
  mkdirSync(dirname(listOf(part)), { recursive: true });
  writeFileSync(listOf(part), `${JSON.stringify([...new Set(paths)].sort(), null, 2)}\n`);
}

/** Says whether a build has remembered the packages of this part. */
export function hasBundled(part) {
  return existsSync(listOf(part));
}

/** The lock's paths of all packages in the build, of the native modules that stay beside it, and of Electron. */
export function shippedPaths() {
  const bundled = ["application", "renderer"].flatMap((part) =>
    JSON.parse(readFileSync(listOf(part), "utf8")),
  );
  return [...new Set([...bundled, ...unbundledPaths(), "node_modules/electron"])].sort();
}

/** The packages that electron-builder.yml takes as they are: libsql finds its native part by a name it computes. */
export function unbundledPaths() {
  const native = readdirSync(join(root, "node_modules", "@libsql")).filter((name) => !name.includes("musl"));
  return ["libsql", "detect-libc", "@neon-rs/load", ...native.map((name) => `@libsql/${name}`)].map(
    (name) => `node_modules/${name}`,
  );
}

/** The packages in what esbuild wrote: only those of which something is left. esbuild's own helpers are among it. */
export function packagesOfMetafile({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => packagePath(file));
  return [...used.filter(Boolean), "node_modules/esbuild"];
}

/** A plugin of Vite that says which packages are in what it wrote: scripts, style sheets, fonts, and files taken whole. */
export function reportPackages(report) {
  return {
    name: "report-packages",
    generateBundle(_, bundle) {
      report(Object.values(bundle).flatMap(sourcesOf).map(packagePath).filter(Boolean));
    },
  };
}

function sourcesOf(file) {
  if (file.type === "chunk")
    return Object.entries(file.modules).flatMap(([id, { renderedLength }]) =>
      // A style sheet leaves its script empty.
      renderedLength > 0 || /\.css($|\?)/.test(id) ? [id] : [],
    );
  const sources = file.originalFileNames;
  // A style sheet is made of modules that a chunk names, and maps are not shipped; all else has to say where it is from.
  if (sources.length === 0 && !/\.(css|map)$/.test(file.fileName))
    throw new Failure(`The page's ${file.fileName} does not say what it was made of.`);
  return sources;
}

/** The lock's path of the package that a module belongs to; undefined for the project's own. */
export function packagePath(module) {
  const virtual = virtualModules.find(({ prefix }) => module.startsWith(prefix));
  if (virtual) return virtual.path;
  const path = module.replaceAll("\\", "/").split("?")[0];
  return /(?:^|\/)(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}
