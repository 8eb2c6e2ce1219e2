import { imageTag } from "../../shared/flux/image-reference.ts";
import { normalPattern } from "../../shared/flux/policies.ts";
import { compareSemver, type Semver, satisfies, semverOf } from "./semver-range.ts";
import type { WireContainer, WireImageInfo } from "./wire.ts";

/** Which tags pass, and which of two is newer (flux-rpc §3.1.4). */
interface TagOrder {
  matches(tag: string): boolean;
  isNewer(left: WireImageInfo, right: WireImageInfo): boolean;
}

/** What an old daemon does not compute itself: `LatestFiltered` and the counts, by the rules of flux-rpc §3.1.4. */
export function withComputedImages(container: WireContainer, pattern: string): WireContainer {
  const normal = normalPattern(pattern);
  const order = tagOrder(normal);
  const available = container.Available;
  const filtered = sorted(
    available.filter(({ ID }) => order.matches(imageTag(ID)) && isWanted(imageTag(ID), normal)),
    order,
  );
  return {
    ...container,
    LatestFiltered: filtered[0] ?? { ID: "" },
    AvailableImagesCount: available.length,
    NewAvailableImagesCount: newerCount(available, container.Current, order),
    FilteredImagesCount: filtered.length,
    NewFilteredImagesCount: newerCount(filtered, container.Current, order),
  };
}

function isWanted(tag: string, pattern: string): boolean {
  return tag.toLowerCase() !== "latest" || pattern === "glob:latest";
}

function newerCount(images: readonly WireImageInfo[], current: WireImageInfo, order: TagOrder): number {
  const end = images.findIndex((image) => !order.isNewer(image, current));
  return end < 0 ? images.length : end;
}

function sorted(images: readonly WireImageInfo[], order: TagOrder): WireImageInfo[] {
  return images.slice().sort((left, right) => {
    if (order.isNewer(left, right)) return -1;
    return order.isNewer(right, left) ? 1 : 0;
  });
}

function tagOrder(pattern: string): TagOrder {
  const body = pattern.slice(pattern.indexOf(":") + 1);
  if (pattern.startsWith("semver:"))
    return { matches: (tag) => satisfies(tag, body), isNewer: (left, right) => bySemver(left, right) < 0 };
  const expression = pattern.startsWith("regexp:") ? asExpression(body) : globExpression(body);
  return { matches: (tag) => expression.test(tag), isNewer: (left, right) => byCreation(left, right) < 0 };
}

function asExpression(body: string): RegExp {
  try {
    return new RegExp(body);
  } catch {
    return /$^/;
  }
}

function globExpression(body: string): RegExp {
  const source = body
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${source}$`);
}

/** Newest first; ties by reference. */
function byCreation(left: WireImageInfo, right: WireImageInfo): number {
  const difference = (Date.parse(right.CreatedAt ?? "") || 0) - (Date.parse(left.CreatedAt ?? "") || 0);
  if (difference !== 0) return difference;
  return left.ID < right.ID ? -1 : left.ID > right.ID ? 1 : 0;
}

/** Highest version first; what is no version comes last by name, and a longer spelling counts as newer. */
function bySemver(left: WireImageInfo, right: WireImageInfo): number {
  const tags = [imageTag(left.ID), imageTag(right.ID)] as const;
  const versions = tags.map(semverOf) as [Semver | undefined, Semver | undefined];
  if (versions[0] && versions[1]) {
    return compareSemver(versions[1], versions[0]) || tags[1].length - tags[0].length;
  }
  if (versions[0] || versions[1]) return versions[0] ? -1 : 1;
  return tags[0] < tags[1] ? -1 : tags[0] > tags[1] ? 1 : 0;
}
