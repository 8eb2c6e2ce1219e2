import { useCallback, useState } from "react";
import type { ProviderRow } from "../../../shared/lattice/schema.ts";
import { StartProviderDialog } from "../start/start-provider-dialog.tsx";
import { StopProvidersDialog } from "../stop/stop-providers-dialog.tsx";

/** What can be done with providers. */
export type ProviderCommand =
  | { kind: "start"; hostIds?: readonly string[] }
  | { kind: "stop"; rows: readonly ProviderRow[] };

/** The dialog of one command to providers at a time. */
export function useProviderCommands() {
  const [command, setCommand] = useState<ProviderCommand>();
  const close = useCallback(() => setCommand(undefined), []);
  return { run: setCommand, dialog: command && <CommandOf command={command} onClose={close} /> };
}

function CommandOf({ command, onClose }: { command: ProviderCommand; onClose: () => void }) {
  if (command.kind === "stop") return <StopProvidersDialog rows={command.rows} onClose={onClose} />;
  return <StartProviderDialog {...(command.hostIds && { hostIds: command.hostIds })} onClose={onClose} />;
}
