import { useState } from "react";
import type { FluxDaemonRow } from "../../shared/flux/schema.ts";
import { BeginButton } from "../command/action-buttons.tsx";
import { useSystem } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import type { DataColumn } from "../ui/data-table/column.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { Drawer, DrawerSection } from "../ui/drawer.tsx";
import { formatQuantity } from "../ui/format.ts";
import { Page } from "../ui/page.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { rotateKey } from "./daemon-actions.tsx";
import { RepositoryFacts } from "./daemon-facts.tsx";
import classes from "./flux.module.css";
import { repositoryLook } from "./flux-look.ts";
import { notListening } from "./flux-words.ts";
import { useDaemons } from "./use-daemons.ts";

const keyOf = (row: FluxDaemonRow) => row.id;

const columns: readonly DataColumn<FluxDaemonRow>[] = [
  {
    id: "daemon",
    header: "Daemon",
    width: 130,
    value: (row) => row.name,
    render: (row) => <strong>{row.name}</strong>,
  },
  {
    id: "status",
    header: "Status",
    width: 110,
    value: (row) => repositoryLook(row).word,
    render: (row) => <StatusBadge state={repositoryLook(row)} />,
  },
  { id: "url", header: "URL", width: 280, mono: true, value: (row) => row.repository?.url },
  { id: "branch", header: "Branch", width: 90, mono: true, value: (row) => row.repository?.branch },
  { id: "path", header: "Paths", width: 120, mono: true, value: (row) => row.repository?.path },
  {
    id: "fingerprint",
    header: "Key (MD5)",
    width: 190,
    mono: true,
    value: (row) => row.repository?.fingerprints.md5?.hash,
  },
  { id: "error", header: "Why", width: 240, value: (row) => row.repository?.errors || undefined },
];

/** Which repository each daemon follows, and the key with which it gets in. */
export function RepositoriesPage() {
  const { connectionId } = useSystem("flux");
  const daemons = useDaemons();
  const [openKey, setOpenKey] = useOpenKey();
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const open = daemons.rows.find(({ id }) => id === openKey);
  return (
    <Page
      title="Repositories"
      counts={
        daemons.isOpen &&
        formatQuantity(
          daemons.rows.filter(({ repository }) => repository).length,
          "repository",
          "repositories",
        )
      }
      drawer={
        open && (
          <RepositoryDrawer key={open.id} daemon={open} onClose={() => setOpenKey(undefined)} onStep={step} />
        )
      }
    >
      <DataTable
        key={connectionId}
        id="repositories"
        rows={daemons.rows}
        rowKey={keyOf}
        columns={columns}
        phase={daemons.phase}
        failure={daemons.failure}
        empty={
          daemons.isOpen
            ? {
                title: "No daemon has a token yet",
                text: "A daemon reports its repository and public key once it is connected.",
              }
            : notListening
        }
        onOpen={(row) => setOpenKey(row.id)}
        openKey={openKey}
        onStepper={(next) => setStep(() => next)}
      />
    </Page>
  );
}

interface RepositoryDrawerProps {
  daemon: FluxDaemonRow;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

function RepositoryDrawer({ daemon, onClose, onStep }: RepositoryDrawerProps) {
  const art =
    daemon.repository?.fingerprints.sha256?.randomart ?? daemon.repository?.fingerprints.md5?.randomart;
  return (
    <Drawer
      title={daemon.name}
      subtitle="Repository identity"
      onClose={onClose}
      onStep={onStep}
      actions={<BeginButton action={rotateKey} things={[daemon]} />}
    >
      <RepositoryFacts daemon={daemon} />
      {art && (
        <DrawerSection title="Randomart">
          <pre className={classes.art}>{art}</pre>
        </DrawerSection>
      )}
      {!daemon.repository && <p className={classes.hint}>It was not connected since the console started.</p>}
    </Drawer>
  );
}
