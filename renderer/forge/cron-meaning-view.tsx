import { toString as describeCron } from "cronstrue";
import { nextRuns, readCron } from "../../shared/forge/cron-expression.ts";
import { useSteppedNow } from "../state/clock.ts";
import { ExactTime, RelativeTime } from "../ui/relative-time.tsx";
import classes from "./forge.module.css";

type CronMeaning = { ok: true; words: string; runs: readonly number[] } | { ok: false; problem: string };

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

/** What an expression means, and its next times; or what is wrong with it. */
export function CronMeaningView({ expression }: { expression: string }) {
  const now = useSteppedNow(1_000);
  const meaning = meaningOf(expression, now);
  if (!meaning.ok) {
    return (
      <p role="alert" className={classes.bad}>
        {meaning.problem}
      </p>
    );
  }
  return (
    <div className={classes.stack}>
      <p>
        <code>{expression}</code>
        <br />
        {meaning.words}
      </p>
      {meaning.runs.length === 0 && <p className={classes.warn}>It never runs again.</p>}
      <table className={classes.table}>
        <caption className="visually-hidden">Next times</caption>
        <tbody>
          {meaning.runs.map((at) => (
            <tr key={at}>
              <td>
                <ExactTime at={at} />
              </td>
              <td data-align="end">
                <RelativeTime at={at} future />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
