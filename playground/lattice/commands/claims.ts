import { createHash } from "node:crypto";
import type { HostContext, Outcome } from "../host/host-context.ts";
import { answered } from "../host/host-context.ts";
import type { ImageClaims } from "../host/images.ts";
import { inAnyOrder } from "../host/inventory.ts";
import type { StoredClaims, StringMap } from "../host/lattice-state.ts";

function validity(context: HostContext, claims: ImageClaims): StringMap {
  const human = (seconds: number | undefined): string => {
    if (!context.features.claimsValidity) return "TODO";
    return seconds === undefined ? "never" : String(seconds);
  };
  return { not_before_human: human(claims.notBefore), expires_human: human(claims.expires) };
}

/** The `public_key` and `claims` of a signed component's events (wasmcloud-control §4.7). */
export function componentEventClaims(context: HostContext, claims: ImageClaims | undefined): object {
  if (!claims) return {};
  return {
    public_key: claims.publicKey,
    claims: {
      call_alias: claims.callAlias ?? null,
      issuer: claims.issuer,
      tags: claims.tags ?? null,
      name: claims.name ?? null,
      version: claims.version ?? null,
      revision: claims.revision ?? null,
      ...validity(context, claims),
    },
  };
}

function derivedKey(letter: "A" | "V", seed: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bytes = createHash("sha512").update(seed).digest();
  return letter + Array.from(bytes.subarray(0, 55), (byte) => alphabet[byte % 32]).join("");
}

/** What an archive of which nothing else is known says of itself: unsigned ones do not start (wasmcloud-control §2.8). */
export function archiveClaims(reference: string): ImageClaims {
  const name = reference.split("/").at(-1)?.split(":")[0] ?? reference;
  return { publicKey: derivedKey("V", reference), issuer: derivedKey("A", "issuer"), name };
}

/** The four extra fields of a signed provider's start event (wasmcloud-control §4.9). */
export function providerEventClaims(
  context: HostContext,
  providerId: string,
  claims: ImageClaims | undefined,
): object {
  if (!claims) return {};
  return {
    claims: {
      issuer: claims.issuer,
      tags: null,
      name: claims.name ?? null,
      version: claims.version ?? null,
      ...validity(context, claims),
    },
    instance_id: providerId,
    public_key: providerId,
    link_name: "default",
  };
}

function flatten({ kind, claims }: StoredClaims): StringMap {
  const revision = String(claims.revision ?? 0);
  const common = {
    iss: claims.issuer,
    issuer: claims.issuer,
    name: claims.name ?? "",
    rev: revision,
    revision,
    sub: claims.publicKey,
    subject: claims.publicKey,
    version: claims.version ?? "",
  };
  if (kind === "provider") return { ...common, config_schema: claims.configSchema ?? "" };
  return { ...common, call_alias: claims.callAlias ?? "", tags: (claims.tags ?? []).join(",") };
}

/** Answers from this host's copy of the lattice's claims (wasmcloud-control §2.3, §3.12). */
export function getClaims(context: HostContext): Outcome {
  return { reply: answered(inAnyOrder(context.cache.claims.values()).map(flatten)) };
}
