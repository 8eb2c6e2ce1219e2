import type { HostRow } from "../../shared/lattice/schema.ts";
import type { Action } from "../command/action.ts";
import { hostsText, startComponent } from "./component-actions.tsx";
import { DeleteLabelDialog, PutLabelDialog } from "./labels/label-dialog.tsx";
import { startProvider } from "./provider-actions.tsx";
import { StopHostDialog } from "./stop/stop-host-dialog.tsx";

/** A host that has stopped obeys nobody. */
const isRunning = (hosts: readonly HostRow[]) => hosts.every(({ status }) => status !== "stopped");

/** Sets a label of hosts, a new one or another value of one that is there. */
export const setLabel: Action<HostRow> = {
  id: "host-label",
  operation: "lattice.labels.put",
  verb: "Set a label",
  synonyms: "label",
  label: (hosts, label) =>
    label === undefined ? `Set a label of ${hostsText(hosts)}` : `Set label ${label} of ${hostsText(hosts)}`,
  key: "l",
  bulk: true,
  parameter: (text) => (labelOf(text) ? text : undefined),
  Dialog: ({ things, value, onClose }) => (
    <PutLabelDialog
      hosts={things}
      draft={value === undefined ? undefined : labelOf(value)}
      onClose={onClose}
    />
  ),
};

const stop: Action<HostRow> = {
  id: "host-stop",
  operation: "lattice.hosts.stop",
  verb: "Stop host",
  synonyms: "shut down kill",
  label: (hosts) => `Stop host ${hostsText(hosts)}`,
  key: "x",
  destructive: true,
  applies: isRunning,
  Dialog: ({ things: [host], onClose }) => host && <StopHostDialog host={host} onClose={onClose} />,
};

/** What can be done with a host as a whole. */
export const wholeHostActions: readonly Action<HostRow>[] = [
  { ...startComponent, id: "host-component", key: "c", primary: false, applies: isRunning },
  { ...startProvider, id: "host-provider", key: "p", primary: false, applies: isRunning },
  stop,
];

/** What can be done with a host; of them all but its end with several at once. */
export const hostActions: readonly Action<HostRow>[] = [setLabel, ...wholeHostActions];

/** One label of one host. */
export interface HostLabel {
  host: HostRow;
  key: string;
  value: string;
}

export const changeLabel: Action<HostLabel> = {
  id: "label-change",
  operation: "lattice.labels.put",
  verb: "Change",
  label: ([label]) => `Change label ${label?.key}`,
  Dialog: ({ things: [label], onClose }) =>
    label && <PutLabelDialog hosts={[label.host]} label={label} onClose={onClose} />,
};

export const deleteLabel: Action<HostLabel> = {
  id: "label-delete",
  operation: "lattice.labels.delete",
  verb: "Delete",
  label: ([label]) => `Delete label ${label?.key}`,
  destructive: true,
  Dialog: ({ things: [label], onClose }) =>
    label && <DeleteLabelDialog hosts={[label.host]} label={label} onClose={onClose} />,
};

function labelOf(text: string): { key: string; value: string } | undefined {
  const [, key, value] = /^([^\s=]+)=(.*)$/.exec(text) ?? [];
  return key === undefined || value === undefined ? undefined : { key, value };
}
