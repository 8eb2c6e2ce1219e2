import { formatRate } from "./format.ts";

/** A line chart in words: how many points, the last, the lowest and the highest value. */
export function chartSummary(label: string, values: readonly number[]): string {
  if (values.length === 0) return `${label}: nothing measured yet.`;
  const last = values.at(-1) as number;
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return `${label}: ${formatRate(last)} now, between ${formatRate(low)} and ${formatRate(high)} over ${values.length} points.`;
}

/** The newest figure of each of several series in words. */
export function seriesSummary(
  label: string,
  series: readonly { label: string; values: readonly (number | null)[] }[],
  format: (value: number) => string,
): string {
  const parts = series.map(({ label: name, values }) => {
    const last = values.findLast((value) => value !== null);
    return `${name} ${last === undefined || last === null ? "without figures" : format(last)}`;
  });
  return `${label}: ${parts.join(", ") || "nothing to draw"}.`;
}
