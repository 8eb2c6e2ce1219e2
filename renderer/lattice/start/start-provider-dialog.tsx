import type { HostRow } from "../../../shared/lattice/schema.ts";
import { isAtLeast } from "../../../shared/lattice/version.ts";
import { CommandDialog } from "../../command/command-dialog.tsx";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { formatQuantity } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { CopyInputs } from "../commands/copy-inputs.tsx";
import { startProviderCommands } from "../copy-workloads.ts";
import { isBuiltin } from "./host-remarks.ts";
import { StartForm } from "./start-form.tsx";
import { providerStart } from "./start-values.ts";
import { type StartFrom, useStart } from "./use-start.ts";

/** Starts a provider on hosts where it does not run yet. */
export function StartProviderDialog({ onClose, ...from }: Omit<StartFrom, "like"> & { onClose: () => void }) {
  const { profile } = useSelection();
  const start = useStart("provider", from);
  const note = isBuiltin(start.values.imageReference) && <BuiltinNote targets={start.targets} />;
  const inputs = start.inputs(providerStart);
  return (
    <CommandDialog
      title="Start a provider"
      name="lattice.providers.start"
      place={placeOf(profile)}
      inputs={inputs}
      itemHeading="Host"
      itemLabel={start.hostName}
      actionLabel={start.label}
      copyAs={<CopyInputs what={start.label} inputs={inputs} commands={startProviderCommands} />}
      receiptNote={note}
      onClose={onClose}
    >
      <StartForm start={start}>{note}</StartForm>
    </CommandDialog>
  );
}

/** What hosts do with a provider of their own (wasmcloud-control §2.8, §4.11, trap 22). */
function BuiltinNote({ targets }: { targets: readonly HostRow[] }) {
  const silent = targets.filter(({ version }) => isAtLeast(version, "1.8.0") !== false).length;
  return (
    <Notice slim tone="warn" shape="question" title="A builtin provider is part of the host">
      It starts only where the host's own settings switch it on. Where they do not, hosts from 1.8.0 on never
      answer
      {silent > 0 && ` (${formatQuantity(silent, "chosen host")})`}: the outcome is unknown until it is
      reconciled. Hosts never check its health, so that stays unknown too.
    </Notice>
  );
}
