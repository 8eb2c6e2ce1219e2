/** The small part of the package `semver` that is used; it comes without types. */
declare module "semver" {
  interface SemVer {
    readonly version: string;
    readonly prerelease: readonly (string | number)[];
  }
  export class Range {
    constructor(text: string);
    test(version: SemVer): boolean;
  }
  export function coerce(text: string, options?: { includePrerelease?: boolean }): SemVer | null;
  export function compare(left: SemVer, right: SemVer): -1 | 0 | 1;
}
