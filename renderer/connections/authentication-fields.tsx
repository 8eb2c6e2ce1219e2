import { PasswordInput, Select, Textarea, TextInput } from "@mantine/core";
import type { SecretName } from "../../shared/connections/schema.ts";
import { secretsAsked } from "./connection-form.ts";
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

const secretLabels: Record<SecretName, string> = {
  password: "Password",
  token: "Token",
  seed: "Seed",
  credentials: "Credentials text",
  jwt: "User JWT",
};

/** How one proves who one is; secrets are written and never read back. */
export function AuthenticationFields({ form, held }: FieldsProps & { held: readonly SecretName[] }) {
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
          description="Path of a .creds file; empty: paste its text below"
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
      {secretsAsked(values).map((name) => (
        <SecretField key={name} name={name} held={held.includes(name)} form={form} />
      ))}
    </div>
  );
}

function SecretField({ name, held, form }: FieldsProps & { name: SecretName; held: boolean }) {
  const shared = {
    label: secretLabels[name],
    description: "Kept apart from the profile; it cannot be read back.",
    placeholder: held ? "kept — leave empty to keep it" : "",
    autoComplete: "new-password",
    spellCheck: false,
    ...form.getInputProps(`secrets.${name}`),
  };
  const long = name === "credentials" || name === "jwt";
  return long ? <Textarea autosize minRows={2} maxRows={6} {...shared} /> : <PasswordInput {...shared} />;
}
