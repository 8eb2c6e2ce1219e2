import { coerce, compare, Range } from "semver";

export type Semver = NonNullable<ReturnType<typeof coerce>>;

const versionTag = /^v?\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
/** Tags of registries have 128 characters at most. */
const longestTag = 128;
const longestRange = 500;

/** A tag as a version, also `v1.2` and `1`; undefined for anything else. */
export function semverOf(tag: string): Semver | undefined {
  if (tag.length > longestTag || !versionTag.test(tag)) return undefined;
  return coerce(tag, { includePrerelease: true }) ?? undefined;
}

export function compareSemver(left: Semver, right: Semver): number {
  return compare(left, right);
}

/** A range, written as Flux takes it: `~2.4`, `>=1.2, <2`, `1.x || 3.x`; undefined where it cannot be read here. */
export function semverRange(text: string): { holds(version: Semver): boolean } | undefined {
  if (text.length > longestRange) return undefined;
  try {
    const range = new Range(text.replaceAll(",", " "));
    return { holds: (version) => range.test(version) };
  } catch {
    return undefined;
  }
}
