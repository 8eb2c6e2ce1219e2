import type { OutputFor } from "../../shared/catalogue.ts";
import { hasLevel } from "../../shared/forge/level.ts";
import type { ServerLevel } from "../../shared/forge/schema.ts";
import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { IdCell } from "../ui/data-table/cells.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { queryPhase } from "../ui/data-table/query-phase.ts";
import { formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import classes from "./forge.module.css";
import { OlderServer } from "./older-server.tsx";
import { SlotsTable } from "./slots-table.tsx";
import { useLevel } from "./use-level.ts";

type Worker = OutputFor<"forge.workers.list">["workers"][number];

const none: readonly Worker[] = [];

/** Who runs the jobs of the selected server, as far as its version tells. */
export function WorkersPage() {
  const level = useLevel();
  if (level === "0.1") {
    return (
      <Page title="Workers">
        <OlderServer
          title="Workers are not available on this server version"
          since="0.2.0"
          instead="The slots of each queue are in its drawer."
        />
      </Page>
    );
  }
  if (level === undefined || hasLevel(level, "0.3")) return <WorkersOfServer level={level} />;
  return (
    <Page
      title="Workers"
      counts="slots"
      notices={
        <p className={classes.hint}>
          This server tells only the slots, also dead ones for up to a minute; processes and queues without a
          worker are told from forge-jobs 0.3.0 on.
        </p>
      }
    >
      <SlotsTable />
    </Page>
  );
}

/** The live worker processes of the selected server, and the queues that nobody serves. */
function WorkersOfServer({ level }: { level: ServerLevel | undefined }) {
  const { connectionId, isOpen } = useSystem("forge");
  const answer = useOperation(
    "forge.workers.list",
    { connectionId },
    { enabled: isOpen && level !== undefined },
  );
  const workers = answer.data?.workers ?? none;
  const unassigned = answer.data?.unassignedQueues ?? [];
  const slots = workers.reduce((sum, worker) => sum + worker.workersLive, 0);
  return (
    <Page
      title="Workers"
      counts={`${formatQuantity(workers.length, "process", "processes")} · ${formatQuantity(slots, "live slot")}`}
      notices={unassigned.length > 0 && <Unassigned queues={unassigned} />}
    >
      <DataTable
        key={connectionId}
        id="workers"
        rows={workers}
        rowKey={idOf}
        columns={columns}
        phase={queryPhase(answer, isOpen)}
        failure={answer.error?.toData()}
        onRetry={() => void answer.refetch()}
        empty={{
          title: "No worker is alive",
          text: "A worker is listed while its heartbeat is at most a minute old. A jobs server alone runs nothing.",
        }}
      />
    </Page>
  );
}

function Unassigned({ queues }: { queues: readonly string[] }) {
  return (
    <Notice slim role="status" tone="bad" shape="bang" title={`Nobody serves ${queues.join(", ")}`}>
      No live worker has a slot for {queues.length === 1 ? "it" : "them"}: none declares the queue, its
      workers are 0, or there is no worker at all.
    </Notice>
  );
}

function idOf(worker: Worker): string {
  return worker.hostId;
}

const columns: readonly DataColumn<Worker>[] = [
  { id: "name", header: "Worker", width: 150, value: (row) => row.workerName ?? "unnamed" },
  {
    id: "heartbeat",
    header: "Heartbeat",
    width: 120,
    quiet: true,
    value: (row) => row.heartbeatAgeSeconds,
    render: ({ heartbeatAgeSeconds: age }) => (
      <StatusBadge state={age <= 30 ? "live" : "stale"} label={`${age} s ago`} />
    ),
  },
  { id: "inFlight", header: "Running", width: 90, align: "end", quiet: true, value: (row) => row.inFlight },
  { id: "live", header: "Live slots", width: 90, align: "end", value: (row) => row.workersLive },
  {
    id: "slots",
    header: "Slots",
    width: 240,
    value: (row) => row.slots.map(({ queueName, slots }) => `${queueName} ${slots}`),
  },
  {
    id: "queues",
    header: "Declares",
    width: 240,
    value: (row) => row.queues,
    render: (row) => (row.queues.length === 0 ? "every queue (older than 0.3)" : row.queues.join(", ")),
  },
  {
    id: "id",
    header: "Process ID",
    width: 150,
    mono: true,
    value: (row) => row.hostId,
    render: (row) => <IdCell id={row.hostId} />,
  },
];
