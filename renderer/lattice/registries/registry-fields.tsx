import { ActionIcon, Button, Checkbox, NativeSelect, PasswordInput, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus, IconX } from "@tabler/icons-react";
import classes from "./registries.module.css";
import { emptyRegistry, type RegistryForm } from "./registry-form.ts";

interface RegistryFieldsProps {
  form: UseFormReturnType<RegistryForm>;
}

const signInChoices = [
  { value: "password", label: "User name and password" },
  { value: "token", label: "Token" },
  { value: "anonymous", label: "Nothing (anonymous)" },
];

/** The registries, each with its way to sign in, and whether hosts are asked for an answer. */
export function RegistryFields({ form }: RegistryFieldsProps) {
  const { registries } = form.values;
  return (
    <div className={classes.form}>
      {registries.map((registry, index) => (
        <fieldset key={registry.id} className={classes.registry}>
          <legend className="visually-hidden">Registry {index + 1}</legend>
          <TextInput
            label="Registry"
            description="As image references begin"
            placeholder="ghcr.io"
            required
            spellCheck={false}
            {...form.getInputProps(`registries.${index}.host`)}
          />
          <NativeSelect
            label="Signs in with"
            description="How hosts fetch images"
            data={signInChoices}
            {...form.getInputProps(`registries.${index}.signIn`)}
          />
          <Credentials form={form} index={index} />
          {registries.length > 1 && (
            <ActionIcon
              className={classes.remove ?? ""}
              aria-label={`Remove registry ${index + 1}`}
              onClick={() => form.removeListItem("registries", index)}
            >
              <IconX size={14} />
            </ActionIcon>
          )}
        </fieldset>
      ))}
      <div>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlus size={12} />}
          onClick={() => form.insertListItem("registries", emptyRegistry())}
        >
          Add a registry
        </Button>
      </div>
      <Checkbox
        label="Ask each host for an answer"
        description="Hosts answer only when they are asked. Without it nothing shows who took the credentials, and the outcome is unknown."
        {...form.getInputProps("collect", { type: "checkbox" })}
      />
    </div>
  );
}

function Credentials({ form, index }: RegistryFieldsProps & { index: number }) {
  const { signIn } = form.values.registries[index] ?? emptyRegistry();
  const field = (name: string) => form.getInputProps(`registries.${index}.${name}`);
  if (signIn === "anonymous") return null;
  if (signIn === "token") {
    return (
      <PasswordInput
        className={classes.wide ?? ""}
        label="Token"
        required
        autoComplete="off"
        {...field("token")}
      />
    );
  }
  return (
    <>
      <TextInput label="User name" required autoComplete="off" spellCheck={false} {...field("username")} />
      <PasswordInput label="Password" required autoComplete="off" {...field("password")} />
    </>
  );
}
