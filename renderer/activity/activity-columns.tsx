import { type Activity, type ActivityState, activityStates } from "../../shared/contract/index.ts";
import { ActivityPips } from "../ui/activity-pips.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { formatDuration } from "../ui/format.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";

/** The columns of the table of activities; `nameOf` gives a connection's name. */
export function activityColumns(nameOf: (connectionId: string) => string): DataColumn<Activity>[] {
  return [
    {
      id: "started",
      header: "Started",
      width: 100,
      quiet: true,
      value: (row) => row.startedAt,
      sortValue: (row) => Date.parse(row.startedAt),
      render: (row) => <RelativeTime at={row.startedAt} />,
    },
    {
      id: "state",
      header: "State",
      width: 140,
      value: (row) => row.state,
      render: (row) => <StatusBadge state={row.state} filled />,
      sortValue: (row) => rankOf(row.state),
    },
    {
      id: "progress",
      header: "Progress",
      width: 96,
      quiet: true,
      value: (row) => row.steps.length,
      render: (row) => <ActivityPips activity={row} />,
    },
    { id: "title", header: "What", width: 260, value: (row) => row.title },
    { id: "target", header: "Target", width: 200, value: (row) => row.target?.label },
    { id: "host", header: "Host", width: 150, hidden: true, value: (row) => row.target?.hostName },
    { id: "message", header: "What is known", width: 280, value: (row) => row.message },
    { id: "reason", header: "Reason", width: 160, value: (row) => row.reason },
    { id: "connection", header: "Connection", width: 110, value: (row) => nameOf(row.connectionId) },
    { id: "lattice", header: "Lattice", width: 90, hidden: true, value: (row) => row.target?.lattice },
    {
      id: "acknowledged",
      header: "Acknowledged",
      width: 100,
      align: "end",
      hidden: true,
      value: (row) => row.acknowledgedAfterMs,
      render: (row) => duration(row.acknowledgedAfterMs),
    },
    {
      id: "took",
      header: "Confirmed after",
      width: 110,
      align: "end",
      value: (row) => row.confirmedAfterMs,
      render: (row) => duration(row.confirmedAfterMs),
    },
    { id: "actor", header: "By", width: 90, hidden: true, value: (row) => row.actor },
    { id: "batch", header: "Batch", width: 120, hidden: true, mono: true, value: (row) => row.batch },
  ];
}

/** What needs a look sorts first. */
function rankOf(state: ActivityState): number {
  const first: readonly ActivityState[] = ["unknown", "failed", "refused", ...activityStates];
  return first.indexOf(state);
}

function duration(milliseconds: number | undefined): string {
  return milliseconds === undefined ? "" : formatDuration(milliseconds);
}
