import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useSelection } from "../../state/selection.ts";
import { useAddressParts } from "../../state/use-open-key.ts";
import { DataTable } from "../../ui/data-table/data-table.tsx";
import { queryPhase } from "../../ui/data-table/query-phase.ts";
import { formatQuantity } from "../../ui/format.ts";
import { Page } from "../../ui/page.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { useLatticeTopic } from "../use-lattice-topic.ts";
import { configColumns } from "./config-columns.tsx";
import { ConfigDrawer } from "./config-drawer.tsx";
import { ConfigNotices } from "./config-notices.tsx";
import { type ConfigList, type ConfigRow, useConfigRows } from "./config-rows.ts";
import { DeleteConfigDialog } from "./delete-config-dialog.tsx";
import { PutConfigDialog } from "./put-config-dialog.tsx";
import { refreshConfigs, useConfigChanges, useConfigList } from "./use-config-list.ts";

const keyOfRow = ({ name }: ConfigRow) => name;

/** The named configs of the selected lattice, as far as their names can be known. */
export function ConfigsPage() {
  const { connectionId, lattice } = useSelection();
  const list = useConfigList();
  const links = useLatticeTopic("lattice.links").rows;
  useConfigChanges(links);
  const rows = useConfigRows(list.data, links);
  const dialog = useConfigDialog();
  const { openKey, setOpenKey, shown } = dialog;
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  return (
    <Page
      title="Config"
      counts={list.data && <ConfigCounts list={list.data} />}
      notices={<ConfigNotices list={list.data} onOpen={setOpenKey} />}
      actions={
        <Button leftSection={<IconPlus size={14} />} onClick={dialog.put}>
          Create config…
        </Button>
      }
      drawer={
        openKey !== undefined && (
          <ConfigDrawer
            key={openKey}
            name={openKey}
            onClose={() => setOpenKey(undefined)}
            onStep={step}
            onPut={dialog.change}
            onDelete={dialog.remove}
          />
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
          action: <Button onClick={dialog.put}>Create config…</Button>,
        }}
        onOpen={({ name }) => setOpenKey(name)}
        openKey={openKey}
        onStepper={(next) => setStep(() => next)}
      />
      {shown?.kind === "put" && <PutConfigDialog start={shown.start} onClose={dialog.close} />}
      {shown?.kind === "delete" && <DeleteConfigDialog name={shown.name} onClose={dialog.close} />}
    </Page>
  );
}

type ShownDialog =
  | { kind: "put"; start?: { name: string; values: Readonly<Record<string, string>> } }
  | { kind: "delete"; name: string };

function useConfigDialog() {
  const [parts, setParts] = useAddressParts();
  const [own, setOwn] = useState<ShownDialog>();
  const shown: ShownDialog | undefined = own ?? (parts.do === "put" ? { kind: "put" } : undefined);
  const put = () => setParts({ do: "put" });
  useShortcuts([
    { id: "config-put", label: "Create config", group: "Config", keys: "n", keyOnly: true, run: put },
  ]);
  return {
    openKey: parts.open,
    setOpenKey: (open: string | undefined) => setParts({ open }),
    shown,
    put,
    change: (name: string, values: Readonly<Record<string, string>>) =>
      setOwn({ kind: "put", start: { name, values } }),
    remove: (name: string) => setOwn({ kind: "delete", name }),
    close: () => {
      setOwn(undefined);
      setParts({ do: undefined });
      // What was done here is to be seen at once, not when its event was noticed.
      refreshConfigs();
    },
  };
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
