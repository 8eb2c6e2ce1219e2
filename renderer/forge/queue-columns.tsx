import type { DataColumn } from "../ui/data-table/column.ts";
import { formatDuration } from "../ui/format.ts";
import { Sparkline } from "../ui/sparkline.tsx";
import { StateGlyph } from "../ui/state-glyph.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { CountsBar, liveSlots, queueLook } from "./queue-look.tsx";
import type { QueueView } from "./use-queues.ts";

type Column = DataColumn<QueueView>;

const count = (id: string, header: string, value: (row: QueueView) => number): Column => ({
  id,
  header,
  width: 84,
  align: "end",
  quiet: true,
  value,
});

/** The columns of the list of queues. */
export const queueColumns: readonly Column[] = [
  {
    id: "name",
    header: "Queue",
    width: 170,
    value: (row) => row.name,
    render: (row) => (
      <>
        {row.name}
        {row.alerts.length > 0 && (
          <span title={row.alerts.join(" · ")} style={{ marginInlineStart: 6 }}>
            <StateGlyph shape="bang" tone="warn" />
            <span className="visually-hidden">over a threshold: {row.alerts.join(", ")}</span>
          </span>
        )}
      </>
    ),
  },
  {
    id: "state",
    header: "State",
    width: 120,
    value: (row) => queueLook(row).word,
    render: (row) => <StatusBadge state={queueLook(row)} />,
  },
  {
    id: "jobs",
    header: "Jobs",
    width: 130,
    quiet: true,
    searched: false,
    value: ({ counts }) =>
      counts.pending + counts.scheduled + counts.inProgress + counts.failed + counts.dead,
    render: (row) => <CountsBar counts={row.counts} />,
  },
  count("ready", "Ready", ({ counts }) => counts.pending),
  {
    id: "trend",
    header: "Ready, 30 min",
    width: 104,
    quiet: true,
    searched: false,
    value: (row) => row.trend.at(-1),
    render: (row) => <Sparkline values={row.trend} width={84} />,
  },
  {
    id: "lag",
    header: "Lag",
    width: 84,
    align: "end",
    quiet: true,
    value: (row) => row.lagSeconds,
    render: (row) => (row.lagSeconds === 0 ? "–" : formatDuration(row.lagSeconds * 1_000)),
  },
  count("running", "Running", ({ counts }) => counts.inProgress),
  {
    id: "workers",
    header: "Workers",
    width: 84,
    align: "end",
    quiet: true,
    value: (row) => row.maxWorkers,
    render: (row) => `${liveSlots(row)} of ${row.maxWorkers}`,
  },
  count("failed", "Failed", ({ counts }) => counts.failed),
  count("dead", "Dead", ({ counts }) => counts.dead),
  count("scheduled", "Scheduled", ({ counts }) => counts.scheduled),
  { ...count("done", "Done", ({ counts }) => counts.done), hidden: true },
  {
    id: "backoff",
    header: "Backoff",
    width: 120,
    hidden: true,
    value: ({ backoff }) => (backoff.enabled ? `${backoff.baseSeconds}–${backoff.maxSeconds} s` : "off"),
  },
  {
    id: "retention",
    header: "Keeps done / dead",
    width: 120,
    hidden: true,
    value: (row) => `${row.retainDoneDays} d / ${row.retainDeadDays} d`,
  },
  { id: "alerts", header: "Alerts", width: 200, hidden: true, value: (row) => row.alerts },
];
