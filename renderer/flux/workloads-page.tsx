import { useState } from "react";
import { BulkActions } from "../command/action-buttons.tsx";
import { useSystem } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { formatQuantity } from "../ui/format.ts";
import { Page } from "../ui/page.tsx";
import { PartialNotice } from "../ui/partial-notice.tsx";
import { awaitedWords, notListening } from "./flux-words.ts";
import { useWorkloads, type WorkloadView, workloadViewKey } from "./use-daemon-lists.ts";
import { useDaemons } from "./use-daemons.ts";
import { workloadActions } from "./workload-actions.tsx";
import { workloadColumns } from "./workload-columns.tsx";
import { WorkloadDrawer } from "./workload-drawer.tsx";

/** The workloads of every connected daemon: what runs, how it does, what may change it. */
export function WorkloadsPage() {
  const { connectionId } = useSystem("flux");
  const daemons = useDaemons();
  const workloads = useWorkloads();
  const [openKey, setOpenKey] = useOpenKey();
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const open = workloads.rows.find((row) => workloadViewKey(row) === openKey);
  return (
    <Page
      title="Workloads"
      counts={
        daemons.isOpen && (
          <>
            <Counts rows={workloads.rows} />
            {awaitedWords(workloads.awaited)}
          </>
        )
      }
      notices={<PartialNotice missing={workloads.missing} total={workloads.asked} what="daemons" />}
      drawer={
        open && (
          <WorkloadDrawer key={openKey} workload={open} onClose={() => setOpenKey(undefined)} onStep={step} />
        )
      }
    >
      <DataTable
        key={connectionId}
        id="workloads"
        rows={workloads.rows}
        rowKey={workloadViewKey}
        columns={workloadColumns}
        phase={workloads.phase}
        empty={
          daemons.isOpen
            ? {
                title: daemons.rows.some(({ status }) => status === "connected")
                  ? "No daemon lists a workload"
                  : "No daemon is connected",
                text: "Workloads are read from the daemons themselves; they appear as soon as one is connected.",
              }
            : notListening
        }
        onOpen={(row) => setOpenKey(workloadViewKey(row))}
        openKey={openKey}
        onStepper={(next) => setStep(() => next)}
        selectable
        bulkActions={(rows) => <BulkActions actions={workloadActions} things={rows} />}
      />
    </Page>
  );
}

function Counts({ rows }: { rows: readonly WorkloadView[] }) {
  const count = (is: (row: WorkloadView) => boolean) => rows.filter(is).length;
  const parts = [
    formatQuantity(rows.length, "workload"),
    `${count(({ automated }) => automated)} automated`,
    `${count(({ locked }) => locked)} locked`,
  ];
  const failing = count(({ status, syncError }) => status === "error" || syncError !== "");
  return <>{[...parts, ...(failing > 0 ? [`${failing} failing`] : [])].join(" · ")}</>;
}
