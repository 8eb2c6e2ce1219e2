import { failureDelaySeconds, saturatedFrom, throttleDelaySeconds } from "../../shared/forge/backoff.ts";
import type { BackoffSettings } from "../../shared/forge/schema.ts";
import { formatDuration } from "../ui/format.ts";
import { SeriesChart } from "../ui/series-chart.tsx";
import classes from "./forge.module.css";

const fewest = 6;
const most = 20;

const seconds = (value: number): string => (value === 0 ? "at once" : formatDuration(value * 1_000));

/** How long a job waits after each failed attempt: the present curve dashed, the new one drawn through, on a log scale. */
export function BackoffCurve({ now, after }: { now: BackoffSettings; after: BackoffSettings }) {
  const last = Math.min(most, Math.max(fewest, saturatedFrom(now) ?? 0, saturatedFrom(after) ?? 0) + 1);
  const attempts = Array.from({ length: last }, (_, index) => index + 1);
  const waits = (settings: BackoffSettings) => attempts.map((each) => failureDelaySeconds(settings, each));
  const [present, wanted] = [waits(now), waits(after)];
  const positive = (values: readonly number[]) => values.map((value) => (value > 0 ? value : null));
  return (
    <>
      <SeriesChart
        label="Wait after each failed attempt"
        logarithmic
        xLabel="Failed attempt"
        x={attempts}
        series={[
          { label: "Now", values: positive(present), color: "--text-dim", dashed: true, points: true },
          { label: "After", values: positive(wanted), color: "--accent", points: true },
        ]}
        format={seconds}
        height={190}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label="Waits">
        <table className={classes.table}>
          <thead>
            <tr>
              <th>After failed attempt</th>
              {attempts.map((each) => (
                <th key={each} data-align="end">
                  {each}
                </th>
              ))}
              <th data-align="end">First cool-down</th>
            </tr>
          </thead>
          <tbody>
            <Waits name="Now" values={present} throttle={throttleDelaySeconds(now, 0)} />
            <Waits name="After" values={wanted} than={present} throttle={throttleDelaySeconds(after, 0)} />
          </tbody>
        </table>
      </section>
    </>
  );
}

function Waits(props: {
  name: string;
  values: readonly number[];
  than?: readonly number[];
  throttle: number;
}) {
  const { name, values, than, throttle } = props;
  return (
    <tr>
      <th scope="row">{name}</th>
      {values.map((value, index) => (
        <td
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the attempt
          key={index}
          data-align="end"
          className={than && than[index] !== value ? classes.changed : undefined}
        >
          {seconds(value)}
        </td>
      ))}
      <td data-align="end">{seconds(throttle)}</td>
    </tr>
  );
}
