import type { Action } from "../../command/action.ts";
import { DeleteConfigDialog } from "./delete-config-dialog.tsx";
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
