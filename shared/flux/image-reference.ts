import { z } from "zod";
import { allLatestImages } from "./ids.ts";

/** An image reference taken apart. */
export interface ImageReference {
  domain: string;
  path: string;
  tag: string;
  digest: string;
}

/** Reads `[domain/]path[:tag]` or `[domain/]path@sha256:digest` as Flux does (flux-rpc §3.1.2); undefined where Flux refuses it. */
export function parseImageReference(text: string): ImageReference | undefined {
  if (text === "" || text.startsWith("/") || text.endsWith("/")) return undefined;
  const elements = text.split("/");
  const named = elements.length > 2 || (elements.length === 2 && isDomain(elements[0] as string));
  const domain = named ? (elements[0] as string) : "";
  const rest = (named ? elements.slice(1) : elements).join("/");
  const [before = "", digest = ""] = rest.split("@sha256:");
  const [path = "", tag = "", ...more] = before.split(":");
  if (path === "" || more.length > 0) return undefined;
  // With both, the digest wins and the tag is gone.
  return { domain, path, tag: digest ? "" : tag, digest };
}

/** The check is not anchored: any dot between words, or localhost, makes a domain. */
function isDomain(element: string): boolean {
  return /[A-Za-z0-9_-]\.[A-Za-z0-9_-]|localhost/.test(element);
}

/** The tag of a reference, also of the bare `:tag` that stands for an image without metadata (flux-rpc §3.1.3). */
export function imageTag(reference: string): string {
  if (reference.startsWith(":")) return reference.slice(1);
  return parseImageReference(reference)?.tag ?? "";
}

/** A reference without tag and digest, in the form in which images are compared (flux-rpc §3.1.2). */
export function canonicalImageName(reference: string): string {
  const parsed = parseImageReference(reference);
  if (!parsed) return reference;
  const hub = parsed.domain === "" || parsed.domain === "docker.io" || parsed.domain === "index.docker.io";
  if (!hub) return `${parsed.domain}/${parsed.path}`;
  return `index.docker.io/${parsed.path.includes("/") ? parsed.path : `library/${parsed.path}`}`;
}

/** Whether two references mean the same image with the same tag or digest. */
export function sameImage(left: string, right: string): boolean {
  const [a, b] = [parseImageReference(left), parseImageReference(right)];
  if (!a || !b) return left === right;
  return canonicalImageName(left) === canonicalImageName(right) && a.tag === b.tag && a.digest === b.digest;
}

/** What can be released: `<all latest>`, or a reference with a tag, on which the daemon would not insist (flux-rpc §3.1.7). */
export const releasableImageSchema = z
  .string()
  .trim()
  .max(1_024)
  .superRefine((text, context) => {
    if (text === allLatestImages) return;
    const parsed = parseImageReference(text);
    if (!parsed) context.addIssue("write an image such as registry.example.com/shop/checkout:2.5.0");
    else if (parsed.tag === "" && parsed.digest === "")
      context.addIssue("blank tag (if you want latest, explicitly state the tag :latest)");
  });

/** An image without a tag, as image notices name it. */
export const imageNameSchema = z
  .string()
  .trim()
  .max(1_024)
  .superRefine((text, context) => {
    const parsed = parseImageReference(text);
    if (parsed?.tag !== "" || parsed.digest !== "")
      context.addIssue("write an image without a tag, such as registry.example.com/shop/checkout");
  });
