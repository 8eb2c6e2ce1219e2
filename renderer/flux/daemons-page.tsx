import { useState } from "react";
import type { FluxDaemonRow } from "../../shared/flux/schema.ts";
import { ActionButtons, BeginButton } from "../command/action-buttons.tsx";
import { useSystem } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { formatQuantity } from "../ui/format.ts";
import { Page } from "../ui/page.tsx";
import { addDaemon } from "./daemon-actions.tsx";
import { daemonColumns } from "./daemon-columns.tsx";
import { DaemonDrawer } from "./daemon-drawer.tsx";
import { notListening } from "./flux-words.ts";
import { ListenerNotice } from "./listener-notice.tsx";
import { useDaemons } from "./use-daemons.ts";

const pageActions = [addDaemon];
const keyOf = (row: FluxDaemonRow) => row.id;

/** All daemons that have a token on the selected listener, live. */
export function DaemonsPage() {
  const { connectionId, profile } = useSystem("flux");
  const daemons = useDaemons();
  const [openKey, setOpenKey] = useOpenKey();
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const open = daemons.rows.find(({ id }) => id === openKey);
  const canAdd = daemons.isOpen && profile?.playground !== true;
  return (
    <Page
      title="Daemons"
      counts={daemons.isOpen && <Counts rows={daemons.rows} />}
      actions={<ActionButtons group="Daemons" actions={pageActions} things={[]} disabled={!canAdd} />}
      notices={<ListenerNotice />}
      drawer={
        open && (
          <DaemonDrawer key={open.id} daemon={open} onClose={() => setOpenKey(undefined)} onStep={step} />
        )
      }
    >
      <DataTable
        key={connectionId}
        id="daemons"
        rows={daemons.rows}
        rowKey={keyOf}
        columns={daemonColumns}
        phase={daemons.phase}
        failure={daemons.failure}
        empty={
          daemons.isOpen
            ? {
                title: "No daemon has a token yet",
                text: "Flux daemons call this console. Add one to get its token and the exact flags for fluxd.",
                action: <BeginButton action={addDaemon} things={[]} disabled={!canAdd} />,
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

function Counts({ rows }: { rows: readonly FluxDaemonRow[] }) {
  const connected = rows.filter(({ status }) => status === "connected").length;
  const pending = rows.filter(({ sync }) => sync?.state === "pending").length;
  const parts = [
    formatQuantity(rows.length, "daemon"),
    `${connected} connected`,
    ...(pending > 0 ? [`${pending} with commits to apply`] : []),
  ];
  return <>{parts.join(" · ")}</>;
}
