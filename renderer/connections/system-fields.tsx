import { Select } from "@mantine/core";
import { type ConnectionRow, systems } from "../../shared/connections/schema.ts";
import { DrawerSection } from "../ui/drawer.tsx";
import { AuthenticationFields } from "./authentication-fields.tsx";
import { keptSecret, secretsAsked } from "./connection-form.ts";
import { systemNames } from "./connection-words.ts";
import classes from "./connections.module.css";
import { FlowfabricFields } from "./flowfabric-fields.tsx";
import { FluxFields } from "./flux-fields.tsx";
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
