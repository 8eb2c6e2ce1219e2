import { CommandDialog } from "../../command/command-dialog.tsx";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { Notice } from "../../ui/notice.tsx";
import { CopyInputs } from "../commands/copy-inputs.tsx";
import { startComponentCommands } from "../copy-workloads.ts";
import { StartForm } from "./start-form.tsx";
import { componentStart } from "./start-values.ts";
import { type StartFrom, useStart } from "./use-start.ts";

/** Starts a component on hosts where it does not run yet. */
export function StartComponentDialog({ onClose, ...from }: StartFrom & { onClose: () => void }) {
  const { profile } = useSelection();
  const start = useStart("component", from);
  const inputs = start.inputs(componentStart);
  return (
    <CommandDialog
      title={from.like ? `Start ${from.like.id} on more hosts` : "Start a component"}
      name="lattice.components.start"
      place={placeOf(profile)}
      inputs={inputs}
      itemHeading="Host"
      itemLabel={start.hostName}
      actionLabel={start.label}
      copyAs={<CopyInputs what={start.label} inputs={inputs} commands={startComponentCommands} />}
      onClose={onClose}
    >
      <StartForm start={start}>
        {from.like && (
          <Notice
            slim
            tone="warn"
            shape="bang"
            title="Which configs it uses elsewhere cannot be read from a host: name them to give it the same."
          />
        )}
      </StartForm>
    </CommandDialog>
  );
}
