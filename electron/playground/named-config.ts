import type { HostContext } from "./host-context.ts";

/** Tells whether a name is a secret reference (wasmcloud-control §5.8). */
export function isSecret(name: string): boolean {
  return name.startsWith("SECRET");
}

/** Why the named configs and secrets of a workload cannot be had, if so (wasmcloud-control §4.8). */
export function configFailure(context: HostContext, names: readonly string[]): string | undefined {
  const missing = context.lattice.firstMissingConfig(names.filter((name) => !isSecret(name)));
  if (missing !== undefined) return `Unable to fetch requested config: Config ${missing} does not exist`;
  const secrets = names.filter(isSecret);
  if (secrets.length === 0) return undefined;
  if (!context.settings.secretsBackend)
    return "Unable to fetch requested secrets: secret store not configured, could not fetch secrets";
  const lost = context.lattice.firstMissingConfig(secrets);
  return lost === undefined
    ? undefined
    : `Unable to fetch requested secrets: Secret reference ${lost} not found`;
}
