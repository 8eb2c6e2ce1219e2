import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readManifestAndLock } from "./lock.mjs";
import { noticesText, readPackage } from "./notices.mjs";

let base;
const lock = { packages: {} };
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "switchyard-notices-"));
  lock.packages = {};
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** Lays out an installed package, and names it in the lock. */
function install(name, { license = "MIT", files = {}, ...manifest }) {
  const path = `node_modules/${name}`;
  lock.packages[path] = { version: "1.0.0", license };
  mkdirSync(join(base, path), { recursive: true });
  writeFileSync(join(base, path, "package.json"), JSON.stringify({ name, ...manifest }));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(base, path, file), text);
}

function notices() {
  return noticesText("Product", Object.keys(lock.packages).map(readPackage(lock, base)));
}

describe("third-party notices", () => {
  it("hold a text once, with every package that it belongs to, however its lines are laid out", () => {
    install("a", { files: { LICENSE: "Copyright X.\nDo as you like." } });
    install("b", { files: { "license.md": "Copyright X. Do as\r\nyou like." } });
    install("c", { files: { LICENCE: "Copyright Y. Do as you like." } });
    const text = notices();
    expect(text.match(/Copyright X/g)).toHaveLength(1);
    expect(text).toMatch(/={76}\na 1\.0\.0 \(MIT\)\nb 1\.0\.0 \(MIT\)\n\nCopyright X/);
    expect(text).toContain("Copyright Y");
  });

  it("hold NOTICE files beside the licence, and no code that is called so", () => {
    install("a", {
      license: "Apache-2.0",
      files: { LICENSE: "the licence", NOTICE: "the notice", "license.js": "code()" },
    });
    const text = notices();
    expect(text).toContain("the licence\n\nthe notice");
    expect(text).not.toContain("code()");
  });

  it("name the author and the source of the text for a package without a licence file", () => {
    install("bare", { license: "(MIT OR CC0-1.0)", author: { name: "Someone" } });
    const text = notices();
    expect(text).toContain("bare brings no licence file. It says of itself: (MIT OR CC0-1.0), by Someone.");
    expect(text).toContain("https://spdx.org/licenses/MIT.html, https://spdx.org/licenses/CC0-1.0.html");
  });

  it.each([
    ["git+https://github.com/o/r.git", "https://github.com/o/r"],
    ["git://github.com/o/r.git", "https://github.com/o/r"],
    ["git@github.com:o/r.git", "https://github.com/o/r"],
    ["o/r", "https://github.com/o/r"],
    ["github:o/r", "https://github.com/o/r"],
  ])("say where the source is: %s", (url, address) => {
    install("a", { repository: { url } });
    expect(notices()).toContain(`a 1.0.0 (MIT)\n  ${address}\n`);
  });

  it("say of elkjs, of Electron and of SQLite what their licences ask for", () => {
    const { lock: own } = readManifestAndLock();
    const text = noticesText("Product", ["node_modules/elkjs", "node_modules/vite"].map(readPackage(own)));
    expect(text.replace(/\s+/g, " ")).toMatch(
      /elkjs is used under the EPL-2\.0 .*unchanged\. Its source, .* is at https:\/\/github\.com\/kieler\/elkjs/,
    );
    expect(text).toContain("Eclipse Public License");
    expect(text).toContain("LICENSES.chromium.html");
    expect(text).toContain("SQLite");
    // Of a bundler a few lines are shipped, and nothing that it is made of.
    expect(text).not.toContain("Licenses of bundled dependencies");
  });
});
