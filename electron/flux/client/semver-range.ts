import { coerce, Range, type SemVer } from "semver";

const versionTag = /^v?\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
/** Tags of registries have 128 characters at most. */
const longestTag = 128;
const longestRange = 500;

/** A tag as a version, also `v1.2` and `1`; undefined for anything else. */
export function semverOf(tag: string): SemVer | undefined {
  if (tag.length > longestTag || !versionTag.test(tag)) return undefined;
  return coerce(tag, { includePrerelease: true }) ?? undefined;
}

/** A range, written as Flux takes it: `~2.4`, `>=1.2, <2`, `1.x || 3.x`; undefined where it cannot be read here. */
export function semverRange(text: string): { holds(version: SemVer): boolean } | undefined {
  if (text.length > longestRange) return undefined;
  try {
    const range = new Range(text.replaceAll(",", " "));
    return { holds: (version) => range.test(version) };
  } catch {
    return undefined;
  }
}

/** Whether a daemon's version is at least `release`; undefined where it cannot be told (flux-rpc §5.4). */
export function isAtLeast(version: string | undefined, release: string): boolean | undefined {
  const own = semverOf(version ?? "");
  return own && own.compareMain(release) >= 0;
}
