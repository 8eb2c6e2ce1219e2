import { Button } from "@mantine/core";
import { useState } from "react";
import type { OutputFor } from "../../shared/catalogue.ts";
import type { ExecutionRow, ScanPlace } from "../../shared/flowfabric/execution-schema.ts";
import { ActionButtons } from "../command/action-buttons.tsx";
import { useSystem } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { queryPhase } from "../ui/data-table/query-phase.ts";
import { formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { cancelFlow, claimWork } from "./execution-actions.tsx";
import { executionColumns } from "./execution-columns.tsx";
import { ExecutionDrawer } from "./execution-drawer.tsx";
import { ExpiredLeasesPage } from "./expired-leases-page.tsx";
import { PartitionsNotice } from "./partitions-notice.tsx";
import { ServerNotices } from "./server-notices.tsx";
import { useExecutions } from "./use-executions.ts";
import { isDirect } from "./use-rotations.ts";

type Scan = OutputFor<"flowfabric.executions.list">;

const pageActions = [claimWork, cancelFlow];
const none: never[] = [];

/** Executions; of a connection without a server only the stuck ones, as Valkey tells them. */
export function ExecutionsPage() {
  return isDirect(useSystem("flowfabric").profile) ? <ExpiredLeasesPage /> : <AllExecutionsPage />;
}

/** Executions with what their state means: stuck ones first. */
function AllExecutionsPage() {
  const { connectionId, isOpen } = useSystem("flowfabric");
  const [from, setFrom] = useState<ScanPlace>();
  const [openKey, setOpenKey] = useOpenKey();
  const { scan, rows, inView } = useExecutions(from, openKey);
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  return (
    <Page
      title="Executions"
      counts={scan.data && <Counts rows={rows} />}
      reading={scan}
      notices={
        <>
          <ServerNotices />
          {scan.data && (
            <PartitionsNotice partitions={scan.data.partitions} partitionsFrom={scan.data.partitionsFrom} />
          )}
          {scan.data && <ScanNotice scan={scan.data} from={from} onFrom={setFrom} />}
        </>
      }
      actions={<ActionButtons group="Executions" actions={pageActions} things={none} disabled={!isOpen} />}
      drawer={
        openKey && (
          <ExecutionDrawer key={openKey} id={openKey} onClose={() => setOpenKey(undefined)} onStep={step} />
        )
      }
    >
      <DataTable
        key={connectionId}
        id="executions"
        rows={rows}
        rowKey={idOf}
        columns={executionColumns}
        initialSort={stuckFirst}
        phase={queryPhase(scan, isOpen)}
        failure={scan.error?.toData()}
        onRetry={() => void scan.refetch()}
        empty={{ title: "No execution", text: "No partition that was read holds one." }}
        onOpen={(row) => setOpenKey(row.id)}
        openKey={openKey}
        onStepper={(next) => setStep(() => next)}
        inView={inView}
      />
    </Page>
  );
}

const stuckFirst = { column: "level", descending: false };

function idOf(row: ExecutionRow): string {
  return row.id;
}

function Counts({ rows }: { rows: readonly ExecutionRow[] }) {
  const stuck = rows.filter(({ diagnosis }) => diagnosis.level === "stuck").length;
  return (
    <>
      {formatQuantity(rows.length, "execution")}
      {stuck > 0 && ` · ${stuck} stuck`}
    </>
  );
}

function ScanNotice(props: {
  scan: Scan;
  from: ScanPlace | undefined;
  onFrom: (from: ScanPlace | undefined) => void;
}) {
  const { scan, from, onFrom } = props;
  const { next, problems } = scan;
  return (
    <>
      {(next || from) && (
        <Notice
          slim
          role="status"
          tone="idle"
          shape="ring"
          title={`Read from partition ${from?.partition ?? 0} ${next ? `into partition ${next.partition}` : "to the last"} of ${scan.partitions}`}
          actions={
            <>
              {from && (
                <Button size="compact-sm" variant="default" onClick={() => onFrom(undefined)}>
                  From the first
                </Button>
              )}
              {next && (
                <Button size="compact-sm" variant="default" onClick={() => onFrom(next)}>
                  Read on
                </Button>
              )}
            </>
          }
        >
          The server lists by partition only, in no order of time.
        </Notice>
      )}
      {problems.length > 0 && (
        <Notice
          slim
          role="status"
          tone="warn"
          shape="question"
          title={`${problems.length} could not be read`}
        >
          {problems
            .slice(0, 4)
            .map(({ where, message }) => `${where}: ${message}`)
            .join(" · ")}
        </Notice>
      )}
    </>
  );
}
