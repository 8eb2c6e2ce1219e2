import { RE2JS } from "re2js";
import type { SemVer } from "semver";
import { semverOf, semverRange } from "./semver-range.ts";

/** A filter for tags, as a daemon reads it (flux-rpc §3.1.6). */
export interface TagPattern {
  matches(tag: string): boolean;
  /** Versions are compared; otherwise the times of creation. */
  bySemver: boolean;
  /** What is to be known about it: Flux cannot read it, or we cannot. */
  problem?: string;
}

/** Longer ones are not read; the console sends none of this length. */
const longestPattern = 500;
/** Registries allow no longer tag. */
const longestTag = 128;
/** Instructions of a compiled expression; with more, one tag alone may take a second. */
const largestProgram = 5_000;

/** Reads a pattern with its prefix written out. Never throws; matching takes work in proportion to the tag, whatever the pattern. */
export function tagPattern(pattern: string): TagPattern {
  const body = pattern.slice(pattern.indexOf(":") + 1);
  if (pattern.startsWith("semver:")) return semverPattern(body);
  if (pattern.startsWith("regexp:")) return expressionPattern(body);
  return { bySemver: false, matches: (tag) => tag.length <= longestTag && matchesGlob(body, tag) };
}

/** Why Flux refuses a `regexp:` pattern; undefined for one that it takes. */
export function expressionProblem(pattern: string): string | undefined {
  if (!pattern.startsWith("regexp:")) return undefined;
  const compiled = compile(pattern.slice("regexp:".length));
  return compiled instanceof RE2JS ? undefined : compiled;
}

/** Flux is Go: its expressions are RE2, without look-ahead and back references, and never take exponential time. */
function expressionPattern(body: string): TagPattern {
  const compiled = compile(body);
  // What is none lets every tag pass in Flux (pkg/policy/pattern.go).
  if (typeof compiled === "string") return { bySemver: false, matches: () => true, problem: compiled };
  if (compiled.programSize() > largestProgram)
    return { bySemver: false, matches: () => false, problem: "this pattern is too large to be judged here" };
  return { bySemver: false, matches: (tag) => tag.length <= longestTag && compiled.test(tag) };
}

/** The expression, or what is wrong with it. */
function compile(body: string): RE2JS | string {
  if (body.length > longestPattern) return `a pattern has ${longestPattern} characters at most`;
  try {
    return RE2JS.compile(body);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `Flux would refuse this pattern: ${reason.replace("error parsing regexp: ", "")}`;
  }
}

function semverPattern(body: string): TagPattern {
  const range = semverRange(body);
  if (!range) return { bySemver: true, matches: () => false, problem: "this range cannot be read here" };
  return { bySemver: true, matches: (tag) => holds(range, semverOf(tag)) };
}

function holds(range: NonNullable<ReturnType<typeof semverRange>>, version: SemVer | undefined): boolean {
  return version !== undefined && range.holds(version);
}

/** Each `*` stands for any characters. The first place where a part fits is the best, so that nothing is tried twice. */
function matchesGlob(glob: string, tag: string): boolean {
  const [first = "", ...rest] = glob.split("*");
  const last = rest.pop();
  if (last === undefined) return tag === first;
  if (!tag.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = tag.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return tag.length - last.length >= at && tag.endsWith(last);
}
