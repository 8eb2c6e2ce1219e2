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

  /** The newest tag that passes a policy pattern, by the rules of flux-rpc §3.1.4. */
  filtered(name: string, pattern: string): ImageInfo[] {
    const wanted = this.available(name).filter(({ ID }) => passes(splitReference(ID).tag, pattern));
    if (!pattern.startsWith("semver:")) return wanted;
    return wanted.sort((left, right) =>
      compareVersions(splitReference(right.ID).tag, splitReference(left.ID).tag),
    );
  }
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
  if (!version) return false;
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
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(tag);
  return match ? match.slice(1).map((part) => Number(part ?? 0)) : undefined;
}

function compareNumbers(left: readonly number[], right: readonly number[]): number {
  for (let at = 0; at < 3; at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareVersions(left: string, right: string): number {
  return compareNumbers(numbers(left) ?? [], numbers(right) ?? []) || left.length - right.length;
}

function digits(text: string): string {
  let mixed = 2_166_136_261;
  for (const character of text) mixed = Math.imul(mixed ^ character.charCodeAt(0), 16_777_619);
  return (mixed >>> 0).toString(16).padStart(8, "0").repeat(8);
}
