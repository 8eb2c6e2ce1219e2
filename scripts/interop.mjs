import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cargoProgram } from "./lib/interop/cargo.mjs";
import { goProgram } from "./lib/interop/go.mjs";
import { countsOf, writeResult } from "./lib/interop/results.mjs";
import { valkeyServer } from "./lib/interop/valkey.mjs";
import { modulePath, root } from "./lib/paths.mjs";
import { runInForeground } from "./lib/process.mjs";
import { Failure, heading, note, runAsScript, warn } from "./lib/terminal.mjs";
import { setup } from "./setup.mjs";

/** How each system's real program is had, what it is, and which tests run against it. */
const systems = {
  lattice: {
    variable: "SWITCHYARD_WASMCLOUD_HOST",
    versions: "wasmCloud host 1.9.2 (crate wasmcloud-host 0.27.1)",
    tests: ["electron/tests/lattice/real-recorded.test.ts", "electron/tests/lattice/real.test.ts"],
    obtain: () =>
      cargoProgram({
        name: "wasmcloud-host",
        program: "switchyard-interop-host",
        version: "0.27.1",
        options: ["--path", "interop/wasmcloud-host"],
        environment: { RUSTC_WRAPPER: join(root, "interop", "wasmcloud-host", "rustc.sh") },
      }),
    missing: "no cargo, or its registry is not reachable",
  },
  flux: {
    variable: "SWITCHYARD_FLUXD",
    versions: "daemon of the Flux module 1.25.4 over a made-up cluster",
    tests: ["electron/tests/flux/real-recorded.test.ts", "electron/tests/flux/real.test.ts"],
    obtain: () => goProgram({ folder: "interop/flux", version: "1.25.4" }),
    missing: "no Go, or its module proxy is not reachable",
  },
  flowfabric: {
    variable: "SWITCHYARD_FF_SERVER",
    versions: "ff-server 0.15.0",
    tests: ["electron/tests/flowfabric/real.test.ts"],
    obtain: () =>
      cargoProgram({
        name: "ff-server",
        program: "ff-server",
        version: "0.15.0",
        options: ["--features", "observability"],
      }),
    missing: "no cargo, or its registry is not reachable",
    environment: storeOfFlowFabric,
  },
  forge: {
    variable: "SWITCHYARD_JOBS_SERVER",
    versions: "jobs-server 0.3.7 on SQLite",
    tests: ["electron/forge/recordings.test.ts", "electron/forge/client/conformance.test.ts"],
    obtain: () => cargoProgram({ name: "forge-jobs-api", program: "jobs-server", version: "0.3.7" }),
    missing: "no cargo, or its registry is not reachable",
  },
};

/** Runs the tests of a system, or of all, against the real program; skips loudly what cannot be had. */
export async function interop(argumentsList) {
  const names = argumentsList.length > 0 ? argumentsList : Object.keys(systems);
  const unknown = names.filter((name) => !Object.hasOwn(systems, name));
  if (unknown.length > 0)
    throw new Failure(`unknown system ${unknown.join(", ")} (known: ${Object.keys(systems).join(", ")})`);
  await setup({ need: ["dependencies", "nats-server"] });
  let worst = 0;
  for (const name of names) worst = Math.max(worst, await compare(name, systems[name]));
  return worst;
}

async function compare(name, system) {
  const program = process.env[system.variable] ?? (await system.obtain());
  if (!program) {
    warn(`SKIPPED ${name}: its real program cannot be built here (${system.missing}).`);
    warn(`Nothing was compared with a real one. Set ${system.variable} to a program that is there.`);
    return 0;
  }
  const more = (await system.environment?.()) ?? { variables: {}, versions: "" };
  heading(`${name} against ${program}`);
  const folder = mkdtempSync(join(tmpdir(), "switchyard-interop-"));
  try {
    const report = join(folder, "report.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const code = await runInForeground(
      process.execPath,
      [modulePath("vitest/vitest.mjs"), "run", ...reporters, ...system.tests],
      { environment: { [system.variable]: program, ...more.variables } },
    );
    const counts = countsOf(report);
    if (counts) writeResult({ name, versions: `${system.versions}${more.versions}`, ...counts });
    if (counts) note(`docs/interop.md has the result: ${counts.passed} passed, ${counts.failed} failed`);
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function storeOfFlowFabric() {
  const valkey = await valkeyServer();
  if (valkey) return { variables: { SWITCHYARD_VALKEY: valkey }, versions: " on Valkey and SQLite" };
  warn(
    "SKIPPED: there is no Valkey here; ff-server runs on SQLite alone. Set SWITCHYARD_VALKEY to a valkey-server.",
  );
  return { variables: {}, versions: " on SQLite" };
}

await runAsScript(import.meta, interop);
