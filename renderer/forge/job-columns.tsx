import type { JobRow } from "../../shared/forge/job-schema.ts";
import { IdCell, TimeCell } from "../ui/data-table/cells.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { jobLook } from "./job-look.ts";

type Column = DataColumn<JobRow>;

const time = (id: string, header: string, value: (row: JobRow) => string | undefined): Column => ({
  id,
  header,
  width: 96,
  align: "end",
  quiet: true,
  searched: false,
  value,
  render: (row) => {
    const at = value(row);
    return at && <TimeCell at={at} />;
  },
});

/** When a job that waits may run. */
function dueOf(row: JobRow): string | undefined {
  return row.status === "pending" || row.status === "failed" ? row.scheduledAt : undefined;
}

/** The columns of a list of jobs. */
export const jobColumns: readonly Column[] = [
  { ...time("enqueued", "Enqueued", (row) => row.enqueuedAt), width: 100 },
  { id: "kind", header: "Kind", width: 150, value: (row) => row.kind },
  { id: "queue", header: "Queue", width: 120, value: (row) => row.queueName },
  {
    id: "status",
    header: "Status",
    width: 110,
    value: (row) => row.status,
    render: (row) => <StatusBadge state={jobLook(row)} />,
  },
  {
    id: "attempts",
    header: "Attempts",
    width: 84,
    align: "end",
    value: (row) => row.attempts,
    render: (row) => `${row.attempts} of ${row.maxAttempts}`,
  },
  { id: "error", header: "Last error", width: 240, value: (row) => row.lastError },
  {
    ...time("due", "Due", dueOf),
    render: (row) => {
      const at = dueOf(row);
      return at && <RelativeTime at={at} future />;
    },
  },
  {
    id: "id",
    header: "Id",
    width: 140,
    mono: true,
    value: (row) => row.id,
    render: (row) => <IdCell id={row.id} />,
  },
  { id: "priority", header: "Priority", width: 80, align: "end", hidden: true, value: (row) => row.priority },
  { id: "dedupe", header: "Dedupe key", width: 140, hidden: true, value: (row) => row.dedupeKey },
  { ...time("started", "Started", (row) => row.startedAt), hidden: true },
  { ...time("completed", "Completed", (row) => row.completedAt), hidden: true },
];
