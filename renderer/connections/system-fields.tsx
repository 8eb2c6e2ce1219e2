import { NumberInput, Select, TextInput } from "@mantine/core";
import { type ConnectionRow, systems } from "../../shared/connections/schema.ts";
import { DrawerSection } from "../ui/drawer.tsx";
import { AuthenticationFields } from "./authentication-fields.tsx";
import { keptSecret, secretsAsked } from "./connection-form.ts";
import { systemNames } from "./connection-words.ts";
import classes from "./connections.module.css";
import { FlowfabricFields } from "./flowfabric-fields.tsx";
import { ForgeFields } from "./forge-fields.tsx";
import { type FieldsProps, TargetFields } from "./profile-fields.tsx";
import { SecretField } from "./secret-field.tsx";

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
