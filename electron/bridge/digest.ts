import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A new secret of 256 bits; the prefix says what it is wherever it turns up. */
export function newSecret(prefix: string): string {
  return `${prefix}${randomBytes(32).toString("base64url")}`;
}

/** What is kept of a secret: enough to know it again, not enough to use it. */
export function digestOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/** The entry with this digest. Every entry is compared in full, so that the time tells nothing about which one is close. */
export function findByDigest<Entry extends { digest: Buffer }>(
  entries: Iterable<Entry>,
  digest: Buffer,
): Entry | undefined {
  let found: Entry | undefined;
  for (const entry of entries) {
    if (timingSafeEqual(entry.digest, digest)) found = entry;
  }
  return found;
}
