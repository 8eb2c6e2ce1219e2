import { useCallback, useState } from "react";
import type { HostRow } from "../../../shared/lattice/schema.ts";
import { DeleteLabelDialog, PutLabelDialog } from "../labels/label-dialog.tsx";
import { StopHostDialog } from "../stop/stop-host-dialog.tsx";

type Label = { key: string; value: string };

/** What can be done with hosts. */
export type HostCommand =
  | { kind: "put-label"; hosts: readonly HostRow[]; label?: Label | undefined }
  | { kind: "delete-label"; hosts: readonly HostRow[]; label: Label }
  | { kind: "stop"; host: HostRow };

/** The dialog of one command to hosts at a time. */
export function useHostCommands() {
  const [command, setCommand] = useState<HostCommand>();
  const close = useCallback(() => setCommand(undefined), []);
  return { run: setCommand, dialog: command && <CommandOf command={command} onClose={close} /> };
}

function CommandOf({ command, onClose }: { command: HostCommand; onClose: () => void }) {
  if (command.kind === "stop") return <StopHostDialog host={command.host} onClose={onClose} />;
  const { hosts, label } = command;
  if (command.kind === "put-label") return <PutLabelDialog hosts={hosts} label={label} onClose={onClose} />;
  return <DeleteLabelDialog hosts={hosts} label={command.label} onClose={onClose} />;
}
