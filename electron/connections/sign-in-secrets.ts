import type { LatticeTarget, SecretName, Secrets } from "../../shared/connections/schema.ts";

const secretsOfMethod: Record<LatticeTarget["authentication"]["method"], readonly SecretName[]> = {
  none: [],
  password: ["password"],
  token: ["token"],
  nkey: ["seed"],
  credentials: ["credentials"],
  jwt: ["jwt", "seed"],
};

/** The secrets that the sign-in of a target uses; others would only lie around. */
export function relevantSecrets(target: LatticeTarget, secrets: Secrets): Secrets {
  const names = secretsOfMethod[target.authentication.method];
  return Object.fromEntries(names.filter((name) => secrets[name]).map((name) => [name, secrets[name]]));
}
