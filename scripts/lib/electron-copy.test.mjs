import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { copyVersion, isUnchanged } from "./electron-copy.mjs";
import { starterArchive } from "./electron-starter.mjs";
import { treeDigest } from "./tree-digest.mjs";

let directory;
let digest;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-copy-"));
  mkdirSync(join(directory, "resources"));
  mkdirSync(join(directory, "locales"));
  writeFileSync(join(directory, "electron"), Buffer.alloc(3_000_000, "machine code"));
  writeFileSync(join(directory, "libffmpeg.so"), "a library");
  writeFileSync(join(directory, "locales/de.pak"), "texts");
  writeFileSync(join(directory, "version"), copyVersion);
  writeFileSync(join(directory, "resources/default_app.asar"), starterArchive());
  digest = treeDigest(directory, ["version", "resources/default_app.asar"]);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it("takes a copy that is what was fetched, wherever it lies", () => {
  expect(isUnchanged(directory, digest)).toBe(true);
  const elsewhere = `${directory}-elsewhere`;
  renameSync(directory, elsewhere);
  directory = elsewhere;
  expect(isUnchanged(directory, digest)).toBe(true);
});

it.each([
  ["the executable", () => appendFileSync(join(directory, "electron"), "more")],
  ["a library", () => writeFileSync(join(directory, "libffmpeg.so"), "b library")],
  ["what it starts with", () => appendFileSync(join(directory, "resources/default_app.asar"), " ")],
  ["its version", () => writeFileSync(join(directory, "version"), "45.4.1")],
  ["the name of a file", () => cpSync(join(directory, "locales/de.pak"), join(directory, "locales/en.pak"))],
  ["a file that is gone", () => rmSync(join(directory, "locales/de.pak"))],
  [
    "a library that became a link",
    () => {
      rmSync(join(directory, "libffmpeg.so"));
      symlinkSync("/usr/lib/libffmpeg.so", join(directory, "libffmpeg.so"));
    },
  ],
  // Electron runs it before its own default.
  [
    "an application put into it",
    () => {
      mkdirSync(join(directory, "resources/app"));
      writeFileSync(join(directory, "resources/app/main.js"), "");
    },
  ],
  ["everything", () => rmSync(directory, { recursive: true })],
])("refuses one in which changed: %s", (_what, change) => {
  change();
  expect(isUnchanged(directory, digest)).toBe(false);
});
