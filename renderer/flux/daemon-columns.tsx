import type { FluxDaemonRow } from "../../shared/flux/schema.ts";
import { TimeCell } from "../ui/data-table/cells.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { formatRoundTrip } from "../ui/format.ts";
import { StateGlyph } from "../ui/state-glyph.tsx";
import type { StateLook } from "../ui/state-look.ts";
import { StatusBadge } from "../ui/status-badge.tsx";
import classes from "./flux.module.css";
import { daemonLook, repositoryLook, syncLook } from "./flux-look.ts";

const rank: Record<FluxDaemonRow["status"], number> = { disconnected: 0, connected: 1, waiting: 2 };

/** The columns of the daemons page; their ids are the names in the filter. */
export const daemonColumns: readonly DataColumn<FluxDaemonRow>[] = [
  {
    id: "name",
    header: "Name",
    width: 160,
    value: (row) => row.name,
    render: (row) => <DaemonName row={row} />,
  },
  {
    id: "status",
    header: "Status",
    width: 120,
    value: (row) => daemonLook(row).word,
    sortValue: (row) => rank[row.status],
    render: (row) => <StatusBadge state={daemonLook(row)} />,
  },
  {
    id: "since",
    header: "Since",
    width: 80,
    align: "end",
    quiet: true,
    searched: false,
    value: (row) => row.statusSince,
    render: (row) => <TimeCell at={row.statusSince} />,
  },
  { id: "version", header: "Version", width: 78, value: (row) => row.version },
  {
    id: "protocol",
    header: "Protocol",
    width: 76,
    value: (row) => (row.protocol === undefined ? undefined : `V${row.protocol}`),
    sortValue: (row) => row.protocol,
  },
  {
    id: "repository",
    header: "Repository",
    width: 110,
    value: (row) => row.repository && repositoryLook(row).word,
    render: (row) => row.repository && <Known row={row} look={repositoryLook(row)} />,
  },
  {
    id: "sync",
    header: "Sync",
    width: 120,
    value: (row) => row.sync && syncLook(row.sync).word,
    sortValue: (row) => row.sync?.pendingCount,
    render: (row) => row.sync && <Known row={row} look={syncLook(row.sync)} />,
  },
  {
    id: "workloads",
    header: "Workloads",
    width: 84,
    align: "end",
    value: (row) => row.workloads?.total,
    render: (row) => <span className={isHere(row) ? undefined : classes.faint}>{row.workloads?.total}</span>,
  },
  {
    id: "failing",
    header: "Failing",
    width: 64,
    align: "end",
    value: (row) => row.workloads?.failing,
    render: (row) => <Failing count={row.workloads?.failing} now={isHere(row)} />,
  },
  {
    id: "event",
    header: "Last event",
    width: 88,
    align: "end",
    quiet: true,
    searched: false,
    value: (row) => row.lastEventAt,
    render: (row) => row.lastEventAt && <TimeCell at={row.lastEventAt} />,
  },
  {
    id: "ping",
    header: "Ping",
    width: 64,
    align: "end",
    quiet: true,
    value: (row) => (isHere(row) ? row.roundTripMs : undefined),
    render: (row) => isHere(row) && row.roundTripMs !== undefined && formatRoundTrip(row.roundTripMs),
  },
  { id: "url", header: "Git URL", width: 240, hidden: true, mono: true, value: (row) => row.repository?.url },
  {
    id: "address",
    header: "Address",
    width: 120,
    hidden: true,
    mono: true,
    value: (row) => row.remoteAddress,
  },
  { id: "error", header: "Last error", width: 260, hidden: true, value: (row) => row.lastError?.message },
];

function DaemonName({ row }: { row: FluxDaemonRow }) {
  return (
    <span className={classes.badges}>
      <strong>{row.name}</strong>
      {row.relayed && <span className={classes.chip}>relayed</span>}
      {row.warnings[0] && <StateGlyph shape="bang" tone="warn" label={row.warnings[0]} />}
    </span>
  );
}

/** What it said is of now only while it is connected. */
function isHere({ status }: FluxDaemonRow): boolean {
  return status === "connected";
}

/** A state that the daemon told; without its colour when that was before the connection ended. */
function Known({ row, look }: { row: FluxDaemonRow; look: StateLook }) {
  if (isHere(row)) return <StatusBadge state={look} />;
  return (
    <span className={classes.faint} title="As it was before the connection ended">
      was {look.word}
    </span>
  );
}

function Failing({ count, now }: { count: number | undefined; now: boolean }) {
  if (count === undefined || count === 0 || !now) return <span className={classes.faint}>{count}</span>;
  return <span style={{ color: "var(--bad)" }}>{count}</span>;
}
