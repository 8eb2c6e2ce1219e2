import { Button } from "@mantine/core";
import { useState } from "react";
import type { ProviderRow } from "../../shared/lattice/schema.ts";
import { workloadKey } from "../../shared/lattice/topics.ts";
import { useSelection } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { formatCount, formatQuantity } from "../ui/format.ts";
import { Page } from "../ui/page.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { useProviderCommands } from "./commands/provider-commands.tsx";
import { LatticeNotices } from "./lattice-notices.tsx";
import { providerColumns } from "./provider-columns.tsx";
import { ProviderDrawer } from "./provider-drawer.tsx";
import { useLatticeTopic } from "./use-lattice-topic.ts";

/** All providers of the selected lattice, one row for each on each host, live. */
export function ProvidersPage() {
  const { connectionId, lattice } = useSelection();
  const providers = useLatticeTopic("lattice.providers");
  const [openKey, setOpenKey] = useOpenKey();
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const open = providers.rows.find((row) => workloadKey(row) === openKey);
  const commands = useProviderCommands();
  const start = () => commands.run({ kind: "start" });
  useShortcuts([
    { id: "provider-start", label: "Start a provider", group: "Providers", keys: "n", run: start },
  ]);
  return (
    <Page
      title="Providers"
      counts={<ProviderCounts rows={providers.rows} />}
      notices={<LatticeNotices />}
      drawer={
        open && (
          <ProviderDrawer
            key={openKey}
            provider={open}
            onClose={() => setOpenKey(undefined)}
            onStep={step}
            onCommand={commands.run}
          />
        )
      }
      actions={
        <Button title="Key: n" onClick={start}>
          Start a provider…
        </Button>
      }
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
        bulkActions={(rows) => (
          <Button size="compact-xs" onClick={() => commands.run({ kind: "stop", rows })}>
            Stop…
          </Button>
        )}
      />
      {commands.dialog}
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
