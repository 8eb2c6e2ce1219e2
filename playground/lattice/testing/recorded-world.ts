import type { LatticeMessage } from "../../../recordings/recordings.ts";
import type { Image, ImageClaims } from "../host/images.ts";

type Fields = Record<string, unknown>;

export interface RecordedHost {
  version: string;
  friendlyName: string;
  labels: Record<string, string>;
}

function inventories(messages: readonly LatticeMessage[]): Fields[] {
  return messages.flatMap(({ body }) => {
    const { response, data } = (body ?? {}) as { response?: Fields; data?: Fields };
    return [response, data].filter(
      (each): each is Fields => each !== undefined && Array.isArray(each.components),
    );
  });
}

/** What the recording says of a host from some line on: in its start, its answer to a ping, or an inventory. */
export function recordedHost(messages: readonly LatticeMessage[], id: string): RecordedHost | undefined {
  for (const message of messages) {
    const body = message.body as { source?: string; data?: Fields; response?: Fields };
    const facts = body?.data ?? body?.response;
    const owner = body?.source ?? facts?.host_id ?? facts?.id;
    if (owner !== id || !facts?.friendly_name) continue;
    return {
      version: String(facts.version),
      friendlyName: String(facts.friendly_name),
      labels: facts.labels as Record<string, string>,
    };
  }
  return undefined;
}

function seconds(text: unknown): number | undefined {
  return /^\d+$/.test(String(text)) ? Number(text) : undefined;
}

function optional(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

function claimsOf({ public_key, claims }: Fields): ImageClaims {
  const given = claims as Fields;
  return {
    publicKey: String(public_key),
    issuer: String(given.issuer),
    name: optional(given.name),
    version: optional(given.version),
    revision: (given.revision as number | null | undefined) ?? undefined,
    tags: (given.tags as string[] | null) ?? undefined,
    callAlias: optional(given.call_alias),
    notBefore: seconds(given.not_before_human),
    expires: seconds(given.expires_human),
  };
}

/** Newer hosts show a file without its scheme. */
function spellings(reference: string): string[] {
  return reference.startsWith("/") ? [reference, `file://${reference}`] : [reference];
}

/** The tokens that events show; the revision of a provider is in inventories only. */
function imageClaims(messages: readonly LatticeMessage[]): Map<string, ImageClaims> {
  const claims = new Map<string, ImageClaims>();
  for (const { body } of messages) {
    const { data } = (body ?? {}) as { data?: Fields };
    if (data?.claims === undefined) continue;
    for (const each of spellings(String(data.image_ref))) claims.set(each, claimsOf(data));
  }
  const listed = inventories(messages).flatMap(({ providers }) => providers as Fields[]);
  for (const { image_ref, revision } of listed)
    for (const each of spellings(String(image_ref))) {
      const known = claims.get(each);
      if (known) claims.set(each, { ...known, revision: Number(revision) });
    }
  return claims;
}

const chains = [
  /^failed to fetch \w+: failed to fetch \w+ under OCI reference `[^`]*`: (?<error>.*)$/s,
  /^failed to fetch component: failed to read component: (?<error>.*)$/s,
  /^failed to fetch provider: failed to read provider: failed to load provider archive: (failed to load target \[[^\]]*\] from PAR from file \[[^\]]*\]: )?(?<error>.*)$/s,
];

function imageOf(error: string): Image | undefined {
  if (/^(failed to extract|token expired)/.test(error)) return { badSignature: error };
  const found = chains.map((chain) => chain.exec(error)?.groups?.error).find((each) => each !== undefined);
  return found === undefined ? undefined : { error: found };
}

/** What could not be fetched, by the reference; a file may be a component and no provider. */
function brokenImages(
  messages: readonly LatticeMessage[],
  kind: "component" | "provider",
): Map<string, Image> {
  const broken = new Map<string, Image>();
  const type = kind === "component" ? "component_scale_failed" : "provider_start_failed";
  for (const message of messages) {
    if (message.kind !== "event" || !message.subject.endsWith(type)) continue;
    const { data } = message.body as { data: Fields };
    const image = imageOf(String(data.error));
    if (image) broken.set(String(data.image_ref ?? data.provider_ref), image);
  }
  return broken;
}

/** The images of a recording. `vanishing` ones can be fetched until they have been started once. */
export function recordedImages(messages: readonly LatticeMessage[], kind: "component" | "provider") {
  const images = new Map<string, Image>();
  const file = (name: string): string => `file:///data/wasm/${name}.wasm`;
  if (kind === "component") {
    const noFile = { error: "No such file or directory (os error 2)" };
    for (const name of ["none", "nope", "missing"]) images.set(file(name), noFile);
    // Silent where failures are only logged: which text it would have been makes no difference.
    images.set("127.0.0.1:1/x:1", { error: "connection refused" });
    for (const name of ["garbage", "expired"]) images.set(file(name), { badSignature: "not WebAssembly" });
  }
  for (const [reference, image] of brokenImages(messages, kind)) images.set(reference, image);
  for (const [reference, claims] of imageClaims(messages))
    if (!images.has(reference)) images.set(reference, { claims });
  return images;
}

export const vanishing: readonly string[] = ["file:///data/wasm/vanish.wasm", "file:///data/wasm/gone.wasm"];
