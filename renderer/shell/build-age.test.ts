import { expect, it } from "vitest";
import { isOutOfSupport } from "./about-dialog.tsx";

it.each([
  ["2026-06-14T12:00:00Z", "2026-06-14T12:00:00Z", false],
  ["2026-01-01T00:00:00Z", "2026-06-17T23:59:59Z", false],
  ["2026-01-01T00:00:00Z", "2026-06-18T00:00:01Z", true],
  // A clock that runs behind.
  ["2026-06-14T12:00:00Z", "2026-01-01T00:00:00Z", false],
])("a build of %s is out of support on %s: %s", (builtAt, now, expected) => {
  expect(isOutOfSupport(builtAt, Date.parse(now))).toBe(expected);
});
