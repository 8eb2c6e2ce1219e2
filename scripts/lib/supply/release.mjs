import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "../paths.mjs";
import { run } from "../process.mjs";
import { Failure, note } from "../terminal.mjs";
import { shippedPaths } from "./bundled.mjs";
import { licenceFaults } from "./licences.mjs";
import { readManifestAndLock } from "./lock.mjs";
import { readPackage } from "./notices.mjs";
import { billOfMaterials } from "./sbom.mjs";
import { importedPackages, neededPaths, packagesThatMayShip } from "./shipped.mjs";

/**
 * Writes the bill of materials of the build, with this Electron (`{ executable, version }`), into `dist/`. Throws
 * where the build holds what the sources do not account for, or what must not be shipped.
 */
export async function writeBillOfMaterials(electron) {
  const { manifest, lock } = readManifestAndLock();
  const paths = shippedPaths();
  refuseUnfitPackages(lock, paths, packagesThatMayShip(lock, await importedPackages()));
  const packages = paths.map(readPackage(lock)).map((one) => ({
    ...one,
    needs: neededPaths(lock, one.path),
    integrity: lock.packages[one.path].integrity,
  }));
  const complete = await Promise.all(packages.map((one) => withContents(one, electron)));
  const text = billOfMaterials(manifest, complete);
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(join(root, "dist", "sbom.cdx.json"), text);
  note(`dist/sbom.cdx.json names the ${complete.length} packages that are shipped`);
}

/** Throws where a build holds a package whose licence nothing has looked at, or whose licence is not allowed. */
export function refuseUnfitPackages(lock, paths, mayShip) {
  const unknown = paths.filter((path) => !mayShip.has(path));
  if (unknown.length > 0)
    throw new Failure(`The build holds packages that no source leads to: ${unknown.join(", ")}`);
  const faults = licenceFaults(lock, new Map(paths.map((path) => [path, mayShip.get(path)])));
  if (faults.length > 0) throw new Failure(`These must not be shipped:\n${faults.join("\n")}`);
}

/** Adds what is inside a package and is no package of npm itself. */
async function withContents(one, electron) {
  if (one.name === "electron") return electronWithContents(one, electron);
  return one.path.startsWith("node_modules/@libsql/")
    ? {
        ...one,
        contains: [{ name: "sqlite", version: sqliteVersion(), licence: "blessing", cpe: "sqlite:sqlite" }],
      }
    : one;
}

async function electronWithContents(one, { executable, version }) {
  // The old copy for checks of the packaging is not what the lock names.
  const shipped =
    version === one.version
      ? { ...one, download: downloadOf(version) }
      : { ...one, version, integrity: undefined };
  const { node } = await versionsOf(executable);
  return {
    ...shipped,
    contains: [
      {
        name: "chromium",
        version: chromiumVersion(executable),
        licence: "BSD-3-Clause",
        cpe: "google:chrome",
      },
      { name: "node", version: node, licence: "MIT", cpe: "nodejs:node.js" },
    ],
  };
}

/** Where Electron itself is, which its npm package only fetches, with the checksum that is in that package. */
function downloadOf(version) {
  const name = `electron-v${version}-${process.platform}-${process.arch}.zip`;
  const checksums = JSON.parse(
    readFileSync(join(root, "node_modules", "electron", "checksums.json"), "utf8"),
  );
  return {
    address: `https://github.com/electron/electron/releases/download/v${version}/${name}`,
    sha256: checksums[name],
  };
}

async function versionsOf(executable) {
  const { code, output, standardOutput } = await run(executable, ["-p", "JSON.stringify(process.versions)"], {
    capture: true,
    timeout: 60_000,
    environment: { ELECTRON_RUN_AS_NODE: "1" },
  });
  if (code !== 0) throw new Failure(`${output}\nElectron does not say what it is made of.`);
  return JSON.parse(standardOutput);
}

/** The version in the name that the browser gives itself; Electron tells it only to pages. Undefined where it is not found. */
function chromiumVersion(executable) {
  const framework = "../Frameworks/Electron Framework.framework/Electron Framework";
  const program = [join(dirname(executable), framework), executable].find(existsSync);
  const content = readFileSync(program);
  const mark = Buffer.from("Chrome/");
  for (let at = content.indexOf(mark); at >= 0; at = content.indexOf(mark, at + 1)) {
    const version = /^Chrome\/(\d+(?:\.\d+){3})/.exec(content.toString("latin1", at, at + 40))?.[1];
    if (version) return version;
  }
  return undefined;
}

function sqliteVersion() {
  const Database = createRequire(join(root, "package.json"))("libsql");
  const database = new Database(":memory:");
  try {
    return database.prepare("select sqlite_version() as version").get().version;
  } finally {
    database.close();
  }
}
