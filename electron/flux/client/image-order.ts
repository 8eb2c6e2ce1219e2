import { setImmediate as afterOthers } from "node:timers/promises";
import { compare, type SemVer } from "semver";
import { imageTag } from "../../../shared/flux/image-reference.ts";
import { normalPattern } from "../../../shared/flux/policies.ts";
import { semverOf } from "./semver-range.ts";
import { type TagPattern, tagPattern } from "./tag-pattern.ts";
import type { WireContainer, WireImageInfo } from "./wire.ts";

/** Between two pauses, in milliseconds; a frame of the window is twice as long. */
const stretchMs = 8;

/** Long work on what somebody else sent: it makes room for others again and again, and ends where it takes too long. */
export class SharedTime {
  #left: number;
  #since = performance.now();

  /** `mostMs`: of work, pauses not counted. */
  constructor(mostMs: number) {
    this.#left = mostMs;
  }

  get isUp(): boolean {
    return this.#left <= performance.now() - this.#since;
  }

  /** To be awaited between two small pieces of the work. */
  async pause(): Promise<void> {
    const worked = performance.now() - this.#since;
    if (worked < stretchMs) return;
    this.#left -= worked;
    await afterOthers();
    this.#since = performance.now();
  }
}

/** An image, with what it is ordered by. */
interface Ordered {
  info: WireImageInfo;
  tag: string;
  created: number;
  version: SemVer | undefined;
}

/** Newest first. */
type Order = (left: Ordered, right: Ordered) => number;

/** Tags of one container that are looked at; the registry's newest stand first. */
const mostTags = 10_000;
/** For all containers of a list together. */
const mostWorkMs = 5_000;

/** Time for the tags of a whole list. */
export function timeForTags(): SharedTime {
  return new SharedTime(mostWorkMs);
}

/** What an old daemon does not compute itself: `LatestFiltered` and the counts, by the rules of flux-rpc §3.1.4. */
export async function withComputedImages(
  container: WireContainer,
  patternText: string,
  time = timeForTags(),
): Promise<WireContainer> {
  if (time.isUp) return notComputed(container);
  const normal = normalPattern(patternText);
  const pattern = tagPattern(normal);
  const order = pattern.bySemver ? bySemver : byCreation;
  const available = container.Available.slice(0, mostTags).map((info) => ordered(info, pattern));
  const passing: Ordered[] = [];
  for (const image of available) {
    await time.pause();
    if (time.isUp) return notComputed(container);
    if (isWanted(image.tag, normal) && pattern.matches(image.tag)) passing.push(image);
  }
  const filtered = passing.sort(order);
  const current = ordered(container.Current, pattern);
  return {
    ...container,
    LatestFiltered: filtered[0]?.info ?? { ID: "" },
    AvailableImagesCount: container.Available.length,
    NewAvailableImagesCount: newerCount(available, current, order),
    FilteredImagesCount: filtered.length,
    NewFilteredImagesCount: newerCount(filtered, current, order),
    AvailableError: container.AvailableError || remark(pattern, container.Available.length),
  };
}

function notComputed(container: WireContainer): WireContainer {
  return {
    ...container,
    AvailableImagesCount: container.Available.length,
    AvailableError: container.AvailableError || "The tag filters take too long to be judged.",
  };
}

function remark({ problem }: TagPattern, tags: number): string {
  if (problem) return problem;
  return tags > mostTags ? `Only ${mostTags} of ${tags} tags were looked at.` : "";
}

function ordered(info: WireImageInfo, { bySemver }: TagPattern): Ordered {
  const tag = imageTag(info.ID);
  const created = Date.parse(info.CreatedAt ?? "") || 0;
  return { info, tag, created, version: bySemver ? semverOf(tag) : undefined };
}

function isWanted(tag: string, pattern: string): boolean {
  return tag.toLowerCase() !== "latest" || pattern === "glob:latest";
}

function newerCount(images: readonly Ordered[], current: Ordered, order: Order): number {
  const end = images.findIndex((image) => order(image, current) >= 0);
  return end < 0 ? images.length : end;
}

/** Ties by reference. */
function byCreation(left: Ordered, right: Ordered): number {
  return right.created - left.created || compareTexts(left.info.ID, right.info.ID);
}

/** Highest version first; what is no version comes last by name, and a longer spelling counts as newer. */
function bySemver(left: Ordered, right: Ordered): number {
  if (left.version && right.version)
    return compare(right.version, left.version) || right.tag.length - left.tag.length;
  if (left.version || right.version) return left.version ? -1 : 1;
  return compareTexts(left.tag, right.tag);
}

function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
