import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { modulePath } from "./lib/paths.mjs";
import { run, runInForeground } from "./lib/process.mjs";
import { Failure, heading, runAsScript, warn } from "./lib/terminal.mjs";
import { setup } from "./setup.mjs";

const version = "0.3.1";

/** Where programs that were built for these tests are kept. */
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "switchyard", "interop");

/** How each system's real program is had, and which tests run against it. */
const systems = {
  forge: {
    variable: "SWITCHYARD_JOBS_SERVER",
    tests: ["electron/forge/conformance.test.ts"],
    obtain: obtainJobsServer,
  },
};

/** Runs the conformance tests of a system against its real program; skips loudly where that cannot be had. */
export async function interop(argumentsList) {
  const [name = "forge"] = argumentsList;
  const system = systems[name];
  if (!system) throw new Failure(`unknown system ${name} (known: ${Object.keys(systems).join(", ")})`);
  const program = process.env[system.variable] ?? (await system.obtain());
  if (!program) return 0;
  await setup({ need: ["dependencies"] });
  heading(`Conformance of ${name} against ${program}`);
  return runInForeground(process.execPath, [modulePath("vitest/vitest.mjs"), "run", ...system.tests], {
    environment: { [system.variable]: program },
  });
}

/** Builds the real `jobs-server` with cargo, once; undefined where there is no cargo or no registry. */
async function obtainJobsServer() {
  const folder = join(cache, `forge-jobs-api-${version}`);
  const program = join(folder, "bin", "jobs-server");
  if (existsSync(program)) return program;
  heading(`Build forge-jobs-api ${version} with cargo; this takes minutes the first time`);
  const options = ["install", "forge-jobs-api", "--version", version, "--locked", "--root", folder];
  const { code } = await run("cargo", options);
  if (code === 0 && existsSync(program)) return program;
  warn("SKIPPED: the real jobs-server could not be built (no cargo, or its registry is not reachable).");
  warn("Nothing was compared with a real server. Set SWITCHYARD_JOBS_SERVER to one that is there.");
  return undefined;
}

await runAsScript(import.meta, interop);
