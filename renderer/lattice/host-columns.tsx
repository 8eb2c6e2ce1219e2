import type { HostRow } from "../../shared/lattice/schema.ts";
import { IdCell, TimeCell } from "../ui/data-table/cells.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { StatusBadge } from "../ui/status-badge.tsx";
import { Chips } from "./chips.tsx";
import { MarkedName } from "./marks.tsx";
import { Uptime } from "./uptime.tsx";

const statusRank: Record<HostRow["status"], number> = { lost: 0, stale: 1, live: 2, stopped: 3 };

/** The columns of the hosts page; their ids are the names in the filter. */
export const hostColumns: readonly DataColumn<HostRow>[] = [
  {
    id: "name",
    header: "Name",
    width: 190,
    value: (row) => row.friendlyName,
    render: (row) => <HostName row={row} />,
  },
  {
    id: "id",
    header: "Id",
    width: 150,
    mono: true,
    value: (row) => row.id,
    render: (row) => <IdCell id={row.id} />,
  },
  {
    id: "status",
    header: "Status",
    width: 96,
    value: (row) => row.status,
    sortValue: (row) => statusRank[row.status],
    render: (row) => <StatusBadge state={row.status} />,
  },
  { id: "version", header: "Version", width: 76, value: (row) => row.version },
  {
    id: "labels",
    header: "Labels",
    width: 220,
    value: (row) => row.labels,
    render: (row) => <Chips map={row.labels} brief />,
  },
  { id: "components", header: "Components", width: 100, align: "end", value: (row) => row.componentCount },
  { id: "instances", header: "Instances", width: 90, align: "end", value: (row) => row.instanceCount },
  { id: "providers", header: "Providers", width: 86, align: "end", value: (row) => row.providerCount },
  {
    id: "uptime",
    header: "Uptime",
    width: 96,
    align: "end",
    quiet: true,
    searched: false,
    value: runningSince,
    sortValue: (row) => uptimeRank(runningSince(row)),
    render: (row) => <HostUptime since={runningSince(row)} />,
  },
  {
    id: "seen",
    header: "Last seen",
    width: 92,
    align: "end",
    quiet: true,
    searched: false,
    value: (row) => row.lastSeenAt,
    render: (row) => row.lastSeenAt && <TimeCell at={row.lastSeenAt} />,
  },
  {
    id: "problem",
    header: "Problem",
    hidden: true,
    width: 240,
    value: (row) => row.problem,
  },
];

/** A host that stopped or is lost has no uptime; it has a time since which it is gone. */
function runningSince(row: HostRow): string | undefined {
  return row.status === "live" || row.status === "stale" ? row.startedAt : undefined;
}

function uptimeRank(since: string | undefined): number | undefined {
  return since ? -Date.parse(since) : undefined;
}

function HostUptime({ since }: { since: string | undefined }) {
  return since ? <Uptime startedAt={since} /> : null;
}

function HostName({ row }: { row: HostRow }) {
  const mark = row.problem ? ({ shape: "question", tone: "warn", label: row.problem } as const) : undefined;
  return <MarkedName name={row.friendlyName || "unnamed"} mark={mark} />;
}
