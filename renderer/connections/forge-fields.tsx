import { NumberInput, Select, TextInput } from "@mantine/core";
import classes from "./connections.module.css";
import type { FieldsProps } from "./profile-fields.tsx";

const methods = [
  { value: "none", label: "None" },
  { value: "bearer", label: "Bearer token" },
  { value: "basic", label: "User and password" },
  { value: "header", label: "Header" },
];

/** Where a jobs server is, and who calls where a proxy in front of it asks. */
export function ForgeFields({ form }: FieldsProps) {
  const { method } = form.getValues().forge;
  return (
    <div className={classes.fields}>
      <TextInput
        label="Address"
        description="http:// or https://, host:port, and a path where a proxy has one"
        required
        spellCheck={false}
        {...form.getInputProps("forge.url")}
      />
      <Select
        label="Authentication"
        description="The jobs server asks nobody; a proxy in front of it may."
        data={methods}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
        {...form.getInputProps("forge.method")}
      />
      {method === "basic" && (
        <TextInput label="User" required autoComplete="off" {...form.getInputProps("forge.user")} />
      )}
      {method === "header" && (
        <TextInput label="Header name" required {...form.getInputProps("forge.header")} />
      )}
      <TextInput
        label="Certificate authority"
        description="Path of a PEM file; empty: the system's own"
        {...form.getInputProps("forge.caFile")}
      />
      <NumberInput
        label="Request time-out"
        suffix=" ms"
        min={100}
        {...form.getInputProps("forge.requestTimeoutMs")}
      />
    </div>
  );
}
