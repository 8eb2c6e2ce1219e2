import { latticeSecrets } from "../../shared/connections/destination.ts";
import {
  type Authentication,
  type LatticeTarget,
  latticeTargetSchema,
  type SecretName,
} from "../../shared/connections/schema.ts";

type Method = Authentication["method"];

/** The way to a lattice, as the fields of the form hold it. */
export interface LatticeForm {
  addresses: string;
  lattice: string;
  topicPrefix: string;
  eventPrefix: string;
  jetStreamDomain: string;
  inboxPrefix: string;
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
}

/** The fields of a saved target, or of a new one. */
export function latticeFormOf(saved: LatticeTarget | undefined): LatticeForm {
  const target = saved ?? latticeTargetSchema.parse({ addresses: ["nats://127.0.0.1:4222"] });
  const { addresses, authentication, tls, jetStreamDomain = "", inboxPrefix = "", ...plain } = target;
  return {
    ...plain,
    addresses: addresses.join("\n"),
    jetStreamDomain,
    inboxPrefix,
    ...authenticationFieldsOf(authentication),
    caFile: tls.caFile ?? "",
    certificateFile: tls.certificateFile ?? "",
    keyFile: tls.keyFile ?? "",
    handshakeFirst: tls.handshakeFirst ?? false,
  };
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

/** The target that the fields say. */
export function latticeTargetOf(form: LatticeForm): LatticeTarget {
  return {
    addresses: form.addresses.split(/[\s,]+/).filter(Boolean),
    lattice: form.lattice,
    topicPrefix: form.topicPrefix,
    eventPrefix: form.eventPrefix,
    jetStreamDomain: optional(form.jetStreamDomain),
    inboxPrefix: optional(form.inboxPrefix),
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

function authenticationOf(form: LatticeForm): Authentication {
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

/** The secrets that a form asks for: those of its method that no file stands for. */
export function latticeSecretsAsked(form: LatticeForm): SecretName[] {
  const byFile: Partial<Record<SecretName, string>> =
    form.method === "jwt"
      ? { jwt: form.jwtFile, seed: form.seedFile }
      : { credentials: form.credentialsFile };
  const asked: readonly SecretName[] = latticeSecrets[form.method];
  return asked.filter((name) => !byFile[name]?.trim());
}

function optional(text: string): string | undefined {
  const trimmed = text.trim();
  return trimmed === "" ? undefined : trimmed;
}
