import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { audit } from "./audit.mjs";
import { build } from "./build.mjs";
import { hashSources } from "./lib/build-stamp.mjs";
import { withDisplay } from "./lib/display.mjs";
import { wantedVersion } from "./lib/electron.mjs";
import { root } from "./lib/paths.mjs";
import { isExecutable, run, runInForeground } from "./lib/process.mjs";
import { Failure, heading, note, runAsScript, warn } from "./lib/terminal.mjs";
import { electronPath, sandboxArguments, setup } from "./setup.mjs";

/** Electron before 29 has no place for it, and electron-builder.yml is for both. Pages come from app://, never from files. */
const newerFuses = ["-c.electronFuses.grantFileProtocolExtraPrivileges=false"];
const smokeLimit = 60_000;

/**
 * Builds the installers for this platform, or with --dir only the unpacked application; with --smoke, that and
 * a start of it that has to end well. With --as-built=FOLDER it puts the present build, unpacked, there for the stories.
 * Answers the exit code.
 */
export async function packageApplication(options) {
  const folder = options.find((option) => option.startsWith("--as-built="))?.slice("--as-built=".length);
  if (folder) return packageAsBuilt(resolve(folder));
  const smoke = options.includes("--smoke");
  const unpackedOnly = smoke || options.includes("--dir");
  await setup({
    need: smoke ? ["dependencies", "electron", "display", "nats-server"] : ["dependencies", "electron"],
  });
  const electron = electronPath();
  if (electron.old && !unpackedOnly) {
    throw new Failure(
      `Electron ${wantedVersion()} cannot be downloaded here, and an installer ships nothing older.\n` +
        "To check the packaging without it: npm run package -- --dir",
    );
  }
  await build({ minify: true });
  const { shipped } = await audit();
  if (shipped.length > 0 && !unpackedOnly)
    throw new Failure("Nothing with known faults is shipped: update these packages first (see above).");
  const output = join(root, "dist");
  rmSync(output, { recursive: true, force: true });
  // It needs packages, which are there only when the set-up has run.
  const { writeBillOfMaterials } = await import("./lib/supply/release.mjs");
  await writeBillOfMaterials(electron);
  const code = await runBuilder([
    ...(unpackedOnly ? ["--dir"] : []),
    ...(electron.old ? withOldCopy(electron) : newerFuses),
  ]);
  if (code === 0 && electron.old) removeStarter(output);
  if (code !== 0 || !smoke) return code;
  return smokeTest(unpackedExecutable(output));
}

/** Only when something has changed since the last time; the last line printed is the executable's path. */
async function packageAsBuilt(output) {
  await setup({ need: ["dependencies", "electron"] });
  const electron = electronPath();
  const stampFile = join(output, ".stamp");
  const stamp = hashSources(["out/.build.json", "electron-builder.yml", "scripts/package.mjs"], electron);
  if (!existsSync(stampFile) || readFileSync(stampFile, "utf8") !== stamp) {
    rmSync(output, { recursive: true, force: true });
    const code = await runBuilder([
      "--dir",
      `-c.directories.output=${output}`,
      ...(electron.old
        ? withOldCopy(electron)
        : [`-c.electronDist=${dirname(electron.executable)}`, ...newerFuses]),
    ]);
    if (code !== 0) return code;
    if (electron.old) removeStarter(output);
    writeFileSync(stampFile, stamp);
  }
  console.log(unpackedExecutable(output));
  return 0;
}

function runBuilder(options) {
  const command = fileURLToPath(import.meta.resolve("electron-builder/cli.js"));
  const all = [command, "--config", "electron-builder.yml", "--publish=never", ...options];
  return runInForeground(process.execPath, all);
}

/** The old copy brings what starts an application by its path, which a regular distribution loses on its way. */
function removeStarter(output) {
  rmSync(join(dirname(unpackedExecutable(output)), "resources", "default_app.asar"), { force: true });
}

function withOldCopy({ executable, version }) {
  warn(
    `PACKAGING CHECK ONLY: this uses Electron ${version}, which is old; do not give the result to anybody`,
  );
  return [`-c.electronDist=${dirname(executable)}`, `-c.electronVersion=${version}`];
}

function unpackedExecutable(output) {
  const places = readdirSync(output).flatMap((directory) =>
    ["switchyard", "Switchyard.exe", "Switchyard.app/Contents/MacOS/Switchyard"].map((name) =>
      join(output, directory, name),
    ),
  );
  const found = places.find((path) => existsSync(path) && isExecutable(path));
  if (!found) throw new Failure(`electron-builder left no executable in ${output}`);
  return found;
}

async function smokeTest(executable) {
  heading("Start of the packaged application");
  const work = mkdtempSync(join(tmpdir(), "switchyard-smoke-"));
  try {
    // Away from the checkout, whose node_modules would stand in for anything the package lacks.
    const distribution = join(root, "dist", relative(join(root, "dist"), executable).split(sep)[0]);
    const copy = join(work, "application");
    cpSync(distribution, copy, { recursive: true, verbatimSymlinks: true });
    const data = join(work, "data");
    const { code, output } = await withDisplay((display) =>
      run(
        join(copy, relative(distribution, executable)),
        [...sandboxArguments(), "--smoke", `--user-data-dir=${data}`],
        {
          cwd: work,
          capture: true,
          timeout: smokeLimit,
          environment: { ...display, XDG_CONFIG_HOME: data, XDG_DATA_HOME: data },
        },
      ),
    );
    if (code !== 0) console.log(output);
    note(code === 0 ? "it started and ended well" : `it ended with ${code}`);
    return code;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

await runAsScript(import.meta, packageApplication);
