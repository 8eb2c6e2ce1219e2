import { useState } from "react";
import type { HostRow } from "../../../shared/lattice/schema.ts";
import { CommandDialog } from "../../command/command-dialog.tsx";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { CopyInputs } from "../commands/copy-inputs.tsx";
import { deleteLabelCommands, putLabelCommands } from "../copy-workloads.ts";
import { usePreviews } from "../use-previews.ts";
import { LabelFields } from "./label-fields.tsx";
import { acceptingHosts, labelButton, labelProblems } from "./label-plan.ts";
import { LabelPreviews } from "./label-previews.tsx";

interface HostLabelDraft {
  key: string;
  value: string;
}

interface LabelDialogProps {
  hosts: readonly HostRow[];
  /** The label that is changed or deleted; absent where a new one is set. */
  label?: HostLabelDraft | undefined;
  onClose: () => void;
}

/** Sets a label on hosts, a new one or another value of one that is there. */
export function PutLabelDialog(props: LabelDialogProps & { draft?: HostLabelDraft | undefined }) {
  const { label, onClose } = props;
  const [hosts] = useState(props.hosts);
  const [draft, setDraft] = useState(label ?? props.draft ?? { key: "", value: "" });
  const [sent, setSent] = useState(false);
  const { connectionId, lattice, profile } = useSelection();
  const change = { key: label ? label.key : draft.key.trim(), value: draft.value };
  const problems = labelProblems(change.key, change.value);
  const good = Object.keys(problems).length === 0;
  const inputOf = ({ id }: HostRow) => ({ connectionId, lattice, hostId: id, ...change });
  const previews = usePreviews("lattice.labels.preview", sent || !good ? undefined : hosts.map(inputOf));
  const accepting = acceptingHosts(hosts, good ? previews.previews : []);
  const inputs = good ? accepting.map(inputOf) : undefined;
  const button = labelButton(change, accepting);
  return (
    <CommandDialog
      title={label ? `Change label ${label.key}` : "Set a label"}
      name="lattice.labels.put"
      place={placeOf(profile)}
      inputs={inputs}
      itemHeading="Host"
      itemLabel={({ hostId }) => nameOf(hosts, hostId)}
      actionLabel={button}
      copyAs={<CopyInputs what={button} inputs={inputs} commands={putLabelCommands} />}
      disabled={previews.pending}
      onSend={() => setSent(true)}
      onClose={onClose}
    >
      <LabelFields draft={draft} fixedKey={label !== undefined} problems={problems} onChange={setDraft} />
      {good && <LabelPreviews previews={previews} />}
    </CommandDialog>
  );
}

/** Deletes a label of hosts. */
export function DeleteLabelDialog(props: LabelDialogProps & { label: { key: string } }) {
  const { key } = props.label;
  const [hosts] = useState(props.hosts);
  const [sent, setSent] = useState(false);
  const { connectionId, lattice, profile } = useSelection();
  const inputs = hosts.map(({ id }) => ({ connectionId, lattice, hostId: id, key }));
  const previews = usePreviews("lattice.labels.preview", sent ? undefined : inputs);
  const button = labelButton({ key, value: undefined }, hosts);
  return (
    <CommandDialog
      title={`Delete label ${key}`}
      name="lattice.labels.delete"
      place={placeOf(profile)}
      inputs={inputs}
      itemHeading="Host"
      itemLabel={({ hostId }) => nameOf(hosts, hostId)}
      actionLabel={button}
      copyAs={<CopyInputs what={button} inputs={inputs} commands={deleteLabelCommands} />}
      destructive
      disabled={previews.pending}
      onSend={() => setSent(true)}
      onClose={props.onClose}
    >
      <LabelPreviews previews={previews} />
    </CommandDialog>
  );
}

function nameOf(hosts: readonly HostRow[], hostId: string): string {
  return hosts.find(({ id }) => id === hostId)?.friendlyName ?? hostId;
}
