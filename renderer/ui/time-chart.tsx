import "uplot/dist/uPlot.min.css";
import { useMantineColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import { useUiStore } from "../state/ui-store.ts";
import { chartSummary } from "./chart-summary.ts";
import { formatClock, formatRate } from "./format.ts";
import classes from "./time-chart.module.css";

export interface TimeChartProps {
  /** What is drawn, with its unit: "Events per second". */
  label: string;
  /** Seconds since the epoch, rising. */
  times: readonly number[];
  values: readonly number[];
  height?: number;
}

/** One value over time on a canvas, in the theme's colours; a screen reader gets the figures in words. */
export function TimeChart({ label, times, values, height = 96 }: TimeChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const { colorScheme } = useMantineColorScheme();
  const utc = useUiStore((state) => state.utc);
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read from the page, so a new scheme needs a new chart
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = new uPlot(chartOptions(element, { label, height, utc }), [[], []], element);
    chart.current = made;
    const resize = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      made.destroy();
      chart.current = undefined;
    };
  }, [label, height, utc, colorScheme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart made anew needs its data again
  useEffect(() => {
    chart.current?.setData([[...times], [...values]]);
  }, [times, values, label, height, utc, colorScheme]);
  return (
    <figure className={classes.chart}>
      <div ref={host} aria-hidden="true" style={{ height }} />
      <figcaption className="visually-hidden">{chartSummary(label, values)}</figcaption>
    </figure>
  );
}

function chartOptions(
  element: HTMLElement,
  { label, height, utc }: { label: string; height: number; utc: boolean },
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--text-dim"),
    grid: { stroke: colour("--border"), width: 1 },
    ticks: { show: false },
    font: `11px ${colour("--font-sans")}`,
  };
  return {
    width: Math.max(1, element.clientWidth),
    height,
    legend: { show: false },
    cursor: { show: false },
    padding: [6, 28, 0, 0],
    // Always a whole minute at least, so that the first seconds do not fill the chart.
    scales: {
      x: { range: (_chart, low, high) => [Math.min(low ?? 0, (high ?? 0) - 59), high ?? 0] },
      y: { range: (_chart, _low, high) => [0, Math.max(1, (high ?? 1) * 1.15)] },
    },
    axes: [
      {
        ...axis,
        size: 22,
        space: 110,
        values: (_chart, ticks) => ticks.map((tick) => formatClock(tick * 1_000, utc)),
      },
      { ...axis, size: 44, values: (_chart, ticks) => ticks.map(formatRate) },
    ],
    series: [
      {},
      {
        label,
        stroke: colour("--accent"),
        fill: colour("--accent-soft"),
        width: 1.5,
        points: { show: false },
      },
    ],
  };
}
