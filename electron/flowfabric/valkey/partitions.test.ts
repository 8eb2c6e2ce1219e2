import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keystoreKey, readListReply, readRotateReply } from "./partitions.ts";

describe("the rotation function's reply", () => {
  test.each([
    [
      [1, "OK", "rotated", "kid-a", "kid-b", "2"],
      { status: "rotated", previousKeyId: "kid-a", collected: 2 },
    ],
    [[1, "OK", "rotated", "", "kid-a", "0"], { status: "rotated", previousKeyId: undefined, collected: 0 }],
    [[1, "OK", "noop", "kid-a"], { status: "already" }],
    [[0, "rotation_conflict", "kid-a"], { status: "failed", failure: { class: "conflict", retry: false } }],
    [[0, "invalid_kid"], { status: "failed", failure: { code: "invalid_kid", retry: false } }],
    [[0, "invalid_secret_hex"], { status: "failed", failure: { code: "invalid_secret_hex" } }],
    [[0, "invalid_grace_ms"], { status: "failed", failure: { code: "invalid_grace_ms" } }],
    [[0, "something_new"], { status: "failed", failure: { code: "something_new", retry: true } }],
    // What cannot be read proves nothing: the partition may have the key.
    [[1, "OK", "rotated"], { status: "failed", failure: { code: "unreadable" }, mayHaveArrived: true }],
    [[0, "OK", "rotated"], { status: "failed", failure: { code: "unreadable" }, mayHaveArrived: true }],
    ["OK", { status: "failed", failure: { code: "unreadable" }, mayHaveArrived: true }],
  ])("%j", (reply, outcome) => {
    expect(readRotateReply(reply)).toMatchObject(outcome);
  });

  test("is judged whatever it is, and repeats nothing unknown", () => {
    fc.assert(
      fc.property(fc.anything(), (reply) => {
        expect(["rotated", "already", "failed"]).toContain(readRotateReply(reply).status);
      }),
    );
  });
});

describe("the listing function's reply", () => {
  test("gives the current key and those in their grace, the latest first", () => {
    const reply = [1, "OK", "c", "2", "a", "1777800000000", "b", "1.7779e+12"];
    expect(readListReply(7, reply)).toEqual({
      partition: 7,
      currentKeyId: "c",
      verifying: [
        { keyId: "b", expiresAt: "2026-05-04T13:06:40.000Z" },
        { keyId: "a", expiresAt: "2026-05-03T09:20:00.000Z" },
      ],
    });
    expect(readListReply(0, [1, "OK", "", "0"])).toEqual({ partition: 0, currentKeyId: "", verifying: [] });
  });

  test("never throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.array(fc.oneof(fc.string(), fc.integer()))), (reply) => {
        expect(readListReply(1, reply).partition).toBe(1);
      }),
    );
  });
});

test("a partition's key has the hash tag fp, not p", () => {
  expect(keystoreKey(17)).toBe("ff:sec:{fp:17}:waitpoint_hmac");
});
