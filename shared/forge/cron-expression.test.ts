import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextRuns, readCron } from "./cron-expression.ts";

function runs(text: string, after: string, count = 3): string[] {
  const reading = readCron(text);
  if (!reading.ok) throw new Error(reading.problem);
  return nextRuns(reading.expression, Date.parse(after), count).map((at) =>
    new Date(at).toISOString().slice(0, 19),
  );
}

describe("a cron expression", () => {
  it.each([
    [
      "0 */15 * * * *",
      "2026-07-01T08:07:00Z",
      ["2026-07-01T08:15:00", "2026-07-01T08:30:00", "2026-07-01T08:45:00"],
    ],
    [
      "30 0 2 * * MON",
      "2026-07-01T08:00:00Z",
      ["2026-07-06T02:00:30", "2026-07-13T02:00:30", "2026-07-20T02:00:30"],
    ],
    [
      "0 0 0 ? * 1",
      "2026-07-01T00:00:00Z",
      ["2026-07-05T00:00:00", "2026-07-12T00:00:00", "2026-07-19T00:00:00"],
    ],
    [
      "0 0 12 13 * fri",
      "2026-01-01T00:00:00Z",
      ["2026-02-13T12:00:00", "2026-03-13T12:00:00", "2026-11-13T12:00:00"],
    ],
    [
      "0 0 0 29 feb *",
      "2026-01-01T00:00:00Z",
      ["2028-02-29T00:00:00", "2032-02-29T00:00:00", "2036-02-29T00:00:00"],
    ],
    [
      "0 10/20 3 1-3/2 * *",
      "2026-07-01T03:20:00Z",
      ["2026-07-01T03:30:00", "2026-07-01T03:50:00", "2026-07-03T03:10:00"],
    ],
    [
      "@hourly",
      "2026-07-01T08:00:00Z",
      ["2026-07-01T09:00:00", "2026-07-01T10:00:00", "2026-07-01T11:00:00"],
    ],
    ["0 0 0 1 1 * 2030", "2026-07-01T08:00:00Z", ["2030-01-01T00:00:00"]],
    ["0 0 0 1 1 * 1999", "2026-07-01T08:00:00Z", []],
    ["0 0 0 31 2 *", "2026-07-01T08:00:00Z", []],
  ])("%s after %s runs at", (text, after, expected) => {
    expect(runs(text, after)).toEqual(expected);
  });

  it.each([
    ["* * * * *", /Unix cron/],
    ["", /six fields/],
    ["0 0 0 * * 0", /day of week.*Sunday is 1/],
    ["0 0 0 * * 8", /day of week/],
    ["60 * * * * *", /second.*0 to 59/],
    ["0 */0 * * * *", /minute.*step/],
    ["0 */60 * * * *", /minute.*step/],
    ["0 0 ? * * *", /hour/],
    ["0 5-2 * * * *", /backwards/],
    ["0 0 0 * foo *", /month.*foo/],
    ["0 1,,2 * * * *", /missing/],
    ["@reboot", /macros/],
    ["0 0 0 * * * 2101", /year/],
  ])("%s is refused with the field that is wrong", (text, problem) => {
    expect(readCron(text)).toMatchObject({ ok: false, problem: expect.stringMatching(problem) });
  });

  it("is never thrown over, and its runs rise and lie in the future", () => {
    const part = fc.oneof(
      fc.constantFrom("*", "?", "1", "*/7", "2-5", "mon", "jan", "1,3"),
      fc.string({ maxLength: 4 }),
    );
    const text = fc.array(part, { minLength: 4, maxLength: 8 }).map((parts) => parts.join(" "));
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 4_000_000_000_000 }), (written, after) => {
        const reading = readCron(written);
        if (!reading.ok) return;
        let before = after;
        for (const run of nextRuns(reading.expression, after, 5)) {
          expect(run).toBeGreaterThan(before);
          before = run;
        }
      }),
    );
  });
});

it.each(["constructor", "toString", "__proto__", "hasOwnProperty"])("%s is no macro", (text) => {
  expect(readCron(text)).toMatchObject({ ok: false });
});
