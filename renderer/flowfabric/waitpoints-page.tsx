import { useNavigate } from "react-router";
import type { WaitpointRow } from "../../shared/flowfabric/execution-schema.ts";
import { useOperation } from "../client/query.ts";
import { pathTo } from "../state/paths.ts";
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
import { PartitionsNotice } from "./partitions-notice.tsx";
import { ServerNotices } from "./server-notices.tsx";
import { isDirect } from "./use-rotations.ts";

const limit = 2_000;

const columns: readonly DataColumn<WaitpointRow>[] = [
  {
    id: "execution",
    header: "Execution",
    width: 190,
    mono: true,
    value: (row) => row.executionId,
    render: (row) => <IdCell id={row.executionId} keep={8} />,
  },
  { id: "waitpoint", header: "Waitpoint", width: 130, value: (row) => row.key },
  {
    id: "signals",
    header: "Waits for",
    width: 150,
    value: (row) => (row.signals.length > 0 ? row.signals : "any signal"),
  },
  { id: "key", header: "Signed with", width: 160, mono: true, value: (row) => row.keyId || "malformed" },
  { id: "state", header: "State", width: 90, value: (row) => row.state },
  {
    id: "created",
    header: "Since",
    width: 100,
    quiet: true,
    searched: false,
    value: (row) => row.createdAt,
    render: (row) => <RelativeTime at={row.createdAt} />,
  },
  {
    id: "expires",
    header: "Expires",
    width: 200,
    searched: false,
    value: (row) => row.expiresAt,
    render: (row) => (row.expiresAt ? <ExactTime at={row.expiresAt} /> : "never"),
  },
  {
    id: "fingerprint",
    header: "Fingerprint",
    width: 150,
    mono: true,
    hidden: true,
    value: (row) => row.fingerprint,
  },
];

/** Open waitpoints of all suspended executions that were read, with the key that signed each. */
export function WaitpointsPage() {
  const { connectionId, isOpen, profile } = useSystem("flowfabric");
  const isDirectOnly = isDirect(profile);
  const navigate = useNavigate();
  const scan = useOperation(
    "flowfabric.waitpoints.scan",
    { connectionId, limit },
    { enabled: isOpen && !isDirectOnly, keepPrevious: true },
  );
  const { data } = scan;
  const executions = pathTo("executions", { system: "flowfabric", connectionId });
  return (
    <Page
      title="Waitpoints"
      {...(!isDirectOnly && { reading: scan })}
      counts={
        data &&
        [
          `${formatQuantity(data.rows.length, "open waitpoint")}`,
          ...data.byKey.map(({ keyId, open }) => `${open} signed with ${keyId || "a malformed token"}`),
        ].join(" · ")
      }
      notices={
        <>
          <ServerNotices />
          {isDirectOnly && <DirectOnlyNotice>ff-server alone tells waitpoints.</DirectOnlyNotice>}
          {data && <PartitionsNotice partitions={data.partitions} partitionsFrom={data.partitionsFrom} />}
          {data && data.problems.length > 0 && (
            <Notice
              slim
              role="status"
              tone="warn"
              shape="question"
              title={`${data.problems.length} could not be read: there may be more open waitpoints`}
            >
              {data.problems
                .slice(0, 4)
                .map(({ where, message }) => `${where}: ${message}`)
                .join(" · ")}
            </Notice>
          )}
          {data?.next && (
            <Notice slim role="status" tone="warn" shape="question" title="Not all executions were read">
              {data.scanned} were, up to partition {data.next.partition}: there may be more open waitpoints.
            </Notice>
          )}
          {data && data.hiddenPossible > 0 && (
            <Notice slim role="status" tone="warn" shape="question" title="Some may be hidden">
              {formatQuantity(data.hiddenPossible, "execution")} fill the 100 entries that the route shows.
            </Notice>
          )}
        </>
      }
    >
      <DataTable
        key={connectionId}
        id="waitpoints"
        rows={data?.rows ?? []}
        rowKey={keyOf}
        columns={columns}
        phase={isDirectOnly ? "ready" : queryPhase(scan, isOpen)}
        failure={scan.error?.toData()}
        onRetry={() => void scan.refetch()}
        empty={
          isDirectOnly
            ? { title: "Waitpoints are not known", text: "There is no way to read them at Valkey." }
            : { title: "No open waitpoint", text: "No execution that was read waits for a signal." }
        }
        onOpen={(row) => navigate(`${executions}?open=${encodeURIComponent(row.executionId)}`)}
      />
    </Page>
  );
}

function keyOf(row: WaitpointRow): string {
  return row.id;
}
