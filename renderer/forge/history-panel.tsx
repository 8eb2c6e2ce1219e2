import { useMemo } from "react";
import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { formatDuration, formatRate } from "../ui/format.ts";
import { ChartPanel } from "./chart-panel.tsx";
import type { ChartSpan } from "./chart-span.ts";

interface HistoryPanelProps {
  span: ChartSpan;
  onZoom: (from: number, to: number) => void;
  family: string;
  title: string;
  unit?: "s";
  queue: string | undefined;
}

const most = 7;

/** One family of figures as the console has recorded them, a line for each queue; the largest where there are many. */
export function HistoryPanel({ span, onZoom, family, title, unit, queue }: HistoryPanelProps) {
  const { connectionId, isOpen } = useSystem("forge");
  const { data, error, isLoading } = useOperation(
    "forge.history.get",
    {
      connectionId,
      from: new Date(span.from).toISOString(),
      to: new Date(span.to).toISOString(),
      points: 240,
      family,
      ...(queue !== undefined && { queue }),
    },
    { enabled: isOpen, keepPrevious: true },
  );
  const series = useMemo(() => {
    const all = (data?.series ?? []).map((one) => ({ label: one.queue, values: one.values }));
    return all.sort((left, right) => peak(right.values) - peak(left.values)).slice(0, most);
  }, [data]);
  const hidden = (data?.series.length ?? 0) - series.length;
  return (
    <ChartPanel
      title={title}
      note={`recorded by this console${hidden > 0 ? `; ${hidden} smaller queues not drawn` : ""}`}
      failure={error?.toData()}
      loading={isLoading}
      x={data?.times ?? []}
      series={series}
      format={unit === "s" ? (value) => formatDuration(value * 1_000) : formatRate}
      onZoom={onZoom}
    />
  );
}

function peak(values: readonly (number | null)[]): number {
  return values.reduce<number>((high, value) => Math.max(high, value ?? 0), 0);
}
