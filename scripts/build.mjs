import { existsSync } from "node:fs";
import { join } from "node:path";
import { hashSources, readBuildStamp, writeBuildStamp } from "./lib/build-stamp.mjs";
import { bundleApplication, entries } from "./lib/bundle.mjs";
import { outputDirectory, root } from "./lib/paths.mjs";
import { hasBundled, reportPackages, writeBundled } from "./lib/supply/bundled.mjs";
import { hasNotices, writeNotices } from "./lib/supply/notices.mjs";
import { note, runAsScript, took } from "./lib/terminal.mjs";
import { setup } from "./setup.mjs";

const common = [
  "shared",
  "package.json",
  "package-lock.json",
  "scripts/lib/bundle.mjs",
  "scripts/lib/supply/bundled.mjs",
  "scripts/build.mjs",
];
const index = join(root, "renderer", "index.html");

/** Builds what changed since the last build: the main process and headless bundles, and the renderer. */
export async function build({ minify = false } = {}) {
  const rebuilt = await Promise.all([
    buildPart(
      "application",
      ["electron", "playground", ...common],
      { minify, entries: presentEntries() },
      applicationIsThere,
      () => bundleApplication({ minify }),
    ),
    buildPart("renderer", ["renderer", ...common], { minify }, rendererIsThere, () => buildRenderer(minify)),
  ]);
  if ((rebuilt.includes(true) || !hasNotices()) && existsSync(index)) writeNotices();
}

/** Answers whether there was something to build. */
async function buildPart(name, sources, options, isThere, work) {
  const stamp = hashSources(sources, options);
  if (readBuildStamp(name) === stamp && isThere()) return false;
  const start = performance.now();
  await work();
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

async function buildRenderer(minify) {
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
  const start = performance.now();
  await setup({ need: ["dependencies"] });
  await build({ minify: options.includes("--minify") });
  note(`the build is up to date (${took(start)})`);
});
