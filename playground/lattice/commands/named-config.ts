import type { HostContext } from "../host/host-context.ts";

/** Tells whether a name is a secret reference (wasmcloud-control §5.8). */
export function isSecret(name: string): boolean {
  return name.startsWith("SECRET");
}

/** A host watches what it once used, so it takes a deleted config for an empty one (wasmcloud-control §2.18). */
function firstMissing(context: HostContext, names: readonly string[]): string | undefined {
  return context.lattice.firstMissingConfig(names.filter((name) => !context.state.usedConfigs.has(name)));
}

function secretFailure(context: HostContext, secrets: readonly string[]): string | undefined {
  if (secrets.length === 0) return undefined;
  if (!context.settings.secretsBackend)
    return "Unable to fetch requested secrets: secret store not configured, could not fetch secrets";
  const lost = context.lattice.firstMissingConfig(secrets);
  return lost === undefined
    ? undefined
    : `Unable to fetch requested secrets: Secret reference ${lost} not found`;
}

/** Uses the named configs and secrets of a workload, or says why they cannot be had (wasmcloud-control §4.8). */
export function takeConfigs(context: HostContext, names: readonly string[]): string | undefined {
  const plain = names.filter((name) => !isSecret(name));
  const missing = firstMissing(context, plain);
  if (missing !== undefined) return `Unable to fetch requested config: Config ${missing} does not exist`;
  for (const name of plain) context.state.usedConfigs.add(name);
  return secretFailure(context, names.filter(isSecret));
}
