import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { configNameSchema } from "../../../shared/lattice/inputs.ts";
import { ActionButtons, BeginButton } from "../../command/action-buttons.tsx";
import { useSelection } from "../../state/selection.ts";
import { useOpenKey } from "../../state/use-open-key.ts";
import type { DataColumn } from "../../ui/data-table/column.ts";
import { DataTable } from "../../ui/data-table/data-table.tsx";
import { queryPhase } from "../../ui/data-table/query-phase.ts";
import { formatQuantity } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { useLatticeTopic } from "../use-lattice-topic.ts";
import { putConfig } from "./config-actions.tsx";
import { ConfigDrawer } from "./config-drawer.tsx";
import { type ConfigList, type ConfigRow, useConfigRows } from "./config-rows.ts";
import classes from "./configs.module.css";
import { useConfigChanges, useConfigList } from "./use-config-list.ts";

/** The columns of the config page; their ids are the names in the filter. */
const configColumns: readonly DataColumn<ConfigRow>[] = [
  {
    id: "name",
    header: "Name",
    width: 220,
    value: ({ name }) => name,
    render: ({ name }) => <strong className="mono">{name}</strong>,
  },
  { id: "kind", header: "Kind", width: 130, value: ({ secret }) => (secret ? "secret reference" : "config") },
  { id: "links", header: "Links that name it", width: 130, align: "end", value: ({ links }) => links },
];

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

interface ConfigNoticesProps {
  list: ConfigList | undefined;
  onOpen: (name: string) => void;
}

/** Says why a list holds the known names only, and reads the others by name. */
function ConfigNotices({ list, onOpen }: ConfigNoticesProps) {
  if (!list || list.complete) return null;
  const { problem } = list;
  return (
    <Notice
      role="status"
      tone="warn"
      shape="question"
      title="Known names only: there may be more configs"
      actions={<OpenByName onOpen={onOpen} />}
    >
      {problem?.message} Shown are the names that links, commands of this console and events give away.{" "}
      {problem?.hint}
    </Notice>
  );
}

/** Reads a config whose name no list has. */
function OpenByName({ onOpen }: { onOpen: (name: string) => void }) {
  const [name, setName] = useState("");
  const parsed = configNameSchema.safeParse(name.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (parsed.success) onOpen(parsed.data);
  };
  return (
    <form className={classes.byName} onSubmit={submit}>
      <TextInput
        aria-label="Name of a config"
        placeholder="name of another config"
        spellCheck={false}
        autoComplete="off"
        value={name}
        error={name !== "" && !parsed.success ? parsed.error.issues[0]?.message : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={!parsed.success}>
        Read
      </Button>
    </form>
  );
}
