/** A tiny line over equal steps, oldest first, from zero up; decoration beside the number that it explains. */
export function Sparkline(props: { values: readonly number[]; width?: number; height?: number }) {
  const { values, width = 64, height = 18 } = props;
  const top = Math.max(1, ...values);
  const step = width / Math.max(1, values.length - 1);
  const points = values.map(
    (value, place) =>
      `${(place * step).toFixed(1)},${(height - 1 - (value / top) * (height - 2)).toFixed(1)}`,
  );
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {points.length > 1 && (
        <polyline points={points.join(" ")} fill="none" stroke="var(--text-faint)" strokeWidth="1.2" />
      )}
    </svg>
  );
}
