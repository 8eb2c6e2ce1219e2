import { describe, expect, it } from "vitest";
import { licenceFaults } from "./licences.mjs";
import { readManifestAndLock } from "./lock.mjs";
import { unsafeVersions } from "./safe-versions.mjs";
import { importedPackages, packagesThatMayShip } from "./shipped.mjs";

const { lock } = readManifestAndLock();
const imported = await importedPackages();

/** The lock with one entry changed. */
function withEntry(name, change) {
  const path = `node_modules/${name}`;
  return { ...lock, packages: { ...lock.packages, [path]: { ...lock.packages[path], ...change } } };
}

describe("licences of what is shipped", () => {
  it("are all allowed", () => {
    expect(licenceFaults(lock, packagesThatMayShip(lock, imported))).toEqual([]);
  });

  it.each([
    "GPL-3.0-only",
    "MIT AND AGPL-3.0-only",
    "SEE LICENSE IN LICENSE.txt",
    "UNLICENSED",
    "",
    undefined,
  ])("refuse %s of a package that another one brings, and say which", (license) => {
    const changed = withEntry("d3-ease", { license });
    const [fault, ...more] = licenceFaults(changed, packagesThatMayShip(changed, imported));
    expect(more).toEqual([]);
    expect(fault).toMatch(
      /^d3-ease \S+: .*needed by @xyflow\/react > @xyflow\/system > d3-zoom > d3-transition\)$/,
    );
  });

  it("refuse one of a package that only the page uses", () => {
    const changed = withEntry("uplot", { license: "CC-BY-NC-4.0" });
    expect(licenceFaults(changed, packagesThatMayShip(changed, imported))).toEqual([
      expect.stringMatching(/^uplot .*used by the sources/),
    ]);
  });

  it("take a choice of licences, of which one is allowed", () => {
    const changed = withEntry("uplot", { license: "GPL-2.0-only OR MIT" });
    expect(licenceFaults(changed, packagesThatMayShip(changed, imported))).toEqual([]);
  });

  it("do not bind what only builds", () => {
    const changed = withEntry("lightningcss", { license: "GPL-3.0-only" });
    expect(licenceFaults(changed, packagesThatMayShip(changed, imported))).toEqual([]);
  });
});

describe("what may be shipped", () => {
  it("holds what the page imports, although package.json lists it for development", () => {
    expect(imported).toEqual(
      expect.arrayContaining(["@mantine/core", "elkjs", "hono", "libsql", "nats", "react", "uplot"]),
    );
  });

  it("holds Electron and the native parts for all platforms, and no test runner", () => {
    const names = [...packagesThatMayShip(lock, imported).keys()];
    expect(names).toEqual(
      expect.arrayContaining([
        "node_modules/electron",
        "node_modules/@libsql/darwin-arm64",
        "node_modules/@libsql/win32-x64-msvc",
        "node_modules/@xyflow/react/node_modules/zustand",
      ]),
    );
    expect(names).not.toContain("node_modules/vitest");
  });
});

describe("versions with known faults", () => {
  it("are not in the lock", () => {
    expect(unsafeVersions(lock)).toEqual([]);
  });

  it.each([
    ["ws", "8.21.0"],
    ["hono", "4.13.4"],
    ["@hono/node-server", "1.19.14"],
    ["react-router", "7.18.1"],
  ])("are named: %s %s", (name, version) => {
    expect(unsafeVersions(withEntry(name, { version }))).toEqual([
      expect.stringContaining(`${name} ${version}`),
    ]);
  });

  it("are found in a copy that another package brings", () => {
    const packages = { ...lock.packages, "node_modules/nats/node_modules/ws": { version: "7.0.0" } };
    expect(unsafeVersions({ packages })).toEqual([expect.stringContaining("nats/node_modules/ws 7.0.0")]);
  });
});
