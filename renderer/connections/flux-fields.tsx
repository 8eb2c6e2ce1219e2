import { NumberInput, TextInput } from "@mantine/core";
import classes from "./connections.module.css";
import type { FieldsProps } from "./profile-fields.tsx";

/** Where the console listens: Flux daemons call it. */
export function FluxFields({ form }: FieldsProps) {
  return (
    <div className={classes.fields}>
      <TextInput
        label="Listen on"
        description="127.0.0.1 is for this machine only; anything else lets others reach this port"
        required
        spellCheck={false}
        {...form.getInputProps("flux.host")}
      />
      <NumberInput
        label="Port"
        description="0 takes a free one"
        required
        min={0}
        max={65_535}
        {...form.getInputProps("flux.port")}
      />
      <TextInput
        label="Certificate"
        description="Path of a PEM file; with it daemons connect by wss://"
        {...form.getInputProps("flux.certificateFile")}
      />
      <TextInput label="Key" description="Path of a PEM file" {...form.getInputProps("flux.keyFile")} />
    </div>
  );
}
