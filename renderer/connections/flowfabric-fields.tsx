import { Checkbox, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import classes from "./connections.module.css";
import type { FieldsProps } from "./profile-fields.tsx";

const methods = [
  { value: "none", label: "None" },
  { value: "bearer", label: "Bearer token" },
];

const backends = [
  { value: "unknown", label: "Not known: find out from its replies" },
  { value: "valkey", label: "Valkey" },
  { value: "postgres", label: "Postgres" },
  { value: "sqlite", label: "SQLite (development)" },
];

/** Where a FlowFabric server is, and the Valkey behind it where that can be reached. */
export function FlowfabricFields({ form }: FieldsProps) {
  const direct = form.getValues().flowfabric.valkeyAddresses.trim() !== "";
  return (
    <div className={classes.fields}>
      <TextInput
        label="Server address"
        description="http:// or https:// and host:port; empty: only directly"
        spellCheck={false}
        {...form.getInputProps("flowfabric.url")}
      />
      <Select
        label="Authentication"
        data={methods}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
        {...form.getInputProps("flowfabric.method")}
      />
      <Select
        label="Backend of the server"
        description="The server does not report it, and behaves differently on each"
        data={backends}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
        {...form.getInputProps("flowfabric.backend")}
      />
      <Textarea
        label="Valkey addresses"
        description="redis:// or rediss:// and host:port, one a line; with them every partition can be seen"
        autosize
        minRows={1}
        maxRows={6}
        spellCheck={false}
        {...form.getInputProps("flowfabric.valkeyAddresses")}
      />
      {direct && (
        <>
          <TextInput label="Valkey user" autoComplete="off" {...form.getInputProps("flowfabric.user")} />
          <NumberInput label="Database" min={0} {...form.getInputProps("flowfabric.database")} />
          <Checkbox label="A cluster" {...form.getInputProps("flowfabric.cluster", { type: "checkbox" })} />
        </>
      )}
      <TextInput
        label="Certificate authority"
        description="PEM file; the system's certificate authorities by default"
        {...form.getInputProps("flowfabric.caFile")}
      />
      <NumberInput
        label="Request timeout"
        suffix=" ms"
        min={100}
        {...form.getInputProps("flowfabric.requestTimeoutMs")}
      />
    </div>
  );
}
