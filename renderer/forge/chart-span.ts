/** A span of time that charts show: the last part of the present, or one that was dragged over. Milliseconds. */
export interface ChartSpan {
  from: number;
  to: number;
}

export const spanChoices = [
  { value: "900", label: "15 min" },
  { value: "3600", label: "1 h" },
  { value: "21600", label: "6 h" },
  { value: "86400", label: "24 h" },
  { value: "259200", label: "3 d" },
] as const;

const steps = [1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];
const mostBuckets = 120;

/** Seconds of a bucket, so that a span has at most about a hundred of them (forge-jobs trap 15). */
export function bucketSecondsOf({ from, to }: ChartSpan, least = 1): number {
  const seconds = (to - from) / 1_000;
  return steps.find((step) => step >= least && seconds / step <= mostBuckets) ?? 86_400;
}

/** What was dragged over, in seconds of the chart, as a span of at least a minute. */
export function zoomedSpan(fromSeconds: number, toSeconds: number): ChartSpan {
  const from = Math.floor(fromSeconds * 1_000);
  const to = Math.ceil(toSeconds * 1_000);
  const missing = Math.max(0, 60_000 - (to - from));
  return { from: from - Math.ceil(missing / 2), to: to + Math.ceil(missing / 2) };
}
