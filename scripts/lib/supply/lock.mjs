import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";

const dependencyKinds = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/** What mends a lock that is out of step, without installing anything. */
export const mendingCommand = "npm install --package-lock-only --ignore-scripts";

/** package.json and package-lock.json as they stand in the checkout. */
export function readManifestAndLock() {
  const read = (name) => JSON.parse(readFileSync(join(root, name), "utf8"));
  return { manifest: read("package.json"), lock: read("package-lock.json") };
}

/** The name of the package that a lock keeps under this path. */
export function nameOf(path, entry) {
  return entry?.name ?? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

/** Where package.json and the lock disagree: a line for each package. */
export function lockDifferences(manifest, lock) {
  return dependencyKinds.flatMap((kind) => {
    const wanted = manifest[kind] ?? {};
    const locked = lock.packages[""]?.[kind] ?? {};
    const names = [...new Set([...Object.keys(wanted), ...Object.keys(locked)])].sort();
    return names.flatMap((name) => difference(name, wanted[name], locked[name], lock));
  });
}

function difference(name, wanted, locked, lock) {
  if (wanted === undefined) return [`${name}: not in package.json, but ${locked} in package-lock.json`];
  if (locked === undefined) return [`${name}: ${wanted} in package.json, not in package-lock.json`];
  if (wanted !== locked) return [`${name}: ${wanted} in package.json, but ${locked} in package-lock.json`];
  const installed = lock.packages[`node_modules/${name}`]?.version;
  // Versions are pinned exactly, so what the lock would install has to be that very version.
  if (installed === wanted || !/^\d/.test(wanted)) return [];
  return [
    `${name}: ${wanted} in package.json, but package-lock.json would install ${installed ?? "nothing"}`,
  ];
}

/**
 * Entries of the lock that npm could not check, or would fetch from somewhere else than the configured registry:
 * a line for each.
 */
export function unverifiableEntries(lock) {
  return Object.entries(lock.packages).flatMap(([path, entry]) => {
    if (path === "") return [];
    const name = nameOf(path, entry);
    if (entry.link) return [`${name}: a link to ${entry.resolved}, not a package of the registry`];
    if (entry.resolved) return [`${name}: names the address that it comes from`];
    // What is inside the archive of another package is covered by the checksum of that one.
    if (!entry.inBundle && !/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity ?? ""))
      return [`${name}: has no SHA-512 checksum`];
    return [];
  });
}
