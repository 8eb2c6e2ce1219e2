import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashSources, readBuildStamp, writeBuildStamp } from "./lib/build-stamp.mjs";
import { bundleApplication, entries } from "./lib/bundle.mjs";
import { outputDirectory, root } from "./lib/paths.mjs";
import { run } from "./lib/process.mjs";
import { hasBundled, reportPackages, writeBundled } from "./lib/supply/bundled.mjs";
import { hasNotices, writeNotices } from "./lib/supply/notices.mjs";
import { Failure, note, runAsScript, took } from "./lib/terminal.mjs";
import { setup } from "./setup.mjs";

const common = [
  "shared",
  "package.json",
  "package-lock.json",
  "scripts/lib/bundle.mjs",
  "scripts/lib/supply/bundled.mjs",
  "scripts/build.mjs",
];
const builder = fileURLToPath(import.meta.url);
const index = join(root, "renderer", "index.html");

const parts = {
  application: {
    sources: ["electron", "playground", ...common],
    options: ({ minify }) => ({ minify, entries: presentEntries() }),
    isThere: applicationIsThere,
    work: bundleApplication,
  },
  renderer: {
    sources: ["renderer", ...common],
    options: ({ minify }) => ({ minify }),
    isThere: rendererIsThere,
    work: buildRenderer,
  },
};

/** Builds what changed since the last build: the main process and headless bundles, and the renderer. */
export async function build({ minify = false, only = Object.keys(parts) } = {}) {
  const rebuilt = await Promise.all(only.map((name) => buildPart(name, { minify })));
  if ((rebuilt.includes(true) || !hasNotices()) && Object.keys(parts).every(hasBundled)) writeNotices();
}

/**
 * Answers whether there was something to build. It is built in a process of its own, which ends: who asks goes on to run
 * what was built, and a bundler that was ever loaded would stay in its memory until the end.
 */
async function buildPart(name, options) {
  const { sources, options: optionsOf, isThere } = parts[name];
  const stamp = hashSources(sources, optionsOf(options));
  if (readBuildStamp(name) === stamp && isThere()) return false;
  const start = performance.now();
  const minify = options.minify ? ["--minify"] : [];
  const { code } = await run(process.execPath, [builder, `--part=${name}`, ...minify]);
  if (code !== 0) throw new Failure(`The ${name} could not be built.`);
  writeBuildStamp(name, stamp);
  note(`built the ${name} (${took(start)})`);
  return true;
}

function presentEntries() {
  return entries.filter(({ source }) => existsSync(join(root, source))).map(({ output }) => output);
}

function applicationIsThere() {
  return (
    hasBundled("application") && presentEntries().every((output) => existsSync(join(outputDirectory, output)))
  );
}

function rendererIsThere() {
  return (
    !existsSync(index) ||
    (hasBundled("renderer") && existsSync(join(outputDirectory, "renderer", "index.html")))
  );
}

async function buildRenderer({ minify }) {
  if (!existsSync(index)) return;
  const vite = await import("vite");
  await vite.build({
    configFile: join(root, "renderer", "vite.config.ts"),
    configLoader: "runner",
    logLevel: "warn",
    mode: "production",
    plugins: [reportPackages((packages) => writeBundled("renderer", packages))],
    build: { minify: minify ? "oxc" : false },
  });
}

await runAsScript(import.meta, async (options) => {
  const minify = options.includes("--minify");
  const part = options.find((option) => option.startsWith("--part="))?.slice("--part=".length);
  if (part) return parts[part].work({ minify });
  const start = performance.now();
  await setup({ need: ["dependencies"] });
  await build({ minify });
  note(`the build is up to date (${took(start)})`);
});
