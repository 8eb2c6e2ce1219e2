export interface Figure {
  name: string;
  value: number;
  unit: string;
  budget?: { atMost?: number; atLeast?: number };
  details?: Record<string, unknown>;
}

/** Prints one measured figure as a JSON line, with whether it keeps its budget. */
export function report(figure: Figure): void {
  const { value, budget } = figure;
  const rounded = Math.round(value * 1_000) / 1_000;
  const kept =
    budget && value <= (budget.atMost ?? Number.POSITIVE_INFINITY) && value >= (budget.atLeast ?? 0);
  console.log(JSON.stringify({ ...figure, value: rounded, ...(budget && { kept }) }));
}

/** The middle value; of an even number, the upper middle one. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value below which this share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
