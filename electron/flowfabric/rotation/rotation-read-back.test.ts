import { expect, test } from "vitest";
import type { PartitionKeys, RotationRow } from "../../../shared/flowfabric/rotation-schema.ts";
import { applyReadBack } from "./rotation-read-back.ts";
import { applyOutcome, newRotation, openPartitions } from "./rotation-row.ts";

const now = Date.UTC(2026, 0, 1);
const expiresAt = new Date(now + 60_000).toISOString();

/** A rotation from k1 to k2 that its one partition said it took. */
function rotated(): RotationRow {
  const request = {
    connectionId: "here",
    way: "direct" as const,
    keyId: "k2",
    partitions: 1,
    partitionsFrom: "valkey" as const,
    previousKeyIds: ["k1"],
    unreadBefore: [],
    origin: "generated" as const,
  };
  const row = newRotation("r1", request, now);
  applyOutcome(row, 0, { status: "rotated", previousKeyId: "k1", collected: 0 });
  return row;
}

function readBack(keys: Pick<PartitionKeys, "currentKeyId" | "verifying">): RotationRow {
  const row = rotated();
  applyReadBack(row, [{ partition: 0, ...keys }], now);
  return row;
}

test.each([
  ["k1", /signs with k1 again: a server that did not have it has taken over/],
  ["", /has none now/],
])("what a failover took back to %j is open again, and nobody else's doing", (currentKeyId, words) => {
  const row = readBack({ currentKeyId, verifying: [] });
  expect(row.partitions[0]).toMatchObject({
    state: "failed",
    failure: { code: "lost", message: expect.stringMatching(words), retry: true },
  });
  expect(openPartitions(row)).toEqual([0]);
  expect(row.notices).toEqual([]);
});

test.each(["k1", "theirs"])("where our key is retired, somebody else rotated to %s", (currentKeyId) => {
  const row = readBack({ currentKeyId, verifying: [{ keyId: "k2", expiresAt }] });
  expect(row.partitions[0]?.state).toBe("overtaken");
  expect(row.notices).toEqual([expect.stringContaining("Another writer")]);
});

test("a key that was there never is somebody else's, whatever it left of ours", () => {
  expect(readBack({ currentKeyId: "theirs", verifying: [] }).partitions[0]?.state).toBe("overtaken");
});
