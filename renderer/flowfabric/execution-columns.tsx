import type { ExecutionRow } from "../../shared/flowfabric/execution-schema.ts";
import { IdCell } from "../ui/data-table/cells.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { executionLook } from "./execution-look.ts";

const urgency = { stuck: 0, waiting: 1, fine: 2, over: 3 };

/** The columns of the list of executions. */
export const executionColumns: readonly DataColumn<ExecutionRow>[] = [
  {
    id: "id",
    header: "Execution",
    width: 190,
    mono: true,
    value: (row) => row.id,
    render: (row) => <IdCell id={row.id} keep={8} />,
  },
  {
    id: "level",
    header: "Status",
    width: 110,
    value: (row) => row.diagnosis.level,
    sortValue: (row) => urgency[row.diagnosis.level],
    render: (row) => <StatusBadge state={executionLook(row)} />,
  },
  { id: "meaning", header: "Diagnosis", width: 300, value: (row) => row.diagnosis.summary },
  { id: "state", header: "Public state", width: 110, value: (row) => row.state.publicState },
  { id: "ownership", header: "Ownership", width: 150, value: (row) => row.state.ownershipState },
  { id: "lane", header: "Lane", width: 90, value: (row) => row.lane },
  { id: "kind", header: "Kind", width: 120, value: (row) => row.kind },
  { id: "priority", header: "Priority", width: 72, align: "end", value: (row) => row.priority },
  { id: "attempt", header: "Attempt", width: 72, align: "end", value: (row) => row.attempt + 1 },
  {
    id: "created",
    header: "Created",
    width: 96,
    quiet: true,
    searched: false,
    value: (row) => row.createdAt,
    render: (row) => (row.createdAt ? <RelativeTime at={row.createdAt} /> : "not known"),
  },
  { id: "detail", header: "Blocking detail", width: 220, hidden: true, value: (row) => row.blockingDetail },
  {
    id: "eligibility",
    header: "Eligibility",
    width: 160,
    hidden: true,
    value: (row) => row.state.eligibilityState,
  },
  {
    id: "reason",
    header: "Blocking reason",
    width: 160,
    hidden: true,
    value: (row) => row.state.blockingReason,
  },
  { id: "namespace", header: "Namespace", width: 100, hidden: true, value: (row) => row.namespace },
  {
    id: "partition",
    header: "Partition",
    width: 80,
    align: "end",
    hidden: true,
    value: (row) => row.partition,
  },
  { id: "flow", header: "Flow", width: 150, mono: true, hidden: true, value: (row) => row.flowId },
];
