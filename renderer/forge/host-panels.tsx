import type { OutputFor } from "../../shared/catalogue.ts";
import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { cutMiddle, formatRate } from "../ui/format.ts";
import { ChartPanel } from "./chart-panel.tsx";
import { bucketSecondsOf, type ChartSpan } from "./chart-span.ts";

interface HostPanelsProps {
  span: ChartSpan;
  onZoom: (from: number, to: number) => void;
  name: "forge.series.resources" | "forge.series.database";
  title: string;
}

type HostSeries = OutputFor<HostPanelsProps["name"]>[number];

/** Measures that belong into one chart, because they have one unit. */
const groups: Readonly<Record<string, readonly string[]>> = {
  "Processor and disk use": ["Processor", "Disk used"],
  Memory: ["Memory"],
  "Disk traffic": ["Disk read", "Disk written"],
  "Read latency": ["Read p50", "Read p95", "Read p99"],
  "Write latency": ["Write p50", "Write p95", "Write p99"],
  Operations: ["Reads", "Writes"],
  "Connection pool": ["Pool active", "Pool idle", "Pool size"],
  Size: ["Database size", "Write-ahead log"],
};

/** Charts of one kind of series for each worker that the server tells of. */
export function HostPanels({ span, onZoom, name, title }: HostPanelsProps) {
  const { connectionId, isOpen } = useSystem("forge");
  const window = {
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
    bucketSeconds: bucketSecondsOf(span, 60),
  };
  const {
    data = [],
    error,
    isLoading,
  } = useOperation(name, { connectionId, ...window }, { enabled: isOpen, keepPrevious: true });
  if (data.length === 0) {
    const empty = { x: [], series: [], format: formatRate };
    return (
      <ChartPanel
        title={title}
        note="no worker has figures in this span; servers from 0.3.1 report only workers that are alive now"
        failure={error?.toData()}
        loading={isLoading}
        {...empty}
      />
    );
  }
  return data.flatMap((host) =>
    Object.entries(groups).flatMap(([group, names]) => {
      const measures = host.measures.filter((measure) => names.includes(measure.name) && hasFigures(measure));
      if (measures.length === 0) return [];
      return [
        <HostChart
          key={`${host.host}-${group}`}
          host={host}
          title={`${title}: ${group}`}
          measures={measures}
          onZoom={onZoom}
        />,
      ];
    }),
  );
}

type Measure = HostSeries["measures"][number];

/** A pool on SQLite, a write-ahead log on Postgres: always zero means that there is none. */
function hasFigures({ values }: Measure): boolean {
  return values.some((value) => value !== 0);
}

function HostChart(props: {
  host: HostSeries;
  title: string;
  measures: readonly Measure[];
  onZoom: HostPanelsProps["onZoom"];
}) {
  const { host, title, measures, onZoom } = props;
  const unit = measures[0]?.unit ?? "";
  return (
    <ChartPanel
      title={title}
      note={hostNote(host)}
      x={host.times.map((at) => Date.parse(at) / 1_000)}
      series={measures.map(({ name, values }) => ({
        label: name,
        // A sample is never all zero; a zero stands as often for "no sample" (trap 14).
        values: values.map((value) => value || null),
      }))}
      format={unit === "B" ? formatBytes : (value) => `${formatRate(value)} ${unit}`}
      onZoom={onZoom}
    />
  );
}

function hostNote({ name, host, everyWorker }: HostSeries): string {
  const who = name === undefined ? `host ${cutMiddle(host)}` : `${name} · host ${cutMiddle(host)}`;
  const whose = everyWorker
    ? "workers alive now; stopped ones are not reported"
    : "written by the coordinating worker";
  return `${who}; ${whose}; gaps where it wrote nothing`;
}

const units = ["B", "kB", "MB", "GB", "TB"];

function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
