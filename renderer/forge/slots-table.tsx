import type { OutputFor } from "../../shared/catalogue.ts";
import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { IdCell } from "../ui/data-table/cells.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { queryPhase } from "../ui/data-table/query-phase.ts";
import { RelativeTime } from "../ui/relative-time.tsx";

type Slot = OutputFor<"forge.processes.list">[number];

const none: readonly Slot[] = [];

/** The registered worker slots of a server that does not tell its processes (0.2). */
export function SlotsTable() {
  const { connectionId, isOpen } = useSystem("forge");
  const answer = useOperation("forge.processes.list", { connectionId }, { enabled: isOpen });
  return (
    <DataTable
      key={connectionId}
      id="slots"
      rows={answer.data ?? none}
      rowKey={idOf}
      columns={columns}
      phase={queryPhase(answer, isOpen)}
      failure={answer.error?.toData()}
      onRetry={() => void answer.refetch()}
      empty={{
        title: "No worker slot is registered",
        text: "A jobs server alone runs nothing: slots appear when a worker starts.",
      }}
    />
  );
}

function idOf(slot: Slot): string {
  return slot.processId;
}

const columns: readonly DataColumn<Slot>[] = [
  { id: "queue", header: "Queue", width: 180, value: (row) => row.queueName || "re-registered" },
  {
    id: "job",
    header: "Job",
    width: 180,
    mono: true,
    quiet: true,
    value: (row) => row.currentJobId,
    render: (row) => (row.currentJobId === undefined ? "idle" : <IdCell id={row.currentJobId} />),
  },
  {
    id: "heartbeat",
    header: "Heartbeat",
    width: 140,
    quiet: true,
    value: (row) => row.heartbeatAt,
    render: (row) => <RelativeTime at={row.heartbeatAt} />,
  },
  {
    id: "started",
    header: "Started",
    width: 140,
    value: (row) => row.startedAt,
    render: (row) => <RelativeTime at={row.startedAt} />,
  },
  {
    id: "host",
    header: "Process, until restarted",
    width: 190,
    mono: true,
    value: (row) => row.hostId,
    render: (row) => <IdCell id={row.hostId} />,
  },
];
