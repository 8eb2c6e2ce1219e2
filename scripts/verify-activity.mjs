import { join, resolve } from "node:path";
import { outputFile, root } from "./lib/paths.mjs";
import { runInForeground } from "./lib/process.mjs";
import { runAsScript } from "./lib/terminal.mjs";
import { setup } from "./setup.mjs";

/** Checks the hash chain of an exported activity log, and with `--key FILE` its seal. */
export async function verifyActivity(argumentsList) {
  await setup({ need: ["dependencies"] });
  const { build } = await import("esbuild");
  const outfile = outputFile("verify-activity.cjs");
  await build({
    entryPoints: [join(root, "electron/app/verify-activity.ts")],
    outfile,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node18.15",
    logLevel: "warning",
  });
  const absolute = argumentsList.map((each) => (each.startsWith("--") ? each : resolve(each)));
  return runInForeground(process.execPath, [outfile, ...absolute]);
}

await runAsScript(import.meta, verifyActivity);
