import { useForm } from "@mantine/form";
import { useState } from "react";
import type { Action } from "../../command/action.ts";
import { CommandDialog } from "../../command/command-dialog.tsx";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { Notice } from "../../ui/notice.tsx";
import { useLatticeRow } from "../use-lattice-topic.ts";
import { RegistryFields } from "./registry-fields.tsx";
import { emptyRegistry, type RegistryForm, registryErrors, registryInputOf } from "./registry-form.ts";

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

/** Gives every host credentials of image registries. What is written lives as long as this dialog. */
function RegistriesDialog({ onClose }: { onClose: () => void }) {
  const { connectionId, lattice, profile } = useSelection();
  const hosts = useLatticeRow()?.hosts;
  const [initialValues] = useState(() => ({ registries: [emptyRegistry()], collect: true }));
  const form = useForm<RegistryForm>({
    initialValues,
    validate: registryErrors,
    validateInputOnChange: true,
  });
  const complete = Object.keys(registryErrors(form.values)).length === 0;
  const input = registryInputOf({ connectionId, lattice }, form.values);
  const names = Object.keys(input.registries).sort().join(", ");
  const count = (hosts?.live ?? 0) + (hosts?.stale ?? 0);
  return (
    <CommandDialog
      title="Registry credentials"
      name="lattice.registries.put"
      place={placeOf(profile)}
      inputs={complete ? [input] : undefined}
      itemHeading="Registries"
      itemLabel={({ registries }) => Object.keys(registries).sort().join(", ")}
      actionLabel={`Give all ${count} hosts the credentials of ${names || "…"}`}
      onClose={onClose}
    >
      <Notice tone="idle" shape="ring" title="Sent to all hosts; not stored by Switchyard">
        The credentials go to all hosts of the lattice at once, over the connection as it is (use TLS). Hosts
        keep them in memory until they restart: a host that joins or restarts later has to be given them
        again. They replace what a host has for the same registry and remove nothing. The console neither
        keeps them nor shows them again, so a reconcile cannot repeat them.
      </Notice>
      <RegistryFields form={form} />
      {form.values.registries.some(({ signIn }) => signIn === "token") && (
        <Notice
          slim
          tone="warn"
          shape="bang"
          title="Hosts from 1.9.0 on keep a token that stands alone and pull without it"
        >
          Give a user name, with the token as the password.
        </Notice>
      )}
    </CommandDialog>
  );
}
