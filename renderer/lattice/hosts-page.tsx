import { Code } from "@mantine/core";
import { useState } from "react";
import type { HostRow } from "../../shared/lattice/schema.ts";
import { BulkActions } from "../command/action-buttons.tsx";
import { useSelection } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { formatQuantity } from "../ui/format.ts";
import { Page } from "../ui/page.tsx";
import { hostActions } from "./host-actions.tsx";
import { hostColumns } from "./host-columns.tsx";
import { HostDrawer } from "./host-drawer.tsx";
import { LatticeNotices } from "./lattice-notices.tsx";
import { useLatticeRow, useLatticeTopic } from "./use-lattice-topic.ts";

const keyOf = (row: HostRow) => row.id;

/** All hosts of the selected lattice, live. */
export function HostsPage() {
  const { connectionId, lattice } = useSelection();
  const hosts = useLatticeTopic("lattice.hosts");
  const [openKey, setOpenKey] = useOpenKey();
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const open = hosts.rows.find((row) => row.id === openKey);
  return (
    <Page
      title="Hosts"
      counts={<HostCounts total={hosts.rows.length} />}
      notices={<LatticeNotices />}
      drawer={open && <HostDrawer host={open} onClose={() => setOpenKey(undefined)} onStep={step} />}
    >
      <DataTable
        key={`${connectionId}/${lattice}`}
        id="hosts"
        rows={hosts.rows}
        rowKey={keyOf}
        columns={hostColumns}
        phase={hosts.table}
        failure={hosts.failure}
        empty={{
          title: `No host of lattice ${lattice} has been heard`,
          text: (
            <>
              A host appears here with its first heartbeat or reply. Check that the lattice is really called{" "}
              <Code>{lattice}</Code> and that hosts use the same NATS account.
            </>
          ),
        }}
        onOpen={(row) => setOpenKey(row.id)}
        openKey={openKey}
        onStepper={(next) => setStep(() => next)}
        selectable
        bulkActions={(rows) => <BulkActions actions={hostActions} things={rows} />}
      />
    </Page>
  );
}

function HostCounts({ total }: { total: number }) {
  const row = useLatticeRow();
  const parts = row
    ? [
        row.hosts.stale > 0 && `${row.hosts.stale} stale`,
        row.hosts.lost > 0 && `${row.hosts.lost} lost`,
        row.hosts.stopped > 0 && `${row.hosts.stopped} stopped`,
      ].filter((part) => part !== false)
    : [];
  return <>{[formatQuantity(total, "host"), ...parts].join(" · ")}</>;
}
