import { NumberInput, PasswordInput, Select, Textarea, TextInput } from "@mantine/core";
import { type ConnectionRow, type SecretName, systems } from "../../shared/connections/schema.ts";
import { DrawerSection } from "../ui/drawer.tsx";
import { type KeptSecret, keptSecret, secretsAsked } from "./connection-form.ts";
import { systemNames } from "./connection-words.ts";
import classes from "./connections.module.css";
import { FlowfabricFields } from "./flowfabric-fields.tsx";
import { ForgeFields } from "./forge-fields.tsx";
import { type FieldsProps, TargetFields } from "./profile-fields.tsx";

const methods = [
  { value: "none", label: "None" },
  { value: "password", label: "User and password" },
  { value: "token", label: "Token" },
  { value: "nkey", label: "NKey seed" },
  { value: "credentials", label: "Credentials (.creds)" },
  { value: "jwt", label: "User JWT and seed" },
];

/** How one proves who one is to a lattice's servers. */
function AuthenticationFields({ form }: FieldsProps) {
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

const secretLabels: Record<SecretName, string> = {
  password: "Password",
  token: "Token",
  seed: "Seed",
  credentials: "Credentials text",
  jwt: "User JWT",
  header: "Header value",
  valkeyPassword: "Valkey password",
};

const descriptions: Record<KeptSecret, string> = {
  none: "Stored apart from the profile; never shown again.",
  here: "Stored apart from the profile; never shown again.",
  elsewhere: "It was given for another address: enter it again for this one.",
};

/** One secret: written, and never read back. */
function SecretField({ name, kept, form }: FieldsProps & { name: SecretName; kept: KeptSecret }) {
  const shared = {
    label: secretLabels[name],
    description: descriptions[kept],
    placeholder: kept === "here" ? "kept — leave empty to keep it" : "",
    autoComplete: "new-password",
    spellCheck: false,
    ...form.getInputProps(`secrets.${name}`),
  };
  const long = name === "credentials" || name === "jwt";
  return long ? <Textarea autosize minRows={2} maxRows={6} {...shared} /> : <PasswordInput {...shared} />;
}

/** What the connection leads to; that of a saved one stays. */
export function SystemField({ form, fixed }: FieldsProps & { fixed: boolean }) {
  return (
    <Select
      label="System"
      data={systems.map((system) => ({ value: system, label: systemNames[system] }))}
      allowDeselect={false}
      disabled={fixed}
      comboboxProps={{ withinPortal: true }}
      {...form.getInputProps("system")}
    />
  );
}

/** How to reach the chosen system. */
export function SystemFields({ form }: FieldsProps) {
  const { system } = form.getValues();
  if (system === "flowfabric") return <FlowfabricFields form={form} />;
  if (system === "forge") return <ForgeFields form={form} />;
  return system === "flux" ? <FluxFields form={form} /> : <TargetFields form={form} />;
}

/** How one proves who one is; secrets are written and never read back. */
export function SignInSection({ form, existing }: FieldsProps & { existing: ConnectionRow | undefined }) {
  const values = form.getValues();
  const asked = secretsAsked(values);
  if (values.system !== "lattice" && asked.length === 0) return null;
  return (
    <DrawerSection title="Authentication">
      <div className={classes.fields}>
        {values.system === "lattice" && <AuthenticationFields form={form} />}
        {asked.map((name) => (
          <SecretField key={name} name={name} kept={keptSecret(values, name, existing)} form={form} />
        ))}
      </div>
    </DrawerSection>
  );
}

/** Where the console listens: Flux daemons call it. */
function FluxFields({ form }: FieldsProps) {
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
