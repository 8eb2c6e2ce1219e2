import satisfies from "spdx-satisfies";
import { nameOf } from "./lock.mjs";

/** The licences under which a package may be shipped, and why each is fit for an application under MIT. */
const allowedLicences = {
  MIT: "permissive; its text is in the notices",
  ISC: "permissive; its text is in the notices",
  "0BSD": "permissive, asks for nothing",
  "BSD-2-Clause": "permissive; its text is in the notices",
  "BSD-3-Clause": "permissive; its text is in the notices",
  "Apache-2.0": "permissive; its text and any NOTICE file are in the notices",
  "CC0-1.0": "given to the public domain",
  Unlicense: "given to the public domain",
  "OFL-1.1": "fonts: may be bundled, not sold by themselves; the text is in the notices",
  "EPL-2.0":
    "weak copyleft by file: such files are shipped unchanged, and the notices say where their source is",
};

/**
 * The packages whose licence does not allow to ship them, or is not known: a line for each, with what needs it.
 * `packages` are paths of the lock, each with the names that lead to it.
 */
export function licenceFaults(lock, packages, allowed = Object.keys(allowedLicences)) {
  return [...packages].flatMap(([path, chain]) => {
    const entry = lock.packages[path];
    if (isAllowed(entry.license, allowed)) return [];
    const needed = chain.length > 1 ? `needed by ${chain.slice(0, -1).join(" > ")}` : "used by the sources";
    return [`${nameOf(path, entry)} ${entry.version}: ${entry.license ?? "no licence is told"} (${needed})`];
  });
}

function isAllowed(expression, allowed) {
  try {
    return satisfies(expression, allowed);
  } catch {
    // No SPDX expression: "SEE LICENSE IN ...", "UNLICENSED", or nothing at all.
    return false;
  }
}
