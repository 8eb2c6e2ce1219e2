import type { Random } from "../../kit/random.ts";
import type { HostSettings, HostState } from "./host-context.ts";
import { createFriendlyName, createPublicKey } from "./identity.ts";

/** How to make one simulated host; everything has a sensible default. */
export interface HostOptions extends Partial<HostSettings> {
  id?: string;
  friendlyName?: string;
  version?: string;
  labels?: Record<string, string>;
  /** How long the host pretends to have been running already. */
  uptimeSeconds?: number;
}

/** Completes the settings of a host with the defaults of a real one (wasmcloud-control §5.12). */
export function completeSettings(options: HostOptions, url: string): HostSettings {
  const controlUrl = options.controlUrl ?? url;
  return {
    topicPrefix: options.topicPrefix ?? "wasmbus.ctl",
    controlUrl,
    rpcUrl: options.rpcUrl ?? controlUrl,
    domain: options.domain,
    heartbeatMilliseconds: options.heartbeatMilliseconds ?? 30_000,
    healthFirstMilliseconds: options.healthFirstMilliseconds ?? 5000,
    healthPeriodMilliseconds: options.healthPeriodMilliseconds ?? 30_000,
    providerShutdownMilliseconds: options.providerShutdownMilliseconds ?? 5,
    providerShutdownLimitMilliseconds: options.providerShutdownLimitMilliseconds ?? 300,
    storeGapMilliseconds: options.storeGapMilliseconds ?? 3,
    providerRestartMilliseconds: options.providerRestartMilliseconds ?? 5000,
    fileLoading: options.fileLoading ?? false,
    secretsBackend: options.secretsBackend ?? true,
    componentAuction: options.componentAuction ?? true,
    providerAuction: options.providerAuction ?? true,
    builtinProviders: options.builtinProviders ?? [],
  };
}

/** Makes the empty state of a fresh host: built-in labels, identity, nothing running. */
export function createHostState(options: HostOptions, random: Random): HostState {
  const id = options.id ?? createPublicKey("N", random);
  const friendlyName = options.friendlyName ?? createFriendlyName(random);
  const core = { "hostcore.arch": "x86_64", "hostcore.os": "linux", "hostcore.osfamily": "unix" };
  return {
    id,
    friendlyName,
    version: options.version ?? "1.9.2",
    startedAt: Date.now() - (options.uptimeSeconds ?? 0) * 1000,
    labels: new Map(Object.entries({ ...core, ...options.labels })),
    components: new Map(),
    providers: new Map(),
    registries: new Map(),
    ghosts: new Map(),
    usedConfigs: new Set(),
  };
}
