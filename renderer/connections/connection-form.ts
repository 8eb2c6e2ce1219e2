import { connectionsOperations } from "../../shared/connections/operations.ts";
import {
  type Authentication,
  type ConnectionProfile,
  latticeTargetSchema,
  type SecretName,
  secretNames,
} from "../../shared/connections/schema.ts";
import type { InputOf } from "../../shared/contract/index.ts";

export type SaveInput = InputOf<(typeof connectionsOperations)["connections.save"]>;
type Method = Authentication["method"];

/** A connection as the fields of the form hold it. */
export interface ConnectionForm {
  id: string;
  name: string;
  color: string;
  environment: string;
  guard: ConnectionProfile["guard"];
  openAtStart: boolean;
  addresses: string;
  lattice: string;
  topicPrefix: string;
  eventPrefix: string;
  jetStreamDomain: string;
  requestTimeoutMs: number | string;
  auctionTimeoutMs: number | string;
  heartbeatSeconds: number | string;
  method: Method;
  user: string;
  credentialsFile: string;
  jwtFile: string;
  seedFile: string;
  caFile: string;
  certificateFile: string;
  keyFile: string;
  handshakeFirst: boolean;
  secrets: Record<SecretName, string>;
}

const noSecrets = Object.fromEntries(secretNames.map((name) => [name, ""])) as Record<SecretName, string>;

/** The form of a saved connection, or of a new one. */
export function formOf(profile: ConnectionProfile | undefined): ConnectionForm {
  const target = profile?.target ?? latticeTargetSchema.parse({ addresses: ["nats://127.0.0.1:4222"] });
  const { addresses, authentication, tls, jetStreamDomain = "", ...plain } = target;
  return {
    ...identityOf(profile),
    ...plain,
    addresses: addresses.join("\n"),
    jetStreamDomain,
    ...authenticationFieldsOf(authentication),
    caFile: tls.caFile ?? "",
    certificateFile: tls.certificateFile ?? "",
    keyFile: tls.keyFile ?? "",
    handshakeFirst: tls.handshakeFirst ?? false,
    secrets: { ...noSecrets },
  };
}

function identityOf(profile: ConnectionProfile | undefined) {
  if (!profile) {
    const guard: ConnectionForm["guard"] = "confirm";
    return { id: "", name: "", color: "#1580cb", environment: "DEV", guard, openAtStart: true };
  }
  const { id, name, color, environment, guard, openAtStart } = profile;
  return { id, name, color, environment, guard, openAtStart };
}

function authenticationFieldsOf(authentication: Authentication) {
  const empty = { method: authentication.method, user: "", credentialsFile: "", jwtFile: "", seedFile: "" };
  switch (authentication.method) {
    case "password":
      return { ...empty, user: authentication.user };
    case "credentials":
      return { ...empty, credentialsFile: authentication.file ?? "" };
    case "jwt":
      return { ...empty, jwtFile: authentication.jwtFile ?? "", seedFile: authentication.seedFile ?? "" };
    default:
      return empty;
  }
}

/** What `connections.save` takes; an id is made from the name where there is none yet. */
export function saveInputOf(form: ConnectionForm): SaveInput {
  const secrets = secretsOf(form);
  return {
    connectionId: form.id || slugOf(form.name),
    profile: {
      name: form.name,
      color: form.color,
      environment: form.environment,
      guard: form.guard,
      openAtStart: form.openAtStart,
      system: "lattice",
      target: targetOf(form),
    },
    ...(secrets ? { secrets } : {}),
  };
}

function targetOf(form: ConnectionForm): SaveInput["profile"]["target"] {
  return {
    addresses: form.addresses.split(/[\s,]+/).filter(Boolean),
    lattice: form.lattice,
    topicPrefix: form.topicPrefix,
    eventPrefix: form.eventPrefix,
    jetStreamDomain: optional(form.jetStreamDomain),
    requestTimeoutMs: Number(form.requestTimeoutMs),
    auctionTimeoutMs: Number(form.auctionTimeoutMs),
    heartbeatSeconds: Number(form.heartbeatSeconds),
    authentication: authenticationOf(form),
    tls: {
      caFile: optional(form.caFile),
      certificateFile: optional(form.certificateFile),
      keyFile: optional(form.keyFile),
      handshakeFirst: form.handshakeFirst || undefined,
    },
  };
}

function authenticationOf(form: ConnectionForm): Authentication {
  switch (form.method) {
    case "password":
      return { method: "password", user: form.user };
    case "credentials":
      return { method: "credentials", file: optional(form.credentialsFile) };
    case "jwt":
      return { method: "jwt", jwtFile: optional(form.jwtFile), seedFile: optional(form.seedFile) };
    default:
      return { method: form.method };
  }
}

const secretsOfMethod: Record<Method, readonly SecretName[]> = {
  none: [],
  password: ["password"],
  token: ["token"],
  nkey: ["seed"],
  credentials: ["credentials"],
  jwt: ["jwt", "seed"],
};

/** The secrets that a form asks for: those of its method that no file stands for. */
export function secretsAsked(form: ConnectionForm): SecretName[] {
  const byFile: Partial<Record<SecretName, string>> =
    form.method === "jwt"
      ? { jwt: form.jwtFile, seed: form.seedFile }
      : { credentials: form.credentialsFile };
  return secretsOfMethod[form.method].filter((name) => !byFile[name]?.trim());
}

function secretsOf(form: ConnectionForm): SaveInput["secrets"] {
  const given = secretsAsked(form).filter((name) => form.secrets[name] !== "");
  return given.length === 0 ? undefined : Object.fromEntries(given.map((name) => [name, form.secrets[name]]));
}

/** What is wrong, by field of the form; empty when it can be saved. */
export function formErrors(form: ConnectionForm): Record<string, string> {
  const parsed = connectionsOperations["connections.save"].input.safeParse(saveInputOf(form));
  if (parsed.success) return {};
  return Object.fromEntries(parsed.error.issues.map((issue) => [fieldOf(issue.path), issue.message]));
}

/** The form's field for a place in the input. */
function fieldOf(path: readonly PropertyKey[]): string {
  const texts = path.filter((part) => typeof part === "string");
  const last = texts.at(-1) ?? "";
  if (texts.includes("secrets")) return `secrets.${last}`;
  if (last === "file") return "credentialsFile";
  return last === "connectionId" ? "name" : last;
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

function optional(text: string): string | undefined {
  const trimmed = text.trim();
  return trimmed === "" ? undefined : trimmed;
}
