import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "../paths.mjs";
import { packagePath, packagesOfMetafile, unbundledPaths } from "./bundled.mjs";
import { nameOf, readManifestAndLock } from "./lock.mjs";
import { readPackage } from "./notices.mjs";
import { refuseUnfitPackages } from "./release.mjs";
import { billOfMaterials, schemaFaults } from "./sbom.mjs";
import { importedPackages, neededPaths, packagesThatMayShip } from "./shipped.mjs";

const { manifest, lock } = readManifestAndLock();
const mayShip = packagesThatMayShip(lock, await importedPackages());
const time = new Date("2026-03-04T05:06:07Z");

/** The bill of materials of these packages of the checkout. */
function billOf(paths, change = (one) => one) {
  const packages = paths.map(readPackage(lock)).map((one) => ({
    ...one,
    needs: neededPaths(lock, one.path),
    integrity: lock.packages[one.path].integrity,
  }));
  return JSON.parse(billOfMaterials(manifest, packages.map(change), time));
}

describe("the bill of materials", () => {
  it("fits CycloneDX 1.6 with everything that may be shipped and is installed", () => {
    const paths = [...mayShip.keys()].filter((path) => !path.includes("@libsql/"));
    const bom = billOf(paths);
    expect(schemaFaults(bom)).toEqual([]);
    expect(bom).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6" });
    expect(bom.components.map(({ name }) => name).sort()).toEqual(paths.map((path) => nameOf(path)).sort());
  });

  it("names a package with its version, licence, address and checksum, and what it needs", () => {
    const bom = billOf(["node_modules/@xyflow/react", "node_modules/@xyflow/system"]);
    const [flow] = bom.components;
    expect(flow).toMatchObject({
      name: "@xyflow/react",
      version: lock.packages["node_modules/@xyflow/react"].version,
      purl: `pkg:npm/%40xyflow/react@${flow.version}`,
      licenses: [{ license: { id: "MIT" } }],
    });
    const [{ alg, content }] = flow.hashes;
    expect(alg).toBe("SHA-512");
    expect(`sha512-${Buffer.from(content, "hex").toString("base64")}`).toBe(
      lock.packages["node_modules/@xyflow/react"].integrity,
    );
    expect(bom.dependencies).toContainEqual({
      ref: flow["bom-ref"],
      dependsOn: ["node_modules/@xyflow/system"],
    });
  });

  it("names what is inside of a package, also where its version is not known", () => {
    const bom = billOf(["node_modules/electron"], (one) => ({
      ...one,
      download: { address: "https://example.com/electron.zip", sha256: "0".repeat(64) },
      contains: [
        { name: "chromium", version: "140.0.1.2", licence: "BSD-3-Clause", cpe: "google:chrome" },
        { name: "node", version: undefined, licence: "MIT", cpe: "nodejs:node.js" },
      ],
    }));
    const [electron] = bom.components;
    expect(electron.type).toBe("framework");
    expect(electron.components.map(({ cpe }) => cpe)).toEqual([
      "cpe:2.3:a:google:chrome:140.0.1.2:*:*:*:*:*:*:*",
      "cpe:2.3:a:nodejs:node.js:*:*:*:*:*:*:*:*",
    ]);
    expect(electron.externalReferences).toContainEqual(
      expect.objectContaining({
        type: "distribution",
        hashes: [{ alg: "SHA-256", content: "0".repeat(64) }],
      }),
    );
  });

  it("is refused where it does not fit the schema", () => {
    const broken = (one) => ({ ...one, author: { name: "somebody" } });
    expect(() => billOf(["node_modules/ws"], broken)).toThrow(
      /does not fit its schema:\n\/components\/0\/author must be string/,
    );
    expect(
      schemaFaults({ bomFormat: "CycloneDX", specVersion: "1.6", components: [{ name: "ws" }] }),
    ).not.toEqual([]);
  });
});

describe("what a build holds", () => {
  it.each([
    ["node_modules/zod/index.js", "node_modules/zod"],
    ["/x/node_modules/@mantine/core/styles.css?direct", "node_modules/@mantine/core"],
    [
      "../node_modules/@xyflow/react/node_modules/zustand/esm/index.mjs",
      "node_modules/@xyflow/react/node_modules/zustand",
    ],
    ["C:\\x\\node_modules\\ws\\index.js", "node_modules/ws"],
    ["\0vite/preload-helper.js", "node_modules/vite"],
    ["/x/renderer/main.tsx", undefined],
  ])("belongs to a package: %s", (module, path) => {
    expect(packagePath(module)).toBe(path);
  });

  it("counts a package only where something of it is left", async () => {
    const stdin = {
      contents: 'import { z } from "zod"; import { parse } from "yaml"; console.log(parse("a"))',
      resolveDir: root,
    };
    const { metafile } = await build({ stdin, bundle: true, write: false, metafile: true, platform: "node" });
    const packages = packagesOfMetafile(metafile);
    expect(packages).toContain("node_modules/yaml");
    expect(Object.keys(metafile.inputs).join()).toContain("node_modules/zod/");
    expect(packages).not.toContain("node_modules/zod");
  });

  it("is refused where a package got in that no source leads to", () => {
    expect(() =>
      refuseUnfitPackages(lock, ["node_modules/ws", "node_modules/supports-color"], mayShip),
    ).toThrow(/no source leads to: node_modules\/supports-color$/);
  });

  it("is refused with a licence that is not allowed", () => {
    const packages = {
      ...lock.packages,
      "node_modules/ws": { ...lock.packages["node_modules/ws"], license: "GPL-3.0" },
    };
    expect(() => refuseUnfitPackages({ packages }, ["node_modules/ws"], mayShip)).toThrow(/ws \S+: GPL-3\.0/);
  });

  it("has the page's own copy of the notices: electron-builder leaves out what it puts beside the application", () => {
    const { extraResources } = parse(readFileSync(join(root, "electron-builder.yml"), "utf8"));
    const taken = extraResources.map((one) => one.from ?? one);
    expect(taken).toEqual(["out/THIRD-PARTY-NOTICES.txt", "LICENSE"]);
  });

  it("has beside it just the packages that electron-builder takes as they are", () => {
    const { files } = parse(readFileSync(join(root, "electron-builder.yml"), "utf8"));
    const patterns = files.filter((pattern) => pattern.startsWith("node_modules/"));
    const alternatives = patterns.flatMap((pattern) => {
      const [, before, words, after] = /^(.*)\{(.*)\}(.*)$/.exec(pattern) ?? [];
      return words ? words.split(",").map((word) => before + word + after) : [pattern];
    });
    const matchers = alternatives.map(
      (pattern) => new RegExp(`^${pattern.replace(/\/\*\*$/, "").replace("*", "[^/]+")}$`),
    );
    expect(unbundledPaths().every((path) => matchers.some((matcher) => matcher.test(path)))).toBe(true);
    expect(matchers.every((matcher) => unbundledPaths().some((path) => matcher.test(path)))).toBe(true);
  });
});
