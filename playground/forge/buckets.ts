const bucketCap = 2000;

export interface Window {
  from: number;
  to: number;
  bucketSeconds: number;
}

/** How many buckets a window has: whole seconds, rounded up, 2000 at most, which cuts off the newest (forge-jobs §6.7). */
export function bucketCount({ from, to, bucketSeconds }: Window): number {
  const seconds = Math.floor((to - from) / 1000);
  return Math.min(Math.max(Math.ceil(seconds / bucketSeconds), 1), bucketCap);
}

/** Nearest rank: the value at ceil(p·n/100), the first at least; 0 of nothing (forge-jobs §13). */
export function nearestRank(values: readonly number[], percent: number): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((left, right) => left - right);
  const rank = Math.max(1, Math.ceil((percent * sorted.length) / 100));
  return sorted[rank - 1] ?? 0;
}

/** The three percentiles under the names that a route gives them. */
export function percentiles(prefix: string, values: readonly number[]): Record<string, number> {
  return {
    [`${prefix}_p50_ms`]: nearestRank(values, 50),
    [`${prefix}_p95_ms`]: nearestRank(values, 95),
    [`${prefix}_p99_ms`]: nearestRank(values, 99),
  };
}

export interface Percentiles {
  count: number;
  p50: number;
  p95: number;
  p99: number;
}

/** Minutes put together: p50 weighted by count and rounded half up, p95 and p99 the largest (forge-jobs §6.8). */
export function mergePercentiles(minutes: readonly Percentiles[]): Percentiles {
  const count = minutes.reduce((sum, minute) => sum + minute.count, 0);
  const weighted = minutes.reduce((sum, minute) => sum + minute.p50 * minute.count, 0);
  return {
    count,
    p50: count === 0 ? 0 : Math.floor(weighted / count + 0.5),
    p95: Math.round(Math.max(0, ...minutes.map(({ p95 }) => p95))),
    p99: Math.round(Math.max(0, ...minutes.map(({ p99 }) => p99))),
  };
}
