import { lstatSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { TargetSettings } from "../../shared/connections/schema.ts";
import { Failure } from "../../shared/contract/index.ts";
import { expandHome, localPathHint, pathProblem } from "./files.ts";

/** A file that settings name: the field, and what is in it. */
interface NamedFile {
  field: string;
  path: string;
}

/** The files that settings name. By the fields' names, so that a field of a system that comes later is not forgotten. */
export function filesOf(settings: TargetSettings): NamedFile[] {
  return filesIn(settings.target, "target");
}

function filesIn(value: unknown, field: string): NamedFile[] {
  if (typeof value === "string")
    return /(^f|F)ile$/.test(field.split(".").at(-1) ?? "") ? [{ field, path: value }] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => filesIn(inner, `${field}.${name}`));
}

/** Throws `invalid_input` for paths that nobody may name. */
export function requireLocalFiles(settings: TargetSettings): void {
  for (const { field, path } of filesOf(settings)) {
    const problem = pathProblem(path);
    if (problem === undefined) continue;
    throw new Failure({
      code: "invalid_input",
      message: `${field}: the file ${problem}.`,
      details: { fields: [{ path: field, message: problem }], delivered: false },
      hint: localPathHint,
    });
  }
}

/**
 * Throws `forbidden` for files that a caller over HTTP may not name: those outside of a folder, unless the connection was
 * saved with just this file and leads where it led. Whether there is such a file is not told.
 */
export function requireOfferedFiles(
  settings: TargetSettings,
  { folder, saved }: { folder: string; saved: TargetSettings | undefined },
): void {
  const top = resolve(expandHome(folder));
  const known = saved && sameAddresses(settings, saved) ? filesOf(saved) : [];
  for (const { field, path } of filesOf(settings)) {
    if (known.some((file) => file.field === field && file.path === path)) continue;
    if (isBelow(top, path)) continue;
    throw new Failure({
      code: "forbidden",
      message: `${field}: over HTTP, only files below ${top} may be named.`,
      details: { fields: [{ path: field, message: `not below ${top}` }], delivered: false },
      hint: `Put the file there and give its whole path, or choose another folder with --files when Switchyard is started.`,
    });
  }
}

function sameAddresses(a: TargetSettings, b: TargetSettings): boolean {
  return a.system === b.system && isDeepStrictEqual(addressesOf(a), addressesOf(b));
}

function addressesOf({ system, target }: TargetSettings): unknown[] {
  switch (system) {
    case "lattice":
      return target.addresses;
    case "flowfabric":
      return [target.url, target.valkey?.addresses];
    case "forge":
      return [target.url];
    case "flux":
      return [target.host, target.port];
  }
}

/** Whether a path lies in a folder, by its text and by where its links lead. */
function isBelow(top: string, given: string): boolean {
  const path = expandHome(given);
  // `link/..` is another place for the system than for the text.
  if (!isAbsolute(path) || path.split(/[\\/]/).includes("..")) return false;
  const real = realOf(top) ?? top;
  const isInside = (outer: string, inner: string) => {
    const way = relative(outer, inner);
    return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  };
  if (!isInside(top, resolve(path)) && !isInside(real, resolve(path))) return false;
  const leadsTo = realOf(resolve(path));
  return leadsTo !== undefined && isInside(real, leadsTo);
}

/** Where a path leads, of which the end need not be there; undefined where a link leads nowhere yet. */
function realOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    if (exists(path) || dirname(path) === path) return undefined;
    const parent = realOf(dirname(path));
    return parent === undefined ? undefined : resolve(parent, relative(dirname(path), path));
  }
}

function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    // What may not be looked at may be a link.
    return (error as NodeJS.ErrnoException).code !== "ENOENT";
  }
}
