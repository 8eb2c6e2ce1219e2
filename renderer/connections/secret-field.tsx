import { PasswordInput, Textarea } from "@mantine/core";
import type { SecretName } from "../../shared/connections/schema.ts";
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

/** One secret: written, and never read back. */
export function SecretField({ name, held, form }: FieldsProps & { name: SecretName; held: boolean }) {
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
