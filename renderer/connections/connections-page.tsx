import { Button, Group } from "@mantine/core";
import { IconDownload, IconPlus } from "@tabler/icons-react";
import { useSearchParams } from "react-router";
import type { ConnectionProfile, ConnectionRow } from "../../shared/connections/schema.ts";
import { useTopic } from "../client/use-topic.ts";
import { useOptionalSelection } from "../state/selection.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatQuantity } from "../ui/format.ts";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Page } from "../ui/page.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { ConnectionEditor } from "./connection-editor.tsx";
import { ConnectionItem } from "./connection-item.tsx";
import classes from "./connections.module.css";
import { ImportDialog } from "./import-dialog.tsx";

/** The saved connections: their state, and adding, changing, testing, importing and removing them. */
export function ConnectionsPage() {
  const connections = useTopic("connections");
  const [parameters, setParameters] = useSearchParams();
  const importing = parameters.get("import") !== null;
  const add = () => setParameters({ edit: "new" });
  useShortcuts([
    { id: "connection-new", label: "Add a connection", group: "Connections", keys: "n", run: add },
    {
      id: "connection-import",
      label: "Import connections",
      group: "Connections",
      run: () => setParameters({ import: "1" }),
    },
  ]);
  const open = connections.rows.filter((row) => row.status.state === "open").length;
  return (
    <Page
      title="Connections"
      counts={`${formatQuantity(connections.rows.length, "connection")} · ${open} open`}
      scroll
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconDownload size={14} />}
            onClick={() => setParameters({ import: "1" })}
          >
            Import…
          </Button>
          <Button leftSection={<IconPlus size={14} />} onClick={add}>
            Add a connection
          </Button>
        </>
      }
      drawer={
        <Editor rows={connections.rows} edit={parameters.get("edit")} onClose={() => setParameters({})} />
      }
    >
      {connections.phase === "loading" && <LoadingSkeleton rows={3} height={44} />}
      {connections.phase === "failed" && connections.failure && (
        <FailureNotice what="The connections could not be read" failure={connections.failure} />
      )}
      <ConnectionList
        rows={connections.rows}
        ready={connections.phase === "live"}
        onEdit={(edit) => setParameters({ edit })}
        onImport={() => setParameters({ import: "1" })}
      />
      <ImportDialog opened={importing} onClose={() => setParameters({})} />
    </Page>
  );
}

function ConnectionList(props: {
  rows: readonly ConnectionRow[];
  ready: boolean;
  onEdit: (edit: string) => void;
  onImport: () => void;
}) {
  const selection = useOptionalSelection();
  if (props.ready && props.rows.length === 0) {
    return (
      <EmptyState
        title="No connection yet"
        text="Add a lattice, a FlowFabric server, a jobs server or a listener for Flux daemons; for lattices, the contexts of the nats and wash command lines can be imported."
        action={
          <Group gap="xs" justify="center">
            <Button onClick={() => props.onEdit("new")}>Add a connection</Button>
            <Button variant="default" onClick={props.onImport}>
              Import…
            </Button>
          </Group>
        }
      />
    );
  }
  if (props.rows.length === 0) return null;
  return (
    <ul className={classes.list}>
      {props.rows.map((row) => (
        <ConnectionItem
          key={row.profile.id}
          row={row}
          current={row.profile.id === selection?.connectionId}
          onEdit={props.onEdit}
        />
      ))}
    </ul>
  );
}

function Editor(props: { rows: readonly ConnectionRow[]; edit: string | null; onClose: () => void }) {
  const { rows, edit, onClose } = props;
  if (edit === null) return null;
  const copied = edit.startsWith("copy:");
  const id = copied ? edit.slice(5) : edit;
  const row = rows.find((candidate) => candidate.profile.id === id);
  if (edit !== "new" && !row) return null;
  const start: ConnectionProfile | undefined = copied && row ? copyOf(row.profile) : row?.profile;
  return (
    <ConnectionEditor
      key={edit}
      start={start}
      existing={copied ? undefined : row}
      rows={rows}
      onClose={onClose}
    />
  );
}

function copyOf(profile: ConnectionProfile): ConnectionProfile {
  return { ...profile, id: "", name: `${profile.name} copy`.slice(0, 60), playground: false };
}
