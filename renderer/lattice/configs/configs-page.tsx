import { useState } from "react";
import { ActionButtons, BeginButton } from "../../command/action-buttons.tsx";
import { useSelection } from "../../state/selection.ts";
import { useOpenKey } from "../../state/use-open-key.ts";
import { DataTable } from "../../ui/data-table/data-table.tsx";
import { queryPhase } from "../../ui/data-table/query-phase.ts";
import { formatQuantity } from "../../ui/format.ts";
import { Page } from "../../ui/page.tsx";
import { useLatticeTopic } from "../use-lattice-topic.ts";
import { putConfig } from "./config-actions.tsx";
import { configColumns } from "./config-columns.tsx";
import { ConfigDrawer } from "./config-drawer.tsx";
import { ConfigNotices } from "./config-notices.tsx";
import { type ConfigList, type ConfigRow, useConfigRows } from "./config-rows.ts";
import { useConfigChanges, useConfigList } from "./use-config-list.ts";

const pageActions = [putConfig];
const none: never[] = [];
const keyOfRow = ({ name }: ConfigRow) => name;

/** The named configs of the selected lattice, as far as their names can be known. */
export function ConfigsPage() {
  const { connectionId, lattice } = useSelection();
  const list = useConfigList();
  const links = useLatticeTopic("lattice.links").rows;
  useConfigChanges(links);
  const rows = useConfigRows(list.data, links);
  const [openKey, setOpenKey] = useOpenKey();
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  return (
    <Page
      title="Config"
      counts={list.data && <ConfigCounts list={list.data} />}
      notices={<ConfigNotices list={list.data} onOpen={setOpenKey} />}
      actions={<ActionButtons group="Config" actions={pageActions} things={none} />}
      drawer={
        openKey !== undefined && (
          <ConfigDrawer key={openKey} name={openKey} onClose={() => setOpenKey(undefined)} onStep={step} />
        )
      }
    >
      <DataTable
        key={`${connectionId}/${lattice}`}
        id="configs"
        rows={rows}
        rowKey={keyOfRow}
        columns={configColumns}
        phase={queryPhase(list)}
        failure={list.error?.toData()}
        onRetry={() => void list.refetch()}
        empty={{
          title: list.data?.complete ? "No config in this lattice" : "No config's name is known",
          text: "A config is a map of texts under a name, for components, providers and links.",
          action: <BeginButton action={putConfig} things={none} />,
        }}
        onOpen={({ name }) => setOpenKey(name)}
        openKey={openKey}
        onStepper={(next) => setStep(() => next)}
      />
    </Page>
  );
}

function ConfigCounts({ list }: { list: ConfigList }) {
  const secrets = list.configs.filter(({ secret }) => secret).length;
  const parts = [
    formatQuantity(list.configs.length, "name"),
    ...(secrets > 0 ? [formatQuantity(secrets, "secret reference")] : []),
    list.complete ? "all there are, from the lattice's bucket" : "known names only",
  ];
  return <>{parts.join(" · ")}</>;
}
