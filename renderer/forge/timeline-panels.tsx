import { useMemo } from "react";
import type { OutputFor } from "../../shared/catalogue.ts";
import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { formatDuration, formatRate } from "../ui/format.ts";
import { ChartPanel } from "./chart-panel.tsx";
import { bucketSecondsOf, type ChartSpan } from "./chart-span.ts";

interface PanelsProps {
  span: ChartSpan;
  onZoom: (from: number, to: number) => void;
}

type Timed = OutputFor<"forge.series.queue">[number];

/** What happened to jobs, and how long they took, in the whole installation. */
export function TimelinePanels({ span, onZoom }: PanelsProps) {
  const window = useWindow(span, 1);
  const { connectionId, isOpen } = useSystem("forge");
  const { data, error, isLoading } = useOperation(
    "forge.timeline.get",
    { connectionId, ...window },
    { enabled: isOpen, keepPrevious: true },
  );
  const buckets = data ?? [];
  const x = useTimes(data);
  const shared = { x, onZoom, failure: error?.toData(), loading: isLoading };
  const per = `per ${formatDuration(window.bucketSeconds * 1_000)}`;
  return (
    <>
      <ChartPanel
        {...shared}
        title="Jobs, every queue"
        note={`${per}; "given up" means dead`}
        series={[
          { label: "Enqueued", values: buckets.map(({ enqueued }) => enqueued), color: "--text-dim" },
          { label: "Started", values: buckets.map(({ started }) => started), color: "--flight" },
          { label: "Completed", values: buckets.map(({ completed }) => completed), color: "--good" },
          { label: "Retried", values: buckets.map(({ retried }) => retried), color: "--warn" },
          { label: "Given up", values: buckets.map(({ failed }) => failed), color: "--bad" },
        ]}
        format={formatRate}
      />
      <Latency
        {...shared}
        buckets={buckets}
        measure="processingMs"
        title="Processing time"
        note="from start to end"
      />
      <Latency
        {...shared}
        buckets={buckets}
        measure="totalMs"
        title="Total time"
        note="from enqueueing to end"
      />
    </>
  );
}

/** Throughput and latency of one queue, from the server's rollup. */
export function QueueSeriesPanels({ span, onZoom, queue }: PanelsProps & { queue: string }) {
  const window = useWindow(span, 60);
  const { connectionId, isOpen } = useSystem("forge");
  const { data, error, isLoading } = useOperation(
    "forge.series.queue",
    { connectionId, queue, ...window },
    { enabled: isOpen, keepPrevious: true },
  );
  const buckets = data ?? [];
  const x = useTimes(data);
  const shared = { x, onZoom, failure: error?.toData(), loading: isLoading };
  const per = `per ${formatDuration(window.bucketSeconds * 1_000)}, a minute or two late`;
  return (
    <>
      <ChartPanel
        {...shared}
        title={`Jobs of ${queue}`}
        note={per}
        series={[
          { label: "Enqueued", values: buckets.map(({ enqueued }) => enqueued), color: "--text-dim" },
          { label: "Completed", values: buckets.map(({ completed }) => completed), color: "--good" },
          { label: "Given up", values: buckets.map(({ failed }) => failed), color: "--bad" },
        ]}
        format={formatRate}
      />
      <Latency
        {...shared}
        buckets={buckets}
        measure="processingMs"
        title="Processing time"
        note="from start to end"
      />
      <Latency
        {...shared}
        buckets={buckets}
        measure="totalMs"
        title="Total time"
        note="from enqueueing to end"
      />
    </>
  );
}

interface LatencyProps {
  x: readonly number[];
  onZoom: PanelsProps["onZoom"];
  buckets: readonly Timed[];
  measure: "processingMs" | "totalMs";
  title: string;
  note: string;
}

function Latency({ buckets, measure, ...chart }: LatencyProps) {
  // Zero stands for "no job ended here".
  const values = (rank: "p50" | "p95" | "p99") => buckets.map((bucket) => bucket[measure][rank] || null);
  return (
    <ChartPanel
      {...chart}
      series={[
        { label: "p50", values: values("p50"), color: "--accent" },
        { label: "p95", values: values("p95"), color: "--warn" },
        { label: "p99", values: values("p99"), color: "--bad" },
      ]}
      format={formatDuration}
    />
  );
}

function useWindow(span: ChartSpan, leastSeconds: number) {
  const bucketSeconds = bucketSecondsOf(span, leastSeconds);
  return { from: new Date(span.from).toISOString(), to: new Date(span.to).toISOString(), bucketSeconds };
}

function useTimes(buckets: readonly { at: string }[] | undefined): readonly number[] {
  return useMemo(() => (buckets ?? []).map(({ at }) => Date.parse(at) / 1_000), [buckets]);
}
