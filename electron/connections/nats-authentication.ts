import { readFileSync } from "node:fs";
import { type Authenticator, credsAuthenticator, jwtAuthenticator, nkeyAuthenticator, nkeys } from "nats";
import type { Authentication, LatticeTarget, SecretName, Secrets } from "../../shared/connections/schema.ts";
import { Failure } from "../../shared/contract/index.ts";
import { expandHome, requireReadable } from "./files.ts";

/** How a connection proves who it is, as options that `nats` and `nats.ws` share. */
export interface NatsAuthentication {
  user?: string;
  pass?: string;
  token?: string;
  authenticator?: Authenticator;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function badCredentials(message: string, hint: string): Failure {
  return new Failure({ code: "invalid_input", message, details: { cause: "credentials" }, hint });
}

function required(secrets: Secrets, name: SecretName, label: string): string {
  const value = secrets[name];
  if (value !== undefined) return value;
  throw new Failure({
    code: "unauthenticated",
    message: `The ${label} of this connection is not known.`,
    details: { cause: "authorization", missing: name },
    hint: `Edit the connection and enter the ${label}.`,
  });
}

/** The user seed of a text: whitespace around it and the frame of `nsc` key files are removed. Throws `invalid_input`. */
function userSeed(text: string): Uint8Array {
  const seed = /\bSU[A-Z2-7]{56}\b/.exec(text)?.[0] ?? text.trim();
  try {
    if (!nkeys.fromSeed(bytes(seed)).getPublicKey().startsWith("U")) throw new Error("not a user key");
  } catch {
    throw badCredentials(
      "The nkey seed is not a user seed.",
      "A user seed starts with SU and has 58 characters.",
    );
  }
  return bytes(seed);
}

function checkedCredentials(text: string): Uint8Array {
  const jwt = /^\s*eyJ[\w-]+\.[\w-]+\.[\w-]+\s*$/m.test(text);
  if (!jwt || !/\bSU[A-Z2-7]{56}\b/.test(text)) {
    throw badCredentials(
      "The credentials do not hold a user JWT and a user seed.",
      "Use the .creds file as nsc wrote it, with both of its parts.",
    );
  }
  userSeed(text);
  // The reader in nats wants a line end after the last dashes.
  return bytes(`${text.replaceAll("\r\n", "\n").trimEnd()}\n`);
}

function checkedJwt(text: string): string {
  const jwt = text
    .trim()
    .replace(/-{3,}[^\n]*-{3,}/g, "")
    .trim();
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(jwt)) {
    throw badCredentials("The user JWT is malformed.", "A JWT has three parts joined by dots.");
  }
  return jwt;
}

/** A file is read again for each sign-in, so that rotated credentials are picked up by a reconnect. */
async function source(what: string, file: string | undefined, value: () => string): Promise<() => string> {
  if (file === undefined) {
    const text = value();
    return () => text;
  }
  await requireReadable(what, file);
  return () => readFileSync(expandHome(file), "utf8");
}

async function jwtSignIn(
  settings: Extract<Authentication, { method: "jwt" }>,
  secrets: Secrets,
): Promise<NatsAuthentication> {
  const jwt = await source("JWT file", settings.jwtFile, () => required(secrets, "jwt", "user JWT"));
  checkedJwt(jwt());
  // A bearer JWT needs no seed.
  const hasSeed = settings.seedFile !== undefined || secrets.seed !== undefined;
  if (!hasSeed) return { authenticator: jwtAuthenticator(() => checkedJwt(jwt())) };
  const seed = await source("seed file", settings.seedFile, () => required(secrets, "seed", "nkey seed"));
  userSeed(seed());
  return {
    authenticator: jwtAuthenticator(
      () => checkedJwt(jwt()),
      () => userSeed(seed()),
    ),
  };
}

/** The sign-in of a target. Throws `invalid_input` for malformed seeds, JWTs and files, `unauthenticated` for missing secrets. */
export async function natsAuthentication(
  target: LatticeTarget,
  secrets: Secrets,
): Promise<NatsAuthentication> {
  const settings = target.authentication;
  switch (settings.method) {
    case "none":
      return {};
    case "password":
      return { user: settings.user, pass: required(secrets, "password", "password") };
    case "token":
      return { token: required(secrets, "token", "token") };
    case "nkey": {
      const seed = userSeed(required(secrets, "seed", "nkey seed"));
      return { authenticator: nkeyAuthenticator(seed) };
    }
    case "credentials": {
      const read = await source("credentials file", settings.file, () =>
        required(secrets, "credentials", "credentials text"),
      );
      checkedCredentials(read());
      return { authenticator: credsAuthenticator(() => checkedCredentials(read())) };
    }
    case "jwt":
      return jwtSignIn(settings, secrets);
  }
}

/** When the user JWT of a sign-in ends; undefined for none, an endless one and other sign-ins. */
export function signInExpiry({ authenticator }: NatsAuthentication): Date | undefined {
  try {
    const { jwt = "" } = (authenticator?.("") ?? {}) as { jwt?: string };
    const claims = JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString()) as {
      exp?: number;
    };
    return claims.exp ? new Date(claims.exp * 1000) : undefined;
  } catch {
    return undefined;
  }
}
