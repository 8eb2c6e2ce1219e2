import { createHash } from "node:crypto";
import type { ActivityRecord } from "../../shared/contract/activity.ts";
import { canonicalJson } from "../../shared/contract/canonical.ts";

/** The `previousHash` of the first record. */
export const chainStart = "0".repeat(64);

/** The hash of a record: SHA-256, hex, of the hash before it, a newline, and the canonical JSON of its activity. */
export function recordHash(previousHash: string, canonicalActivity: string): string {
  return createHash("sha256").update(`${previousHash}\n${canonicalActivity}`).digest("hex");
}

export type ChainVerdict =
  | { ok: true; count: number /** The last hash; note it elsewhere to notice a cut-off end. */; head: string }
  | { ok: false; sequence: number; reason: string };

/**
 * Checks a log, oldest first, from its beginning or a checkpoint on: that no record was changed, put in, taken out or moved.
 * Names the first sequence that does not fit. A cut-off end shows only against a `head` noted before.
 */
export function verifyChain(
  records: Iterable<ActivityRecord>,
  from: Pick<ActivityRecord, "sequence" | "hash"> = { sequence: 0, hash: chainStart },
): ChainVerdict {
  let head = from.hash;
  let count = 0;
  for (const record of records) {
    const reason = faultOf(record, { sequence: from.sequence + count + 1, previousHash: head });
    if (reason) return { ok: false, sequence: record.sequence, reason };
    head = record.hash;
    count += 1;
  }
  return { ok: true, count, head };
}

function faultOf(record: ActivityRecord, expected: { sequence: number; previousHash: string }) {
  if (record.sequence !== expected.sequence) {
    return `Record ${expected.sequence} is missing: record ${record.sequence} stands in its place.`;
  }
  if (record.previousHash !== expected.previousHash) {
    return "It does not continue the record before it.";
  }
  if (record.hash !== recordHash(record.previousHash, canonicalJson(record.activity))) {
    return "Its content does not match its hash.";
  }
  return undefined;
}
