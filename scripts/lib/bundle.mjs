import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { outputDirectory, root } from "./paths.mjs";
import { packagesOfMetafile, writeBundled } from "./supply/bundled.mjs";
import { Failure } from "./terminal.mjs";

/** What esbuild bundles for the main process and for Node: source -> output. */
export const entries = [
  { source: "electron/main/main.ts", output: "main.cjs" },
  { source: "electron/main/preload.ts", output: "preload.cjs", sandboxed: true },
  { source: "electron/app/headless.ts", output: "headless.cjs" },
  { source: "playground/cli.ts", output: "playground.cjs" },
];

// libsql finds its native part by a name it computes, so it stays a package; all else is bundled. What `debug` would
// like to have, and does without, is not to come along only because some tool happens to have brought it.
const external = ["electron", "libsql", "@libsql/*", "supports-color"];

/** What esbuild is told for one of the entries: CommonJS for the Node inside the oldest Electron in use. */
export function bundleOptions({ source, output, sandboxed = false }, { minify = false } = {}) {
  return {
    absWorkingDir: root,
    entryPoints: [source],
    outfile: join(outputDirectory, output),
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node18.15",
    external,
    minify,
    sourcemap: true,
    metafile: true,
    // The notices of the packages are in a file of their own.
    legalComments: "none",
    logLevel: "warning",
    // ESM packages may ask where they are. A sandboxed preload has no Node modules to find that out with.
    ...(sandboxed ? {} : { define: definitions(), banner: { js: moduleUrlBanner } }),
  };
}

function definitions() {
  const builtFor = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies.electron;
  return {
    "import.meta.url": "__moduleUrl",
    __builtAt: JSON.stringify(buildTime()),
    electronBuiltFor: JSON.stringify(builtFor),
  };
}

/** Bundles the entries whose source exists. */
export async function bundleApplication({ minify }) {
  const esbuild = await import("esbuild");
  const present = entries.filter(({ source }) => existsSync(join(root, source)));
  const results = await Promise.allSettled(
    present.map((entry) => esbuild.build(bundleOptions(entry, { minify }))),
  );
  // esbuild itself has said what is wrong, so its stack would only hide that.
  if (results.some(({ status }) => status === "rejected"))
    throw new Failure("The application could not be bundled.");
  writeBundled(
    "application",
    results.flatMap(({ value }) => packagesOfMetafile(value.metafile)),
  );
}

/** The time of the build; whoever repeats a build to compare it gives the first one's as SOURCE_DATE_EPOCH, in seconds. */
function buildTime() {
  const given = process.env.SOURCE_DATE_EPOCH;
  return (given ? new Date(Number(given) * 1000) : new Date()).toISOString();
}

const moduleUrlBanner = 'const __moduleUrl = require("node:url").pathToFileURL(__filename).href;';

/** Bundles one TypeScript file that runs with Node from the checkout (benchmarks, screenshots). */
export async function bundleTool(source, output) {
  const esbuild = await import("esbuild");
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [source],
    outfile: output,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: true,
    logLevel: "warning",
  });
}
