import { type InputFor, operations } from "../../../shared/catalogue.ts";

export type RegistryInput = InputFor<"lattice.registries.put">;

/** How hosts sign in to a registry. */
export const signIns = ["password", "token", "anonymous"] as const;

/** One registry as the fields of the dialog hold it. */
export interface Registry {
  /** Tells the parts of the form apart. */
  id: string;
  host: string;
  signIn: (typeof signIns)[number];
  username: string;
  password: string;
  token: string;
}

export interface RegistryForm {
  registries: Registry[];
  /** Ask each host for an answer. */
  collect: boolean;
}

/** An empty registry. */
export function emptyRegistry(): Registry {
  return { id: crypto.randomUUID(), host: "", signIn: "password", username: "", password: "", token: "" };
}

/** What `lattice.registries.put` takes; it need not fit yet. */
export function registryInputOf(
  place: { connectionId: string; lattice: string },
  form: RegistryForm,
): RegistryInput {
  const registries = form.registries.map(
    (registry) => [registry.host.trim(), credentialOf(registry)] as const,
  );
  return { ...place, registries: Object.fromEntries(registries), collect: form.collect };
}

function credentialOf({ signIn, username, password, token }: Registry): RegistryInput["registries"][string] {
  if (signIn === "password") return { username, password, registryType: "oci" };
  return signIn === "token" ? { token, registryType: "oci" } : { registryType: "oci" };
}

/** What is wrong, by field of the form; empty when it can be put. No message holds what was written. */
export function registryErrors(form: RegistryForm): Record<string, string> {
  const errors: Record<string, string> = {};
  const hosts = new Set<string>();
  form.registries.forEach((registry, index) => {
    const host = registry.host.trim();
    const note = (field: keyof Registry, message: string | undefined) => {
      if (message !== undefined) errors[`registries.${index}.${field}`] = message;
    };
    note("host", hosts.has(host) ? "it is there twice" : hostError(host));
    if (registry.signIn === "password") {
      note("username", registry.username === "" ? "a user name is needed" : undefined);
      note("password", registry.password === "" ? "a password is needed" : undefined);
    }
    if (registry.signIn === "token") note("token", registry.token === "" ? "a token is needed" : undefined);
    hosts.add(host);
  });
  if (Object.keys(errors).length > 0) return errors;
  const input = registryInputOf({ connectionId: "any", lattice: "any" }, form);
  const parsed = operations["lattice.registries.put"].input.safeParse(input);
  return parsed.success ? {} : { registries: parsed.error.issues[0]?.message ?? "not valid" };
}

/** Hosts look credentials up by the first part of an image reference (wasmcloud-control §2.19). */
function hostError(host: string): string | undefined {
  if (host === "") return "which registry?";
  if (host.includes("://") || host.includes("/"))
    return "the name alone, such as ghcr.io, without scheme or path";
  return /\s/.test(host) ? "no spaces" : undefined;
}
