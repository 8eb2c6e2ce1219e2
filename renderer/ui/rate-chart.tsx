import { formatRate } from "./format.ts";
import classes from "./rate-chart.module.css";

const slots = 60;
const height = 84;

/** The last sixty values of a rate as columns, newest at the right, with the scale's top written on it. */
export function RateChart({ values, label }: { values: readonly number[]; label: string }) {
  const top = Math.max(1, ...values);
  const first = slots - values.length;
  return (
    <div className={classes.chart}>
      <svg viewBox={`0 0 ${slots * 5} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {values.map((value, place) => {
          const size = Math.max(value > 0 ? 1.5 : 0, (value / top) * (height - 4));
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
            <rect key={place} x={(first + place) * 5} y={height - size} width="3.6" height={size} />
          );
        })}
        <line x1="0" x2={slots * 5} y1={height - 0.5} y2={height - 0.5} />
      </svg>
      <span className={classes.top}>{formatRate(top)}</span>
    </div>
  );
}
