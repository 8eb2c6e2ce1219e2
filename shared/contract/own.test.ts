import { expect, test } from "vitest";
import { dateText } from "./date-text.ts";
import { ownValue } from "./own.ts";

test.each(["constructor", "toString", "hasOwnProperty", "__proto__", "valueOf"])(
  "%s is no value that nobody set",
  (key) => {
    expect(ownValue({ a: "1" }, key)).toBeUndefined();
    expect(ownValue(Object.fromEntries([[key, "mine"]]), key)).toBe("mine");
  },
);

test.each([
  [0, "1970-01-01T00:00:00.000Z"],
  [Number.NaN, "1970-01-01T00:00:00.000Z"],
  [Number.MAX_SAFE_INTEGER, "9999-12-31T23:59:59.999Z"],
  [Number.POSITIVE_INFINITY, "9999-12-31T23:59:59.999Z"],
  [-Number.MAX_SAFE_INTEGER, "0000-01-01T00:00:00.000Z"],
])("%d milliseconds have a text of four digits a year", (ms, text) => {
  expect(dateText(ms)).toBe(text);
});
