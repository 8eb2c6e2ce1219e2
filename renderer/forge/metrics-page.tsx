import { Button, SegmentedControl, Select } from "@mantine/core";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { useOperation } from "../client/query.ts";
import { useTopic } from "../client/use-topic.ts";
import { useSteppedNow } from "../state/clock.ts";
import { useSystem } from "../state/selection.ts";
import { formatDuration, formatRate } from "../ui/format.ts";
import { Page } from "../ui/page.tsx";
import { ExactTime } from "../ui/relative-time.tsx";
import { ChartPanel } from "./chart-panel.tsx";
import { type ChartSpan, spanChoices, zoomedSpan } from "./chart-span.ts";
import { FamiliesPanel } from "./families-panel.tsx";
import classes from "./forge.module.css";
import { HostPanels } from "./host-panels.tsx";
import { QueueSeriesPanels, TimelinePanels } from "./timeline-panels.tsx";
import { useHas } from "./use-level.ts";

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
function HistoryPanel({ span, onZoom, family, title, unit, queue }: HistoryPanelProps) {
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

/** Figures over time: recorded by the console, and as the server tells them; dragging over any chart zooms all of them. */
export function MetricsPage() {
  const { connectionId } = useSystem("forge");
  const [parameters, setParameters] = useSearchParams();
  const seconds = spanChoices.find(({ value }) => value === parameters.get("span"))?.value ?? "3600";
  const queue = parameters.get("queue") ?? undefined;
  const [zoomed, setZoomed] = useState<ChartSpan>();
  const now = useSteppedNow(15_000);
  const span = zoomed ?? { from: now - Number(seconds) * 1_000, to: now };
  const change = (name: string, value: string | null) =>
    setParameters((present) => {
      const next = new URLSearchParams(present);
      if (value) next.set(name, value);
      else next.delete(name);
      return next;
    });
  const hasSeries = useHas("0.2.0");
  const queues = useTopic("forge.queues", { connectionId }).rows.map(({ name }) => name);
  const view = { span, onZoom: (from: number, to: number) => setZoomed(zoomedSpan(from, to)) };
  return (
    <Page
      title="Metrics"
      counts={zoomed && <Zoomed span={zoomed} />}
      notices={
        hasSeries === false && (
          <p className={classes.hint}>
            This server has no figures over time of its own: they came with forge-jobs 0.2.0. Shown is what
            this console has recorded.
          </p>
        )
      }
      scroll
      actions={
        <>
          {zoomed && (
            <Button variant="default" onClick={() => setZoomed(undefined)}>
              Back to now
            </Button>
          )}
          <Select
            aria-label="Queue"
            placeholder="Every queue"
            data={[...queues].sort()}
            value={queue ?? null}
            clearable
            w={170}
            onChange={(value) => change("queue", value)}
          />
          <SegmentedControl
            aria-label="Span"
            data={[...spanChoices]}
            value={seconds}
            onChange={(value) => {
              setZoomed(undefined);
              change("span", value);
            }}
          />
        </>
      }
    >
      <div className={classes.panels}>
        <HistoryPanel {...view} family="queue_pending_jobs" title="Ready jobs" queue={queue} />
        <HistoryPanel
          {...view}
          family="queue_oldest_pending_age_seconds"
          title="Lag"
          unit="s"
          queue={queue}
        />
        <HistoryPanel {...view} family="queue_in_flight_jobs" title="Running jobs" queue={queue} />
        <HistoryPanel {...view} family="queue_dead_jobs" title="Dead jobs" queue={queue} />
        {hasSeries &&
          (queue === undefined ? (
            <TimelinePanels {...view} />
          ) : (
            <QueueSeriesPanels {...view} queue={queue} />
          ))}
        {hasSeries && <HostPanels {...view} name="forge.series.resources" title="Worker" />}
        {hasSeries && <HostPanels {...view} name="forge.series.database" title="Database" />}
      </div>
      <FamiliesPanel />
    </Page>
  );
}

function Zoomed({ span }: { span: ChartSpan }) {
  return (
    <>
      <ExactTime at={span.from} /> – <ExactTime at={span.to} />
    </>
  );
}
