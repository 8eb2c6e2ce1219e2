import fc from "fast-check";
import { expect, test } from "vitest";
import {
  cutMiddle,
  formatAgo,
  formatCountdown,
  formatDuration,
  formatInstant,
  formatQuantity,
  formatRate,
  isTime,
} from "./format.ts";

test.each([
  [84, "84 ms"],
  [1_400, "1.4 s"],
  [59_900, "59 s"],
  [185_000, "3 min 5 s"],
  [7_440_000, "2 h 4 min"],
  [180_000, "3 min"],
  [90_000_000, "1 d 1 h"],
])("%i ms is %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

test.each([
  [252_000, "4:12"],
  [251_001, "4:12"],
  [59_000, "0:59"],
  [-5, "0:00"],
])("%i ms left read %s", (milliseconds, text) => {
  expect(formatCountdown(milliseconds)).toBe(text);
});

test.each([
  [400, "now"],
  [3_200, "3 s ago"],
  [125_000, "2 min ago"],
  [-5_000, "in 5 s"],
])("%i ms ago reads %s", (milliseconds, text) => {
  expect(formatAgo(milliseconds)).toBe(text);
});

test("an exact time in UTC can be read back to the millisecond", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }), (date) => {
      const text = formatInstant(date.getTime(), true);
      expect(Date.parse(text.replace(" UTC", "Z").replace(" ", "T"))).toBe(date.getTime());
    }),
  );
});

test("an id is cut in the middle and short ones stay whole", () => {
  expect(cutMiddle("NCUN4WABCDEFGHIJKLMNOPEB6OPT")).toBe("NCUN4W…EB6OPT");
  expect(cutMiddle("http-hello")).toBe("http-hello");
});

test("quantities and rates have their unit and size", () => {
  expect(formatQuantity(1, "host")).toBe("1 host");
  expect(formatQuantity(9_310, "host")).toBe("9,310 hosts");
  expect([0, 0.42, 214.4, 12_400].map(formatRate)).toEqual(["0", "0.4", "214", "12.4K"]);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15, -8.64e15, 1e300])(
  "%d is told as unreadable, and no error",
  (time) => {
    for (const utc of [true, false]) expect(formatInstant(time, utc)).toBe("at an unreadable time");
    expect(isTime(time)).toBe(false);
    expect(formatAgo(Number.NaN)).toBe("at an unreadable time");
  },
);
