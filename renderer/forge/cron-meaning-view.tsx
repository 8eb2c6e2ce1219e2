import { useSteppedNow } from "../state/clock.ts";
import { ExactTime, RelativeTime } from "../ui/relative-time.tsx";
import { meaningOf } from "./cron-words.ts";
import classes from "./forge.module.css";

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
