import { useState } from "react";
import type { LabelPreview } from "../../../shared/lattice/host-operations.ts";
import type { HostRow } from "../../../shared/lattice/schema.ts";
import { CommandDialog } from "../../command/command-dialog.tsx";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { LoadingSkeleton } from "../../ui/loading-skeleton.tsx";
import { Notice } from "../../ui/notice.tsx";
import { CopyInputs } from "../commands/copy-inputs.tsx";
import { deleteLabelCommands, putLabelCommands } from "../copy-workloads.ts";
import list from "../lattice.module.css";
import { PreviewWarnings } from "../scale/preview-list.tsx";
import { type Previews, usePreviews } from "../use-previews.ts";
import { LabelFields } from "./label-fields.tsx";
import { acceptingHosts, effectText, labelButton, labelProblems } from "./label-plan.ts";
import classes from "./labels.module.css";

const most = 200;

/** What a change of a label does to each host; where a host would refuse it, why. */
function LabelPreviews({ previews }: { previews: Previews<LabelPreview> }) {
  const rows = previews.previews;
  const refused = rows.filter((row) => row.refused);
  if (rows.length === 0 && previews.failed.length === 0) return <LoadingSkeleton rows={2} />;
  return (
    <div className={classes.previews} aria-busy={previews.pending}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section className={classes.rows} tabIndex={0} aria-label="Host by host">
        <table className={list.list}>
          <thead>
            <tr>
              <th>Host</th>
              <th>Now</th>
              <th>After</th>
              <th>Effect</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, most).map((row) => (
              <tr key={row.hostId}>
                <td>{row.hostName}</td>
                <td className="mono">{row.now ?? "not set"}</td>
                <td className="mono">{row.after ?? "not set"}</td>
                <td className={row.refused ? classes.refused : undefined}>{effectText(row)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {refused.length > 0 && (
        <Notice slim tone="bad" shape="forbidden" title={refused[0]?.refused}>
          {refused.length === rows.length
            ? "Nothing is sent. Use a label of your own, such as zone."
            : `It is not sent to ${refused.length} of the ${rows.length} hosts.`}
        </Notice>
      )}
      <PreviewWarnings previews={{ failed: previews.failed, previews: rows.filter((row) => !row.refused) }} />
    </div>
  );
}

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
