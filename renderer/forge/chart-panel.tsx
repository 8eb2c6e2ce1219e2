import type { ReactNode } from "react";
import type { FailureData } from "../../shared/contract/index.ts";
import { SeriesChart, type SeriesChartProps } from "../ui/series-chart.tsx";
import classes from "./forge.module.css";

interface ChartPanelProps extends Omit<SeriesChartProps, "label" | "time"> {
  title: string;
  /** Where the figures come from, and what they mean. */
  note: ReactNode;
  failure?: FailureData | undefined;
  loading?: boolean;
}

/** One chart over time under its heading, or why there is none. */
export function ChartPanel({ title, note, failure, loading, ...chart }: ChartPanelProps) {
  const isEmpty = chart.series.every(({ values }) => values.every((value) => value === null));
  return (
    <section className={classes.panel} aria-label={title}>
      <h2>
        {title} <span>{note}</span>
      </h2>
      {failure && <p className={classes.bad}>{`${failure.message} ${failure.hint ?? ""}`}</p>}
      {!failure && isEmpty && (
        <p className={classes.hint}>{loading ? "Reading…" : "No figures in this span."}</p>
      )}
      {!failure && !isEmpty && <SeriesChart {...chart} label={title} time />}
    </section>
  );
}
