import type { Action } from "../../command/action.ts";
import { RegistriesDialog } from "./registries-dialog.tsx";

/** Gives every host credentials of image registries. */
export const giveCredentials: Action<never> = {
  id: "registries",
  operation: "lattice.registries.put",
  verb: "Give credentials",
  synonyms: "oci image password token login registry",
  label: () => "Set registry credentials",
  button: () => "Registry credentials…",
  key: "n",
  primary: true,
  Dialog: ({ onClose }) => <RegistriesDialog onClose={onClose} />,
};
