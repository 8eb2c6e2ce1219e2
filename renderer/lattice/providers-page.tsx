import { useState } from "react";
import type { HostRow, ProviderRow } from "../../shared/lattice/schema.ts";
import { workloadKey } from "../../shared/lattice/topics.ts";
import { ActionButtons, BulkActions } from "../command/action-buttons.tsx";
import { useSelection } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { TimeCell } from "../ui/data-table/cells.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { formatCount, formatQuantity } from "../ui/format.ts";
import { Page } from "../ui/page.tsx";
import { LatticeNotices } from "./lattice-notices.tsx";
import { HealthBadge } from "./marks.tsx";
import { providerActions, startProvider } from "./provider-actions.tsx";
import { ProviderDrawer } from "./provider-drawer.tsx";
import { useLatticeTopic } from "./use-lattice-topic.ts";
import * as workload from "./workload-columns.tsx";

const healthRank: Record<ProviderRow["health"], number> = {
  unhealthy: 0,
  silent: 1,
  unknown: 2,
  healthy: 3,
};

/** The columns of the providers page, one row a provider on a host; their ids are the names in the filter. */
const providerColumns: readonly DataColumn<ProviderRow>[] = [
  workload.nameColumn,
  workload.hostColumn,
  workload.imageColumn,
  {
    id: "health",
    header: "Health",
    width: 110,
    value: (row) => row.health,
    sortValue: (row) => healthRank[row.health],
    render: (row) => <HealthBadge health={row.health} />,
  },
  workload.managedColumn,
  {
    id: "healthAt",
    header: "Health from",
    width: 100,
    align: "end",
    quiet: true,
    searched: false,
    value: (row) => row.healthAt,
    render: (row) => row.healthAt && <TimeCell at={row.healthAt} />,
  },
  workload.changedColumn,
  workload.hostIdColumn,
  { ...workload.annotationsColumn, hidden: true, width: 220 },
  workload.failureColumn,
];

const pageActions = [startProvider];
const noHosts: readonly HostRow[] = [];

/** All providers of the selected lattice, one row for each on each host, live. */
export function ProvidersPage() {
  const { connectionId, lattice } = useSelection();
  const providers = useLatticeTopic("lattice.providers");
  const [openKey, setOpenKey] = useOpenKey();
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const open = providers.rows.find((row) => workloadKey(row) === openKey);
  return (
    <Page
      title="Providers"
      counts={<ProviderCounts rows={providers.rows} />}
      notices={<LatticeNotices />}
      drawer={
        open && (
          <ProviderDrawer key={openKey} provider={open} onClose={() => setOpenKey(undefined)} onStep={step} />
        )
      }
      actions={<ActionButtons group="Providers" actions={pageActions} things={noHosts} />}
    >
      <DataTable
        key={`${connectionId}/${lattice}`}
        id="providers"
        rows={providers.rows}
        rowKey={workloadKey}
        columns={providerColumns}
        phase={providers.table}
        failure={providers.failure}
        empty={{
          title: "No provider runs in this lattice",
          text: "A provider appears here as soon as a host reports one, whoever started it.",
        }}
        onOpen={(row) => setOpenKey(workloadKey(row))}
        openKey={openKey}
        onStepper={(next) => setStep(() => next)}
        selectable
        bulkActions={(rows) => <BulkActions actions={providerActions} things={rows} />}
      />
    </Page>
  );
}

function ProviderCounts({ rows }: { rows: readonly ProviderRow[] }) {
  const ids = new Set(rows.map((row) => row.id)).size;
  const count = (health: ProviderRow["health"]) => rows.filter((row) => row.health === health).length;
  const [unhealthy, silent] = [count("unhealthy"), count("silent")];
  const parts = [
    formatQuantity(ids, "id"),
    `${formatCount(rows.length)} on hosts`,
    ...(unhealthy > 0 ? [`${formatCount(unhealthy)} unhealthy`] : []),
    ...(silent > 0 ? [`${formatCount(silent)} silent`] : []),
  ];
  return <>{parts.join(" · ")}</>;
}
