import type { ConnectionProfile } from "../../shared/connections/schema.ts";

/** Names of the systems, as a person calls them. */
export const systemNames: Record<ConnectionProfile["system"], string> = {
  lattice: "wasmCloud lattice",
  flowfabric: "FlowFabric",
  forge: "forge-jobs",
  flux: "Flux daemons",
};

/** Where a connection leads, one address an entry. */
export function addressesOf({ system, target }: ConnectionProfile): string[] {
  if (system === "lattice") return target.addresses;
  if (system === "forge") return [target.url];
  if (system === "flux") return [`${target.host}:${target.port}`];
  return [...(target.url ? [target.url] : []), ...(target.valkey?.addresses ?? [])];
}

/** What a connection leads to, in a few words. */
export function systemText(profile: ConnectionProfile): string {
  return profile.system === "lattice" ? `lattice ${profile.target.lattice}` : systemNames[profile.system];
}
