import { Select, TextInput } from "@mantine/core";
import classes from "./connections.module.css";
import type { FieldsProps } from "./profile-fields.tsx";

const methods = [
  { value: "none", label: "None" },
  { value: "password", label: "User and password" },
  { value: "token", label: "Token" },
  { value: "nkey", label: "NKey seed" },
  { value: "credentials", label: "Credentials (.creds)" },
  { value: "jwt", label: "User JWT and seed" },
];

/** How one proves who one is to a lattice's servers. */
export function AuthenticationFields({ form }: FieldsProps) {
  const values = form.getValues();
  return (
    <div className={classes.fields}>
      <Select
        label="Authentication"
        data={methods}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
        {...form.getInputProps("method")}
      />
      {values.method === "password" && (
        <TextInput label="User" required autoComplete="off" {...form.getInputProps("user")} />
      )}
      {values.method === "credentials" && (
        <TextInput
          label="Credentials file"
          description=".creds file, or paste its contents below"
          {...form.getInputProps("credentialsFile")}
        />
      )}
      {values.method === "jwt" && (
        <>
          <TextInput
            label="JWT file"
            description="Path; empty: paste it below"
            {...form.getInputProps("jwtFile")}
          />
          <TextInput
            label="Seed file"
            description="Path; empty: paste it below"
            {...form.getInputProps("seedFile")}
          />
        </>
      )}
    </div>
  );
}
