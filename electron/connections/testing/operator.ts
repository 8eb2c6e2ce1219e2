import { createHash } from "node:crypto";
import { nkeys } from "nats";

type KeyPair = ReturnType<typeof nkeys.createUser>;
type Claims = Record<string, unknown>;

/** A user of an operator-mode server. */
export interface OperatorUser {
  jwt: string;
  seed: string;
  credentials: string;
}

/** A made-up operator with one account: the server's configuration, and users that it accepts. */
export interface TestOperator {
  configuration: string;
  user(settings?: { expiresInSeconds?: number; permissions?: Claims }): OperatorUser;
}

const text = (value: Uint8Array): string => new TextDecoder().decode(value);
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

function sign(issuer: KeyPair, claims: Claims): string {
  const issued = { iat: Math.floor(Date.now() / 1000), iss: issuer.getPublicKey(), ...claims };
  const jti = createHash("sha256").update(JSON.stringify(issued)).digest("hex").toUpperCase();
  const signed = `${part({ typ: "JWT", alg: "ed25519-nkey" })}.${part({ ...issued, jti })}`;
  const signature = Buffer.from(issuer.sign(new TextEncoder().encode(signed))).toString("base64url");
  return `${signed}.${signature}`;
}

const unlimited = { subs: -1, data: -1, payload: -1 };
const accountLimits = { ...unlimited, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };

/** Makes an operator with the memory resolver; JWTs follow version 2 of the NATS claims. */
export function makeOperator(): TestOperator {
  const operator = nkeys.createOperator();
  const account = nkeys.createAccount();
  const operatorJwt = sign(operator, {
    sub: operator.getPublicKey(),
    name: "test-operator",
    nats: { type: "operator", version: 2 },
  });
  const accountJwt = sign(operator, {
    sub: account.getPublicKey(),
    name: "test-account",
    nats: { type: "account", version: 2, limits: accountLimits },
  });
  return {
    configuration: [
      `operator: ${operatorJwt}`,
      "resolver: MEMORY",
      `resolver_preload: { ${account.getPublicKey()}: ${accountJwt} }`,
    ].join("\n"),
    user({ expiresInSeconds, permissions = {} } = {}) {
      const key = nkeys.createUser();
      const expiry =
        expiresInSeconds === undefined ? {} : { exp: Math.floor(Date.now() / 1000) + expiresInSeconds };
      const nats = { type: "user", version: 2, ...unlimited, ...permissions };
      const jwt = sign(account, { sub: key.getPublicKey(), name: "test-user", ...expiry, nats });
      const seed = text(key.getSeed());
      return { jwt, seed, credentials: credentialsText(jwt, seed) };
    },
  };
}

function credentialsText(jwt: string, seed: string): string {
  const frame = (name: string, body: string) => `-----BEGIN ${name}-----\n${body}\n------END ${name}------\n`;
  return `${frame("NATS USER JWT", jwt)}\n${frame("USER NKEY SEED", seed)}`;
}
