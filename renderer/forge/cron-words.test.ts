import { describe, expect, it } from "vitest";
import { meaningOf } from "./cron-meaning-view.tsx";

const now = Date.parse("2026-07-01T08:07:00Z");

describe("the meaning of an expression", () => {
  it.each([
    ["0 30 2 * * *", /02:30/, "2026-07-02T02:30:00.000Z"],
    ["0 0 9 * * 2", /Monday/, "2026-07-06T09:00:00.000Z"],
    ["0 0 9 * * MON", /Monday/, "2026-07-06T09:00:00.000Z"],
    ["@hourly", /hour/, "2026-07-01T09:00:00.000Z"],
    ["0 0 0 1 1 ? 2030", /2030/, "2030-01-01T00:00:00.000Z"],
  ])("%s is told in words and times that agree", (text, words, first) => {
    const meaning = meaningOf(text, now);
    if (!meaning.ok) throw new Error(meaning.problem);
    expect(meaning.words).toMatch(words);
    expect(new Date(meaning.runs[0] ?? 0).toISOString()).toBe(first);
  });

  it("tells what is wrong", () => {
    expect(meaningOf("*/5 * * * *", now)).toMatchObject({
      ok: false,
      problem: expect.stringContaining("seconds"),
    });
  });
});
