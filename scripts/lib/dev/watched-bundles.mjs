import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleOptions, entries } from "../bundle.mjs";
import { developmentFile, root } from "../paths.mjs";

const bundled = new URL("./bundled/", import.meta.url);
const fileOf = (name) => fileURLToPath(new URL(name, bundled));

/**
 * Bundles these outputs of the application into .cache/dev, and again after each change of a source. `onBuilt` is called
 * after each round in which all of them could be built. Answers what ends it.
 */
export async function watchBundles(outputs, { remotePlayground, onBuilt }) {
  const esbuild = await import("esbuild");
  const state = new Map(outputs.map((output) => [output, false]));
  const report = (output) => ({
    name: "report",
    setup: (build) =>
      build.onEnd(({ errors }) => {
        state.set(output, errors.length === 0);
        if ([...state.values()].every(Boolean)) onBuilt();
      }),
  });
  const contexts = await Promise.all(
    entries
      .filter(({ output }) => outputs.includes(output))
      .map((entry) =>
        esbuild.context({
          ...bundleOptions(entry),
          outfile: developmentFile(entry.output),
          inject: entry.output === "main.cjs" ? [fileOf("window-page.mjs")] : [],
          plugins: [...(remotePlayground ? [replacePlayground] : []), report(entry.output)],
        }),
      ),
  );
  await Promise.all(contexts.map((context) => context.watch()));
  return async () => {
    await Promise.all(contexts.map((context) => context.dispose()));
    await esbuild.stop();
  };
}

/** What starts the systems in the product finds those that run in a process of their own already. */
const replacePlayground = {
  name: "remote-playground",
  setup: (build) =>
    build.onResolve({ filter: /\/playground\/(control|other-systems|playground)\.ts$/ }, ({ importer }) =>
      importer.startsWith(join(root, "electron")) ? { path: fileOf("remote-playground.mjs") } : undefined,
    ),
};
