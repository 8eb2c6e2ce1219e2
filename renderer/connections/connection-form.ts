import { covers, destinationsOf } from "../../shared/connections/destination.ts";
import type { FluxTarget } from "../../shared/connections/flux-target.ts";
import { connectionsOperations } from "../../shared/connections/operations.ts";
import {
  type ConnectionProfile,
  type ConnectionRow,
  type SecretName,
  type System,
  secretNames,
  targetSettingsSchema,
} from "../../shared/connections/schema.ts";
import type { InputOf } from "../../shared/contract/index.ts";
import {
  type FlowfabricForm,
  flowfabricFormOf,
  flowfabricSecretsAsked,
  flowfabricTargetOf,
} from "./flowfabric-form.ts";
import { type ForgeForm, forgeFormOf, forgeSecretsAsked, forgeTargetOf } from "./forge-form.ts";
import { type LatticeForm, latticeFormOf, latticeSecretsAsked, latticeTargetOf } from "./lattice-form.ts";

export type SaveInput = InputOf<(typeof connectionsOperations)["connections.save"]>;

/** A connection as the fields of the form hold it; those of other systems stay as they are while one is chosen. */
export interface ConnectionForm extends LatticeForm {
  id: string;
  name: string;
  color: string;
  environment: string;
  guard: ConnectionProfile["guard"];
  relockMinutes: number | string;
  openAtStart: boolean;
  system: System;
  flowfabric: FlowfabricForm;
  forge: ForgeForm;
  flux: FluxForm;
  secrets: Record<SecretName, string>;
}

const noSecrets = Object.fromEntries(secretNames.map((name) => [name, ""])) as Record<SecretName, string>;

/** The form of a saved connection, or of a new one. */
export function formOf(profile: ConnectionProfile | undefined): ConnectionForm {
  return {
    ...identityOf(profile),
    ...latticeFormOf(profile?.system === "lattice" ? profile.target : undefined),
    flowfabric: flowfabricFormOf(profile?.system === "flowfabric" ? profile.target : undefined),
    forge: forgeFormOf(profile?.system === "forge" ? profile.target : undefined),
    flux: fluxFormOf(profile?.system === "flux" ? profile.target : undefined),
    system: profile?.system ?? "lattice",
    secrets: { ...noSecrets },
  };
}

function identityOf(profile: ConnectionProfile | undefined) {
  if (!profile) {
    const guard: ConnectionForm["guard"] = "confirm";
    const look = { color: "#1580cb", environment: "DEV" };
    return { id: "", name: "", ...look, guard, relockMinutes: 0, openAtStart: true };
  }
  const { id, name, color, environment, guard, relockMinutes, openAtStart } = profile;
  return { id, name, color, environment, guard, relockMinutes, openAtStart };
}

/** What `connections.save` takes; an id is made from the name where there is none yet. */
export function saveInputOf(form: ConnectionForm): SaveInput {
  const secrets = secretsOf(form);
  const { name, color, environment, guard, openAtStart } = form;
  const relockMinutes = Number(form.relockMinutes);
  return {
    connectionId: form.id || slugOf(name),
    profile: { name, color, environment, guard, relockMinutes, openAtStart, ...settingsOf(form) },
    ...(secrets ? { secrets } : {}),
  };
}

/** Where the form leads. */
export function settingsOf(form: ConnectionForm) {
  const { system } = form;
  if (system === "flowfabric") return { system, target: flowfabricTargetOf(form.flowfabric) };
  if (system === "forge") return { system, target: forgeTargetOf(form.forge) };
  if (system === "flux") return { system, target: fluxTargetOf(form.flux) };
  return { system, target: latticeTargetOf(form) };
}

/** The secrets that a form asks for. */
export function secretsAsked(form: ConnectionForm): readonly SecretName[] {
  if (form.system === "flowfabric") return flowfabricSecretsAsked(form.flowfabric);
  if (form.system === "forge") return forgeSecretsAsked(form.forge);
  return form.system === "lattice" ? latticeSecretsAsked(form) : [];
}

/** Whether a secret is kept: for where the form leads, or for where the saved connection led. */
export type KeptSecret = "none" | "here" | "elsewhere";

/** What is kept of a secret that the form asks for. */
export function keptSecret(
  form: ConnectionForm,
  name: SecretName,
  existing: Pick<ConnectionRow, "profile" | "secretsHeld"> | undefined,
): KeptSecret {
  if (!existing?.secretsHeld.includes(name)) return "none";
  const settings = targetSettingsSchema.safeParse(settingsOf(form));
  // An address that is still being typed leads nowhere yet.
  const wanted = settings.success ? (destinationsOf(settings.data)[name] ?? []) : [];
  return covers(destinationsOf(existing.profile)[name] ?? [], wanted) ? "here" : "elsewhere";
}

function secretsOf(form: ConnectionForm): SaveInput["secrets"] {
  const given = secretsAsked(form).filter((name) => form.secrets[name] !== "");
  return given.length === 0 ? undefined : Object.fromEntries(given.map((name) => [name, form.secrets[name]]));
}

/** What is wrong, by field of the form; empty when it can be saved. */
export function formErrors(form: ConnectionForm): Record<string, string> {
  const parsed = connectionsOperations["connections.save"].input.safeParse(saveInputOf(form));
  if (parsed.success) return {};
  return Object.fromEntries(
    parsed.error.issues.map((issue) => [fieldOf(form.system, issue.path), issue.message]),
  );
}

/** The form's field for a place in the input. */
function fieldOf(system: System, path: readonly PropertyKey[]): string {
  const texts = path.filter((part) => typeof part === "string");
  const last = texts.at(-1) ?? "";
  if (texts.includes("secrets")) return `secrets.${last}`;
  if (system !== "lattice" && texts.includes("target")) return `${system}.${inSystem(texts, last)}`;
  if (last === "file") return "credentialsFile";
  return last === "connectionId" ? "name" : last;
}

/** Fields whose names in the form are not those of the target. */
function inSystem(path: readonly string[], last: string): string {
  if (path.includes("valkey") && last === "addresses") return "valkeyAddresses";
  return path.includes("authentication") && last === "name" ? "header" : last;
}

function slugOf(name: string): string {
  const slug = name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 60);
  return slug.replace(/^-+|-+$/g, "") || "connection";
}

/** An id from the name that is not taken yet. */
export function freeId(name: string, taken: ReadonlySet<string>): string {
  const slug = slugOf(name);
  let id = slug;
  for (let number = 2; taken.has(id); number += 1) id = `${slug}-${number}`;
  return id;
}

/** Where the console listens for daemons, as the fields of the form hold it. */
interface FluxForm {
  host: string;
  port: number | string;
  certificateFile: string;
  keyFile: string;
  /** Made elsewhere, with their tokens; saved again as they are. */
  daemons: FluxTarget["daemons"];
}

/** The fields of a saved target, or of a new one. */
function fluxFormOf(target: FluxTarget | undefined): FluxForm {
  return {
    host: target?.host ?? "127.0.0.1",
    port: target?.port ?? 3032,
    certificateFile: target?.certificateFile ?? "",
    keyFile: target?.keyFile ?? "",
    daemons: target?.daemons ?? [],
  };
}

/** The target that the fields say. */
function fluxTargetOf(form: FluxForm): FluxTarget {
  const [certificateFile, keyFile] = [form.certificateFile.trim(), form.keyFile.trim()];
  return {
    host: form.host.trim(),
    port: Number(form.port),
    ...(certificateFile !== "" && { certificateFile }),
    ...(keyFile !== "" && { keyFile }),
    daemons: form.daemons,
  };
}
