import { type Authenticator, jwtAuthenticator, nkeyAuthenticator, nkeys } from "nats";
import { z } from "zod";
import type { Authentication, LatticeTarget, SecretName, Secrets } from "../../shared/connections/schema.ts";
import { Failure } from "../../shared/contract/index.ts";
import { readSettingsFile } from "./files.ts";

const headerSchema = z.object({
  typ: z.string().regex(/^jwt$/i),
  /** The second version of the claims, and the first. */
  alg: z.enum(["ed25519-nkey", "ed25519"]),
});

/** A user's claims in both versions, which keep the type in different places. */
const claimsSchema = z
  .object({
    sub: z.string().regex(/^U[A-Z2-7]{55}$/),
    iss: z.string().regex(/^A[A-Z2-7]{55}$/),
    type: z.string().optional(),
    nats: z.looseObject({ type: z.string().optional() }),
  })
  .refine(({ type, nats }) => (nats.type ?? type) === "user");

const largestJwt = 65_536;

/** Whether a text is the JWT of a NATS user by its shape; who signed it, the server says. */
function isUserJwt(text: string): boolean {
  const match = /^([\w-]+)\.([\w-]+)\.([\w-]{86})$/.exec(text);
  if (!match || text.length > largestJwt) return false;
  return (
    headerSchema.safeParse(decoded(match[1])).success && claimsSchema.safeParse(decoded(match[2])).success
  );
}

function decoded(part = ""): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

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

/** What stands between the dashes of a .creds or key file, by the name on its dashes. */
function blocks(text: string): Map<string, string> {
  const found = text.matchAll(/-{3,12}BEGIN ([A-Z ]{1,40})-{3,12}\s{1,9}(\S+)\s{1,9}-{3,12}END \1-{3,12}/g);
  return new Map([...found].map(([, name = "", body = ""]) => [name, body]));
}

function checkedCredentials(text: string): { jwt: string; seed: Uint8Array } {
  const parts = blocks(text);
  const jwt = parts.get("NATS USER JWT");
  const seed = parts.get("USER NKEY SEED");
  if (jwt === undefined || seed === undefined || !isUserJwt(jwt)) {
    throw badCredentials(
      "The credentials do not hold a user JWT and a user seed.",
      "Use the .creds file as nsc wrote it, with both of its parts.",
    );
  }
  return { jwt, seed: userSeed(seed) };
}

/** A file may hold anything, and what is taken for a JWT is sent away: it has to be a user's of NATS. */
function checkedJwt(text: string): string {
  const jwt = (blocks(text).get("NATS USER JWT") ?? text).trim();
  if (!isUserJwt(jwt)) {
    throw badCredentials(
      "The user JWT is malformed, or not one of a NATS user.",
      "Use the JWT that nsc made for a user.",
    );
  }
  return jwt;
}

/** A file is read again for each sign-in, so that rotated credentials are picked up by a reconnect. */
function source(what: string, file: string | undefined, value: () => string): () => string {
  if (file !== undefined) return () => readSettingsFile(what, file).toString("utf8");
  const text = value();
  return () => text;
}

function jwtSignIn(
  settings: Extract<Authentication, { method: "jwt" }>,
  secrets: Secrets,
): NatsAuthentication {
  const jwt = source("JWT file", settings.jwtFile, () => required(secrets, "jwt", "user JWT"));
  checkedJwt(jwt());
  // A bearer JWT needs no seed.
  const hasSeed = settings.seedFile !== undefined || secrets.seed !== undefined;
  if (!hasSeed) return { authenticator: jwtAuthenticator(() => checkedJwt(jwt())) };
  const seed = source("seed file", settings.seedFile, () => required(secrets, "seed", "nkey seed"));
  userSeed(seed());
  return {
    authenticator: jwtAuthenticator(
      () => checkedJwt(jwt()),
      () => userSeed(seed()),
    ),
  };
}

/** The sign-in of a target. Throws `invalid_input` for malformed seeds, JWTs and files, `unauthenticated` for missing secrets. */
export function natsAuthentication(target: LatticeTarget, secrets: Secrets): NatsAuthentication {
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
      const read = source("credentials file", settings.file, () =>
        required(secrets, "credentials", "credentials text"),
      );
      checkedCredentials(read());
      return {
        authenticator: jwtAuthenticator(
          () => checkedCredentials(read()).jwt,
          () => checkedCredentials(read()).seed,
        ),
      };
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
