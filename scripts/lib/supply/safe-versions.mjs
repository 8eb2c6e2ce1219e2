import semver from "semver";
import { nameOf } from "./lock.mjs";

/**
 * The first versions without what is publicly known against the packages that face other machines. It is looked at
 * without a network, so that no change of the lock brings an old fault back unnoticed; for everything newer there is
 * `npm run audit`.
 */
const firstSafeVersions = {
  "@hono/node-server": "1.19.15",
  hono: "4.13.5",
  "react-router": "7.18.2",
  ws: "8.21.1",
};

/** The entries of the lock that are older than the first safe version: a line for each. */
export function unsafeVersions(lock, safe = firstSafeVersions) {
  return Object.entries(lock.packages).flatMap(([path, entry]) => {
    const least = path === "" ? undefined : safe[nameOf(path, entry)];
    if (!least || semver.gte(entry.version, least)) return [];
    return [`${path.replace(/^node_modules\//, "")} ${entry.version}: known faults are mended in ${least}`];
  });
}
