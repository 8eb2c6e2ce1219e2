import type { ExpiredLease } from "../../shared/flowfabric/execution-schema.ts";
import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { IdCell } from "../ui/data-table/cells.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { queryPhase } from "../ui/data-table/query-phase.ts";
import { formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { ExactTime, RelativeTime } from "../ui/relative-time.tsx";
import { DirectOnlyNotice } from "./direct-only-notice.tsx";
import { ServerNotices } from "./server-notices.tsx";

const columns: readonly DataColumn<ExpiredLease>[] = [
  {
    id: "execution",
    header: "Execution",
    width: 360,
    mono: true,
    value: (row) => row.executionId,
    render: (row) => <IdCell id={row.executionId} keep={30} />,
  },
  { id: "partition", header: "Partition", width: 100, align: "end", value: (row) => row.partition },
  {
    id: "since",
    header: "Stuck since",
    width: 120,
    searched: false,
    value: (row) => row.expiredAt,
    render: (row) => <RelativeTime at={row.expiredAt} />,
  },
  {
    id: "expired",
    header: "Lease ran out",
    width: 220,
    quiet: true,
    searched: false,
    value: (row) => row.expiredAt,
    render: (row) => <ExactTime at={row.expiredAt} />,
  },
];

/** Stuck work of a connection that leads to Valkey only: the leases that ran out. */
export function ExpiredLeasesPage() {
  const { connectionId, isOpen } = useSystem("flowfabric");
  const list = useOperation(
    "flowfabric.leases.expired",
    { connectionId },
    { enabled: isOpen, keepPrevious: true },
  );
  const { data } = list;
  return (
    <Page
      title="Executions"
      reading={list}
      counts={data && `${formatQuantity(data.rows.length, "execution")} stuck`}
      notices={
        <>
          <ServerNotices />
          <DirectOnlyNotice>
            Valkey tells whose lease ran out: nobody works on these until a worker reclaims them or they are
            cancelled. Revoked leases are not among them.
          </DirectOnlyNotice>
          {data?.cut && (
            <Notice slim role="status" tone="warn" shape="question" title="There are more">
              Of each partition the hundred that wait longest are shown.
            </Notice>
          )}
          {data && data.problems.length > 0 && (
            <Notice
              slim
              role="status"
              tone="warn"
              shape="question"
              title={`${formatQuantity(data.problems.length, "partition")} could not be read`}
            >
              {data.problems
                .slice(0, 4)
                .map(({ where, message }) => `${where}: ${message}`)
                .join(" · ")}
            </Notice>
          )}
        </>
      }
    >
      <DataTable
        key={connectionId}
        id="expired-leases"
        rows={data?.rows ?? []}
        rowKey={idOf}
        columns={columns}
        initialSort={oldestFirst}
        phase={queryPhase(list, isOpen)}
        failure={list.error?.toData()}
        onRetry={() => void list.refetch()}
        empty={{ title: "Nothing is stuck", text: "No lease in any partition has run out." }}
      />
    </Page>
  );
}

const oldestFirst = { column: "since", descending: false };

function idOf(row: ExpiredLease): string {
  return row.executionId;
}
