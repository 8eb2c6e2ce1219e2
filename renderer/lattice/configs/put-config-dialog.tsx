import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useEffect, useState } from "react";
import type { ConfigPreview } from "../../../shared/lattice/config-operations.ts";
import { isSecretName } from "../../../shared/lattice/inputs.ts";
import { usePreview } from "../../client/use-preview.ts";
import { CommandDialog } from "../../command/command-dialog.tsx";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { formatQuantity } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { ConfigComparison } from "./config-comparison.tsx";
import { type ConfigForm, configErrors, configFormOf, previewInputOf, valuesOf } from "./config-form.ts";
import { PairsEditor } from "./pairs-editor.tsx";

interface PutConfigDialogProps {
  /** The config that is changed; without it a new one is put. */
  start?: { name: string; values: Readonly<Record<string, string>> } | undefined;
  onClose: () => void;
}

/** Puts a config as a whole, compared key by key with what is stored before anything is sent. */
export function PutConfigDialog({ start, onClose }: PutConfigDialogProps) {
  const { connectionId, lattice, profile } = useSelection();
  const place = { connectionId, lattice };
  const form = useForm<ConfigForm>({
    initialValues: configFormOf(start?.name, start?.values),
    validate: configErrors,
    validateInputOnChange: true,
  });
  const [sent, setSent] = useState(false);
  const name = form.values.name.trim();
  const secret = isSecretName(name);
  const values = valuesOf(form.values);
  const errors = configErrors(form.values);
  const complete = Object.keys(errors).length === 0;
  const asked = errors.name === undefined && !sent ? previewInputOf(place, form.values) : undefined;
  const preview = usePreview("lattice.configs.preview-put", asked);
  const basis = useBasis(preview.data);
  const input = { ...place, name, values, ...(basis.accepted && { basis: basis.accepted }) };
  return (
    <CommandDialog
      title={start ? `Change the config ${start.name}` : "Create config"}
      name="lattice.configs.put"
      place={placeOf(profile)}
      inputs={complete ? [input] : undefined}
      itemHeading="Config"
      itemLabel={(item) => item.name}
      actionLabel={`Put config ${name} with ${formatQuantity(Object.keys(values).length, "key")}`}
      disabled={preview.pending || preview.failure !== undefined || basis.changedElsewhere}
      onSend={() => setSent(true)}
      onClose={onClose}
    >
      {!start && (
        <TextInput
          label="Name"
          description="Letters, digits, _ / = and -; one that begins with SECRET is a secret reference"
          required
          spellCheck={false}
          {...form.getInputProps("name")}
        />
      )}
      {secret && <SecretNotice />}
      <PairsEditor form={form} secret={secret} />
      <ConfigComparison
        preview={preview}
        taken={!start && preview.data?.exists === true}
        onTakeStored={(stored) => form.setFieldValue("pairs", configFormOf(name, stored).pairs)}
        changedElsewhere={basis.changedElsewhere}
        onAccept={basis.accept}
      />
    </CommandDialog>
  );
}

function SecretNotice() {
  return (
    <Notice tone="idle" shape="forbidden" title="A secret reference: what you write is sent and not kept">
      A put replaces all of it, and stored values are not shown: write every value again. The record of the
      command holds the keys only.
    </Notice>
  );
}

type Compared = Pick<ConfigPreview, "name" | "basis">;

/**
 * What the person has compared with: the first comparison of a name, and later ones only when they say so. What is
 * stored may be changed by others meanwhile, and must not be overwritten unseen.
 */
function useBasis(preview: Compared | undefined) {
  const [accepted, setAccepted] = useState<Compared>();
  const same = preview !== undefined && accepted?.name === preview.name;
  useEffect(() => {
    if (preview && !same) setAccepted({ name: preview.name, basis: preview.basis });
  }, [preview, same]);
  return {
    accepted: same ? accepted.basis : preview?.basis,
    changedElsewhere: same && accepted.basis !== preview.basis,
    accept: () => preview && setAccepted({ name: preview.name, basis: preview.basis }),
  };
}
