import { join } from "node:path";
import type { Authentication, Secrets } from "../../shared/connections/schema.ts";
import { expandHome, readBounded } from "./files.ts";
import { contextNames, readContext, readSecretFile } from "./import-files.ts";
import {
  type FoundContext,
  type ImportSurroundings,
  importedProfile,
  type ReadAddresses,
  readAddresses,
  textField,
} from "./import-profile.ts";

type Settings = Record<string, unknown>;

interface SignIn {
  authentication: Authentication;
  secrets: Secrets;
}

interface Reading {
  settings: Settings;
  addresses: ReadAddresses;
  warnings: string[];
  path: (field: string) => string | undefined;
}

function withPassword(user: string, password: string | undefined): SignIn {
  return { authentication: { method: "password", user }, secrets: password ? { password } : {} };
}

function withToken(token: string): SignIn {
  return { authentication: { method: "token" }, secrets: { token } };
}

function withNkey({ path, warnings }: Reading): SignIn {
  const seed = readSecretFile(String(path("nkey")), "seed file", warnings);
  return { authentication: { method: "nkey" }, secrets: seed ? { seed } : {} };
}

function withJwt({ settings }: Reading): SignIn {
  const jwt = textField(settings, "user_jwt");
  const seed = textField(settings, "user_seed");
  return { authentication: { method: "jwt" }, secrets: { ...(jwt && { jwt }), ...(seed && { seed }) } };
}

/** The sign-in in the order of the nats command line: user, creds, nkey, JWT, token, then what the URL holds. */
function signIn(reading: Reading): SignIn {
  const { settings, addresses, path } = reading;
  const user = textField(settings, "user");
  if (user) {
    const password = textField(settings, "password");
    // Its --user without a password is a token.
    return password ? withPassword(user, password) : withToken(user);
  }
  const creds = path("creds");
  if (creds) return { authentication: { method: "credentials", file: creds }, secrets: {} };
  if (path("nkey")) return withNkey(reading);
  if (textField(settings, "user_jwt")) return withJwt(reading);
  const token = textField(settings, "token") ?? addresses.token;
  if (token) return withToken(token);
  if (addresses.user) return withPassword(addresses.user, addresses.password);
  return { authentication: { method: "none" }, secrets: {} };
}

const notTakenOver: Record<string, string> = {
  socks_proxy: "Its SOCKS proxy is not supported.",
  nsc: "It takes its credentials from nsc; export them with nsc generate creds and name the file.",
  jetstream_api_prefix:
    "Its JetStream API prefix is not taken over; set the JetStream domain if there is one.",
};

function tlsOf({ settings, path }: Reading): object {
  return {
    ...(path("ca") && { caFile: path("ca") }),
    ...(path("cert") && { certificateFile: path("cert") }),
    ...(path("key") && { keyFile: path("key") }),
    ...(settings.tls_first === true && { handshakeFirst: true }),
  };
}

function readSettings(name: string, settings: Settings, home: string) {
  const warnings = ["A nats context names no lattice; default is assumed."];
  for (const [field, warning] of Object.entries(notTakenOver)) {
    if (textField(settings, field)) warnings.push(warning);
  }
  const path = (field: string): string | undefined => {
    const value = textField(settings, field)?.replace(/^file:\/\//, "");
    if (value === undefined) return undefined;
    // Such references (op://, nsc://, env://) are resolved by the nats command line only.
    const scheme = /^([a-z]{2,}):/i.exec(value);
    if (scheme)
      throw new Error(`its ${field} is a reference of the kind ${scheme[1]}:, which only nats resolves`);
    return expandHome(value, home);
  };
  const addresses = readAddresses(textField(settings, "url") ?? "nats://127.0.0.1:4222");
  const reading: Reading = { settings, addresses, warnings, path };
  const { authentication, secrets } = signIn(reading);
  const inboxPrefix = textField(settings, "inbox_prefix");
  const jetStreamDomain = textField(settings, "jetstream_domain");
  const profile = importedProfile(name, {
    addresses: addresses.addresses,
    ...(inboxPrefix && { inboxPrefix }),
    ...(jetStreamDomain && { jetStreamDomain }),
    authentication,
    tls: tlsOf(reading),
  });
  return { profile, secrets, warnings };
}

function selected(folder: string): string | undefined {
  try {
    return readBounded(join(folder, "context.txt")).toString("utf8").trim();
  } catch {
    return undefined;
  }
}

/**
 * The contexts of the nats command line: `context/*.json` below `$XDG_CONFIG_HOME/nats` (default `~/.config/nats`),
 * the selected one (`context.txt`) first. Field names as in package natscontext of nats-io/jsm.go.
 */
export function findNatsContexts({ home, environment }: ImportSurroundings): FoundContext[] {
  const folder = join(environment.XDG_CONFIG_HOME || join(home, ".config"), "nats");
  const first = selected(folder);
  const names = contextNames(join(folder, "context"));
  return [...names.filter((name) => name === first), ...names.filter((name) => name !== first)].map((name) =>
    readContext("nats", { folder: join(folder, "context"), name }, (settings) =>
      readSettings(name, settings, home),
    ),
  );
}
