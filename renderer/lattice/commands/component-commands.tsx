import { useCallback, useState } from "react";
import type { ComponentRow } from "../../../shared/lattice/schema.ts";
import { ScaleDialog } from "../scale/scale-dialog.tsx";
import { StartComponentDialog } from "../start/start-component-dialog.tsx";
import type { StartFrom } from "../start/use-start.ts";
import { StopComponentsDialog } from "../stop/stop-components-dialog.tsx";
import { UpdateDialog } from "../update/update-dialog.tsx";

/** What can be done with components; scale and update concern rows of one component. */
export type ComponentCommand =
  | { kind: "scale" | "update" | "stop"; rows: readonly ComponentRow[] }
  | ({ kind: "start" } & StartFrom);

/** The dialog of one command to components at a time. */
export function useComponentCommands() {
  const [command, setCommand] = useState<ComponentCommand>();
  const close = useCallback(() => setCommand(undefined), []);
  return { run: setCommand, dialog: command && <CommandOf command={command} onClose={close} /> };
}

function CommandOf({ command, onClose }: { command: ComponentCommand; onClose: () => void }) {
  if (command.kind === "start") {
    const { kind: _kind, ...from } = command;
    return <StartComponentDialog {...from} onClose={onClose} />;
  }
  const { rows } = command;
  if (command.kind === "scale") return <ScaleDialog rows={rows} onClose={onClose} />;
  if (command.kind === "update") return <UpdateDialog rows={rows} onClose={onClose} />;
  return <StopComponentsDialog rows={rows} onClose={onClose} />;
}
