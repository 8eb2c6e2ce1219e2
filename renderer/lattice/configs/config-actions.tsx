import { useState } from "react";
import { useOperation } from "../../client/query.ts";
import type { Action } from "../../command/action.ts";
import { CommandDialog } from "../../command/command-dialog.tsx";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { FailureNotice } from "../../ui/failure-notice.tsx";
import { LoadingSkeleton } from "../../ui/loading-skeleton.tsx";
import { Notice } from "../../ui/notice.tsx";
import { ConfigUsageList, inUseText } from "./config-usage.tsx";
import { PutConfigDialog } from "./put-config-dialog.tsx";

/** A config by its name, with what is in it as far as that was read. */
export interface NamedConfig {
  name: string;
  /** Absent until they are read; of one that does not exist there are none. */
  values?: Readonly<Record<string, string>> | undefined;
  missing?: boolean;
}

const refreshes = ["lattice.configs.list", "lattice.configs.get", "lattice.configs.usage"] as const;

/** Puts a new config. */
export const putConfig: Action<never> = {
  id: "config-put",
  operation: "lattice.configs.put",
  verb: "Create config",
  synonyms: "new named secret",
  label: () => "Create config",
  key: "n",
  primary: true,
  refreshes,
  Dialog: ({ onClose }) => <PutConfigDialog onClose={onClose} />,
};

/** What can be done with a config; one that is only named somewhere can be put. */
export const configActions: readonly Action<NamedConfig>[] = [
  {
    id: "config-change",
    operation: "lattice.configs.put",
    verb: "Change",
    synonyms: "edit put",
    label: ([config]) => `${config?.missing ? "Put" : "Change"} the config ${config?.name}`,
    button: ([config]) => (config?.missing ? "Put it…" : "Change…"),
    key: "e",
    primary: true,
    refusal: ([config]) => ((config?.values ?? config?.missing) ? undefined : "What is in it was not read."),
    refreshes,
    Dialog: ({ things: [config], onClose }) =>
      config && (
        <PutConfigDialog start={{ name: config.name, values: config.values ?? {} }} onClose={onClose} />
      ),
  },
  {
    id: "config-delete",
    operation: "lattice.configs.delete",
    verb: "Delete",
    synonyms: "remove",
    label: ([config]) => `Delete the config ${config?.name}`,
    key: "d",
    destructive: true,
    refusal: ([config]) => (config?.missing ? "There is no such config." : undefined),
    refreshes,
    Dialog: ({ things: [config], onClose }) =>
      config && <DeleteConfigDialog name={config.name} onClose={onClose} />,
  },
];

/** Deletes a config, with who uses it: nothing in the lattice would object. */
function DeleteConfigDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const { connectionId, lattice, profile } = useSelection();
  const [sent, setSent] = useState(false);
  const usage = useOperation("lattice.configs.usage", { connectionId, lattice, name }, { enabled: !sent });
  const users = usage.data && inUseText(usage.data);
  return (
    <CommandDialog
      title={`Delete the config ${name}`}
      name="lattice.configs.delete"
      place={placeOf(profile)}
      inputs={[{ connectionId, lattice, name }]}
      itemHeading="Config"
      itemLabel={(input) => input.name}
      actionLabel={`Delete config ${name}`}
      destructive
      disabled={usage.isPending}
      onSend={() => setSent(true)}
      onClose={onClose}
    >
      {users && (
        <Notice role="status" tone="bad" shape="bang" title={users}>
          Nothing keeps a config that is in use. Who uses it sees an empty one at once; a component or
          provider that names it cannot be started again, and a link that names it cannot be put again.
        </Notice>
      )}
      {usage.isPending && <LoadingSkeleton rows={2} />}
      {usage.error && <FailureNotice slim what="Who uses it is not known" failure={usage.error.toData()} />}
      {usage.data && <ConfigUsageList usage={usage.data} plain />}
    </CommandDialog>
  );
}
