import type { Schedule } from "../../shared/forge/cron-schema.ts";
import { TimeCell } from "../ui/data-table/cells.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import type { StateLook } from "../ui/state-look.ts";
import { StatusBadge } from "../ui/status-badge.tsx";

/** How a schedule stands. */
export function scheduleLook({ enabled, lastError }: Schedule): StateLook {
  if (lastError) return { tone: "bad", shape: "cross", word: enabled ? "on, failed" : "off, failed" };
  return enabled
    ? { tone: "good", shape: "check", word: "on" }
    : { tone: "idle", shape: "square", word: "off" };
}

/** The columns of the list of schedules. */
export const scheduleColumns: readonly DataColumn<Schedule>[] = [
  { id: "name", header: "Schedule", width: 170, value: (row) => row.name },
  {
    id: "state",
    header: "State",
    width: 100,
    value: (row) => scheduleLook(row).word,
    render: (row) => <StatusBadge state={scheduleLook(row)} />,
  },
  { id: "expression", header: "Expression", width: 160, mono: true, value: (row) => row.expression },
  {
    id: "next",
    header: "Next",
    width: 100,
    align: "end",
    quiet: true,
    searched: false,
    value: (row) => row.nextFireAt,
    render: (row) => (row.enabled && row.nextFireAt ? <NextTime at={row.nextFireAt} /> : "–"),
  },
  {
    id: "last",
    header: "Last fired",
    width: 100,
    align: "end",
    quiet: true,
    searched: false,
    value: (row) => row.lastFiredAt,
    render: (row) => row.lastFiredAt && <TimeCell at={row.lastFiredAt} />,
  },
  { id: "kind", header: "Kind", width: 140, value: (row) => row.kind },
  { id: "queue", header: "Queue", width: 120, value: (row) => row.queueName },
  {
    id: "overlap",
    header: "Overlap",
    width: 110,
    value: (row) => (row.dedupeKnown ? (row.dedupeKey ? "skipped" : "allowed") : undefined),
  },
  { id: "error", header: "Last error", width: 200, value: (row) => row.lastError },
];

function NextTime({ at }: { at: string }) {
  return <RelativeTime at={at} future />;
}
