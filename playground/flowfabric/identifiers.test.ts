import { expect, test } from "vitest";
import { crc16, partitionOfLane, partitionOfUuid } from "./identifiers.ts";

test("the checksum and the partitions are those of the wire reference", () => {
  expect(crc16(Buffer.from("123456789"))).toBe(0x31c3);
  expect(["default", "main", "build", "test"].map((lane) => partitionOfLane(lane, 256))).toEqual([
    86, 213, 240, 6,
  ]);
  expect(partitionOfUuid("3f2b8c1e-9a47-4d60-8b1f-5c2e7a90d412", 256)).toBe(58);
  expect(partitionOfUuid("3f2b8c1e-9a47-4d60-8b1f-5c2e7a90d412", 32)).toBe(26);
  expect(partitionOfUuid("11111111-1111-4111-8111-111111111111", 256)).toBe(191);
  expect(partitionOfUuid("11111111-1111-4111-8111-111111111111", 32)).toBe(31);
});
