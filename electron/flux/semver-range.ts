import { coerce, compare, satisfies as inRange } from "semver";

export type Semver = NonNullable<ReturnType<typeof coerce>>;

const versionTag = /^v?\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** A tag as a version, also `v1.2` and `1`; undefined for anything else. */
export function semverOf(tag: string): Semver | undefined {
  return (versionTag.test(tag) && coerce(tag, { includePrerelease: true })) || undefined;
}

export function compareSemver(left: Semver, right: Semver): number {
  return compare(left, right);
}

/** Whether a tag is a version in the range, written as Flux takes it: `~2.4`, `>=1.2, <2`, `1.x || 3.x`. */
export function satisfies(tag: string, range: string): boolean {
  const version = semverOf(tag);
  return version !== undefined && inRange(version, range.replaceAll(",", " "));
}
