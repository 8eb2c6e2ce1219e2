import type { LatticeRow } from "../../shared/lattice/schema.ts";
import { useRateHistory } from "../state/rate-history.ts";
import type { LatticeSelection } from "../state/selection.ts";
import { formatCount, formatRate } from "../ui/format.ts";
import { RateChart } from "../ui/rate-chart.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import classes from "./overview.module.css";

/** How many events a second came in during the last minute. */
export function EventRatePanel({ selection, row }: { selection: LatticeSelection; row: LatticeRow }) {
  const rate = row.eventsPerSecond;
  const history = useRateHistory(`${selection.connectionId}/${selection.lattice}`, rate);
  const values = [...history.slice(0, -1), rate];
  const top = Math.max(...values);
  return (
    <section className={classes.panel} aria-labelledby="event-rate">
      <h2 id="event-rate" className={classes.panelTitle}>
        Events per second, last minute
        <span>{formatRate(rate)}</span>
      </h2>
      <div className={classes.chart}>
        <RateChart
          values={values}
          label={`Events per second: now ${formatRate(rate)}, at most ${formatRate(top)}`}
        />
        <div className={classes.faint}>
          {formatCount(row.eventsTotal)} since this console started
          {row.lastEventAt && (
            <>
              {" · last "}
              <RelativeTime at={row.lastEventAt} />
            </>
          )}
        </div>
      </div>
    </section>
  );
}
