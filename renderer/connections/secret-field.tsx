import { PasswordInput, Textarea } from "@mantine/core";
import type { SecretName } from "../../shared/connections/schema.ts";
import type { KeptSecret } from "./connection-form.ts";
import type { FieldsProps } from "./profile-fields.tsx";

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
export function SecretField({ name, kept, form }: FieldsProps & { name: SecretName; kept: KeptSecret }) {
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
