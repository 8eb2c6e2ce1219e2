import { describe, expect, it } from "vitest";
import { refuseBadLock } from "../dependencies.mjs";
import { mendingCommand, readManifestAndLock, unverifiableEntries } from "./lock.mjs";

/** The checkout's own two files, to be changed by a test. */
const files = () => readManifestAndLock();

describe("a lock that is out of step stops the set-up", () => {
  it("takes the files of the checkout as they are", () => {
    const { manifest, lock } = files();
    expect(() => refuseBadLock(manifest, lock)).not.toThrow();
  });

  it.each([
    [
      "a raised version",
      ({ manifest }) => (manifest.dependencies.hono = "4.99.0"),
      /hono: 4\.99\.0 in package\.json, but 4/,
    ],
    [
      "a new package",
      ({ manifest }) => (manifest.devDependencies.leftpad = "1.0.0"),
      /leftpad: 1\.0\.0 in package\.json, not in/,
    ],
    ["a removed package", ({ manifest }) => delete manifest.dependencies.ws, /ws: not in package\.json, but/],
    [
      "a lock that repeats the version but installs another",
      ({ lock }) => (lock.packages["node_modules/ws"].version = "8.0.0"),
      /ws: .* in package\.json, but package-lock\.json would install 8\.0\.0/,
    ],
    [
      "a lock that lacks the package itself",
      ({ lock }) => delete lock.packages["node_modules/zod"],
      /zod: .* would install nothing/,
    ],
  ])("names the package and the command that mends it: %s", (_, change, message) => {
    const { manifest, lock } = files();
    change({ manifest, lock });
    expect(() => refuseBadLock(manifest, lock)).toThrow(message);
    expect(() => refuseBadLock(manifest, lock)).toThrow(mendingCommand);
  });
});

describe("what npm could not check stops the set-up", () => {
  it("finds a SHA-512 checksum for every package of the checkout, and no address", () => {
    const { lock } = files();
    expect(unverifiableEntries(lock)).toEqual([]);
    expect(Object.keys(lock.packages).length).toBeGreaterThan(500);
  });

  it.each([
    ["no checksum", (entry) => delete entry.integrity],
    ["a weak checksum", (entry) => (entry.integrity = "sha1-YmFzZTY0YmFzZTY0YmFzZTY0YmE=")],
    ["a checksum cut short", (entry) => (entry.integrity = "sha512-AAAA")],
    ["an address", (entry) => (entry.resolved = "http://203.0.113.7/ws.tgz")],
    ["an address of a repository", (entry) => (entry.resolved = "git+ssh://git@example.com/ws.git#0123")],
    ["a link to a folder", (entry) => Object.assign(entry, { link: true, resolved: "../ws" })],
  ])("refuses an entry with %s, by name", (_, change) => {
    const { manifest, lock } = files();
    change(lock.packages["node_modules/ws"]);
    expect(() => refuseBadLock(manifest, lock)).toThrow(/could not be checked.*:\n {2}ws: /);
  });

  it("takes what the archive of another package brings", () => {
    const { lock } = files();
    const { integrity: _, ...entry } = lock.packages["node_modules/ws"];
    lock.packages["node_modules/libsql/node_modules/ws"] = { ...entry, inBundle: true };
    expect(unverifiableEntries(lock)).toEqual([]);
  });
});
