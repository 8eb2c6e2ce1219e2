import { toString as describeCron } from "cronstrue";
import { nextRuns, readCron } from "../../shared/forge/cron-expression.ts";

export type CronMeaning =
  | { ok: true; words: string; runs: readonly number[] }
  | { ok: false; problem: string };

const shownRuns = 5;

/** What an expression means in words, and its next times in milliseconds; or what is wrong with it. */
export function meaningOf(text: string, now: number): CronMeaning {
  const reading = readCron(text);
  if (!reading.ok) return reading;
  return {
    ok: true,
    words: wordsOf(reading.expression.text),
    runs: nextRuns(reading.expression, now, shownRuns),
  };
}

function wordsOf(text: string): string {
  try {
    // Sunday is 1 in the servers' dialect (forge-jobs §7.8).
    const options = { use24HourTimeFormat: true, dayOfWeekStartIndexZero: false, verbose: true };
    return `${describeCron(text, options)}, UTC`;
  } catch {
    // Valid, but more than the describing library knows.
    return "At the times below, UTC";
  }
}
