import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A new token: 256 random bits. Only its hash is kept. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** SHA-256 of a token, in hexadecimal digits. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** The token of an `Authorization: Scope-Probe token=…` header (flux-rpc §1.4); undefined where there is none. */
export function tokenOf(authorization: string | undefined): string | undefined {
  return /^Scope-Probe token=(.+)$/.exec(authorization ?? "")?.[1];
}

/** Whose token it is; every hash is compared in full, so that the time tells nothing. */
export function ownerOf<T extends { tokenHash: string }>(
  token: string | undefined,
  holders: readonly T[],
): T | undefined {
  if (token === undefined) return undefined;
  const given = Buffer.from(hashToken(token), "hex");
  let owner: T | undefined;
  for (const holder of holders) {
    const kept = Buffer.from(holder.tokenHash, "hex");
    if (kept.length === given.length && timingSafeEqual(kept, given)) owner = holder;
  }
  return owner;
}
