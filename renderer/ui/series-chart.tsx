import "uplot/dist/uPlot.min.css";
import { useMantineColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import { useUiStore } from "../state/ui-store.ts";
import { seriesSummary } from "./chart-summary.ts";
import { formatClock } from "./format.ts";
import classes from "./series-chart.module.css";

export interface ChartSeries {
  label: string;
  /** As long as `x`; null where there is nothing. */
  values: readonly (number | null)[];
  /** A colour of the page, such as `--accent`; one of a fixed row of colours unless given. */
  color?: string;
  dashed?: boolean;
  points?: boolean;
}

export interface SeriesChartProps {
  /** What is drawn: "Jobs by state". */
  label: string;
  /** Rising; seconds since the epoch where `time` is set. */
  x: readonly number[];
  series: readonly ChartSeries[];
  format: (value: number) => string;
  /** What `x` is, such as "Attempt". */
  xLabel?: string;
  time?: boolean;
  /** A logarithmic scale; values of zero and below are left out. */
  logarithmic?: boolean;
  height?: number;
  /** Told the span that was dragged over, in units of `x`; without it nothing can be dragged. */
  onZoom?: ((from: number, to: number) => void) | undefined;
}

/** Steps between the marks of an axis: seconds that make sense on a clock, and whole numbers. */
const timeSteps = [1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];
const wholeSteps = [1, 2, 5, 10, 20, 50, 100];

/** So few figures are drawn as points too, for a line alone would not show them. */
const fewFigures = 30;

const palette = ["--accent", "--good", "--warn", "--sim", "--bad", "--flight", "--text-dim"];

/** Several values over one axis on a canvas, with their figures under the pointer; a screen reader gets them in words. */
export function SeriesChart(props: SeriesChartProps) {
  const {
    label,
    x,
    series,
    time = false,
    logarithmic = false,
    height = 180,
    format,
    xLabel = "Time",
  } = props;
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const zoom = useRef(props.onZoom);
  zoom.current = props.onZoom;
  const { colorScheme } = useMantineColorScheme();
  const utc = useUiStore((state) => state.utc);
  const shape = JSON.stringify([label, time, logarithmic, height, utc, series.map(seriesLook)]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` holds what the chart is made of; colours are read from the page
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const look = { series, time, logarithmic, height, utc, format, xLabel, onZoom: zoom };
    const made = new uPlot(chartOptions(element, look), dataOf(x, series), element);
    chart.current = made;
    const resize = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      made.destroy();
      chart.current = undefined;
    };
  }, [shape, colorScheme]);
  useEffect(() => {
    chart.current?.setData(dataOf(x, series));
  }, [x, series]);
  return (
    <figure className={classes.chart}>
      <div ref={host} aria-hidden="true" />
      <figcaption className="visually-hidden">{seriesSummary(label, series, format)}</figcaption>
    </figure>
  );
}

function seriesLook({ label, color, dashed, points, values }: ChartSeries) {
  return [label, color, dashed, points, isSparse(values)];
}

function dataOf(x: readonly number[], series: readonly ChartSeries[]): uPlot.AlignedData {
  return [[...x], ...series.map(({ values }) => [...values])];
}

interface Look
  extends Required<
    Pick<SeriesChartProps, "series" | "time" | "logarithmic" | "height" | "format" | "xLabel">
  > {
  utc: boolean;
  onZoom: { current: SeriesChartProps["onZoom"] };
}

function chartOptions(element: HTMLElement, look: Look): uPlot.Options {
  const { time, logarithmic, format, utc } = look;
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--text-dim"),
    grid: { stroke: colour("--border"), width: 1 },
    ticks: { show: false },
    font: `11px ${colour("--font-sans")}`,
  };
  const showX = (value: number) => (time ? formatClock(value * 1_000, utc) : String(value));
  return {
    width: Math.max(1, element.clientWidth),
    height: look.height,
    padding: [8, 16, 0, 0],
    cursor: { drag: { x: look.onZoom.current !== undefined, y: false, setScale: false } },
    hooks: { setSelect: [(chart) => selected(chart, look.onZoom)] },
    scales: {
      x: { time: false },
      y: logarithmic
        ? { distr: 3 }
        : { range: (_chart, low, high) => [Math.min(0, low ?? 0), Math.max(1, (high ?? 1) * 1.1)] },
    },
    axes: [
      {
        ...axis,
        size: 24,
        incrs: time ? timeSteps : wholeSteps,
        space: time ? 110 : 40,
        values: (_chart, ticks) => ticks.map(showX),
      },
      {
        ...axis,
        size: 78,
        values: (_chart, ticks) => ticks.map((tick) => (tick === null ? "" : format(tick))),
      },
    ],
    series: [
      { label: look.xLabel, value: (_chart, value) => (value === null ? "–" : showX(value)) },
      ...look.series.map((one, index) => ({
        label: one.label,
        stroke: colour(one.color ?? (palette[index % palette.length] as string)),
        width: 1.5,
        ...(one.dashed && { dash: [5, 4] }),
        points: { show: one.points === true || isSparse(one.values), size: 5 },
        spanGaps: false,
        value: (_chart: uPlot, value: number | null) => (value === null ? "–" : format(value)),
      })),
    ],
  };
}

function isSparse(values: ChartSeries["values"]): boolean {
  return values.filter((value) => value !== null).length <= fewFigures;
}

/** A drag of a few pixels is a click. */
const shortestDrag = 6;

function selected(chart: uPlot, onZoom: { current: SeriesChartProps["onZoom"] }): void {
  const { left, width } = chart.select;
  if (width < shortestDrag) return;
  onZoom.current?.(chart.posToVal(left, "x"), chart.posToVal(left + width, "x"));
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}
