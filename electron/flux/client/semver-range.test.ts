import { expect, test } from "vitest";
import { isAtLeast } from "./semver-range.ts";

test.each([
  ["1.25.4", "1.11.0", true],
  ["v1.11.0", "1.11.0", true],
  ["1.11", "1.11.0", true],
  ["1.11.0-rc1", "1.11.0", true],
  ["1.9.12", "1.11.0", false],
  ["master-abc1234", "1.11.0", undefined],
  ["", "1.11.0", undefined],
  [undefined, "1.11.0", undefined],
])("whether the daemon %s is at least %s: %s", (version, release, expected) => {
  expect(isAtLeast(version, release)).toBe(expected);
});
