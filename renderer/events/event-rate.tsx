import { useMemo } from "react";
import { useRateHistory } from "../state/rate-history.ts";
import { TimeChart } from "../ui/time-chart.tsx";
import classes from "./events.module.css";

/** Events per second over the last minute. */
export function EventRate(props: { connectionId: string; lattice: string; rate: number }) {
  const values = useRateHistory(`${props.connectionId}/${props.lattice}`, props.rate);
  const times = useMemo(() => {
    const now = Math.floor(Date.now() / 1_000);
    return values.map((_value, at) => now - values.length + 1 + at);
  }, [values]);
  return (
    <div className={classes.rate}>
      <TimeChart label="Events per second" times={times} values={values} height={84} />
    </div>
  );
}
