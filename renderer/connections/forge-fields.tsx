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
        description="forge-jobs has no authentication; set this if a proxy in front requires it."
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
        description="PEM file; the system's certificate authorities by default"
        {...form.getInputProps("forge.caFile")}
      />
      <NumberInput
        label="Request timeout"
        suffix=" ms"
        min={100}
        {...form.getInputProps("forge.requestTimeoutMs")}
      />
    </div>
  );
}
