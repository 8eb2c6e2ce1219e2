import type { ImageInfo } from "./wire-types.ts";

interface Tag {
  tag: string;
  /** Absent: nothing but the tag is known. */
  createdAt: string | undefined;
}

/** Splits a reference into name and tag. */
export function splitReference(reference: string): { name: string; tag: string } {
  const at = reference.indexOf("@");
  if (at >= 0) return { name: reference.slice(0, at), tag: "" };
  const colon = reference.lastIndexOf(":");
  if (colon <= reference.lastIndexOf("/")) return { name: reference, tag: "" };
  return { name: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}

/** What the image registries hold, as far as the daemon has scanned them. */
export class Registry {
  readonly #images = new Map<string, Tag[]>();
  readonly #fetchedAt = new Date().toISOString();

  /** Adds a tag; without a time it is the newest. */
  publish(reference: string, createdAt: string = new Date().toISOString()): void {
    this.#add(reference, createdAt);
  }

  /** Adds a tag of which nothing else is known. */
  publishTagOnly(reference: string): void {
    this.#add(reference, undefined);
  }

  #add(reference: string, createdAt: string | undefined): void {
    const { name, tag } = splitReference(reference);
    const tags = this.#images.get(name) ?? [];
    tags.push({ tag, createdAt });
    tags.sort(newestFirst);
    this.#images.set(name, tags);
  }

  get names(): readonly string[] {
    return [...this.#images.keys()];
  }

  has(reference: string): boolean {
    const { name, tag } = splitReference(reference);
    return (
      this.#images.get(name)?.some((known) => known.tag === tag && known.createdAt !== undefined) ?? false
    );
  }

  /** All tags of an image, newest first. */
  available(name: string): ImageInfo[] {
    return (this.#images.get(name) ?? []).map(({ tag, createdAt }) =>
      createdAt === undefined
        ? { ID: `:${tag}`, Labels: {} }
        : {
            ID: `${name}:${tag}`,
            Digest: `sha256:${digits(`${name}:${tag}`)}`,
            ImageID: `sha256:${digits(`${tag}:${name}`)}`,
            Labels: {},
            CreatedAt: createdAt,
            LastFetched: this.#fetchedAt,
          },
    );
  }

  info(reference: string): ImageInfo {
    const { name } = splitReference(reference);
    return this.available(name).find(({ ID }) => ID === reference) ?? { ID: "", Labels: {} };
  }

  /** All tags in the order of a pattern, and those of them that it lets pass (flux-rpc §3.1.4). */
  ordered(name: string, pattern: string): { all: ImageInfo[]; filtered: ImageInfo[] } {
    const all = this.available(name);
    if (pattern.startsWith("semver:")) all.sort((left, right) => bySemver(tagOf(left), tagOf(right)));
    return { all, filtered: all.filter((image) => passes(tagOf(image), pattern)) };
  }

  /** The tags that pass, newest first. */
  filtered(name: string, pattern: string): ImageInfo[] {
    return this.ordered(name, pattern).filtered;
  }
}

/** How many stand before what runs, from the front on. */
export function newerCount(images: readonly ImageInfo[], current: ImageInfo, pattern: string): number {
  const isNewer = pattern.startsWith("semver:")
    ? (image: ImageInfo) => bySemver(tagOf(image), tagOf(current)) < 0
    : ({ CreatedAt = "" }: ImageInfo) => CreatedAt > (current.CreatedAt ?? "");
  const end = images.findIndex((image) => !isNewer(image));
  return end < 0 ? images.length : end;
}

/** Also of the bare `:tag` of which nothing else is known. */
function tagOf({ ID }: ImageInfo): string {
  return ID.startsWith(":") ? ID.slice(1) : splitReference(ID).tag;
}

function newestFirst(left: Tag, right: Tag): number {
  const [a, b] = [left.createdAt ?? "", right.createdAt ?? ""];
  if (a === b) return left.tag < right.tag ? -1 : 1;
  return a < b ? 1 : -1;
}

/** Whether a tag passes; `latest` never does unless it is asked for by name. */
function passes(tag: string, pattern: string): boolean {
  if (tag.toLowerCase() === "latest" && pattern !== "glob:latest") return false;
  const body = pattern.slice(pattern.indexOf(":") + 1);
  if (pattern.startsWith("regexp:")) return new RegExp(body).test(tag);
  if (pattern.startsWith("semver:")) return inRange(tag, body);
  return new RegExp(`^${body.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(tag);
}

/** `~1.2`, `^1`, `1.2.x` and `*`: enough for a simulation. */
function inRange(tag: string, range: string): boolean {
  const version = numbers(tag);
  if (!version || versionPattern.exec(tag)?.[4]) return false;
  if (range === "*") return true;
  const wanted = range
    .replace(/^[~^=v]+/, "")
    .split(".")
    .filter((part) => /^\d+$/.test(part))
    .map(Number);
  const fixed = range.startsWith("^")
    ? 1
    : range.startsWith("~")
      ? Math.min(2, wanted.length)
      : wanted.length;
  if (wanted.slice(0, fixed).some((part, index) => version[index] !== part)) return false;
  return compareNumbers(version, wanted) >= 0;
}

function numbers(tag: string): number[] | undefined {
  const match = versionPattern.exec(tag);
  return match ? match.slice(1, 4).map((part) => Number(part ?? 0)) : undefined;
}

const versionPattern = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[\w.-]+)?$/;

function compareNumbers(left: readonly number[], right: readonly number[]): number {
  for (let at = 0; at < 3; at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Newest version first; what is none comes last, by name. */
function bySemver(left: string, right: string): number {
  const [a, b] = [numbers(left), numbers(right)];
  if (!a && !b) return left < right ? -1 : 1;
  if (!a || !b) return a ? -1 : 1;
  const early = (tag: string): number => (versionPattern.exec(tag)?.[4] ? 1 : 0);
  return compareNumbers(b, a) || early(left) - early(right) || right.length - left.length;
}

function digits(text: string): string {
  let mixed = 2_166_136_261;
  for (const character of text) mixed = Math.imul(mixed ^ character.charCodeAt(0), 16_777_619);
  return (mixed >>> 0).toString(16).padStart(8, "0").repeat(8);
}
