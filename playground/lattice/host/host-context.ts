import type { TimerGroup } from "../../kit/timers.ts";
import type { HostFaults } from "./faults.ts";
import type { HostLocks } from "./host-lock.ts";
import type { ImageClaims, ImageRegistry } from "./images.ts";
import type { LatticeCache, LatticeState, StringMap } from "./lattice-state.ts";
import type { HostFeatures } from "./versions.ts";

/** A running component as the host remembers it (wasmcloud-control §5.1). */
export interface RunningComponent {
  readonly reference: string;
  readonly annotations: StringMap;
  readonly count: number;
  readonly configNames: readonly string[];
  readonly limits: StringMap | null;
  readonly claims?: ImageClaims;
  /** The reference of the code in memory, whatever reference is shown. */
  readonly code: string;
  /** Whether that code answers calls: after an update it does not. */
  readonly serves: boolean;
}

/** How the simulated provider process answers health requests. */
export type ProviderBehaviour = "healthy" | "unhealthy" | "silent";

/** A running provider as the host remembers it. */
export interface RunningProvider {
  readonly reference: string;
  readonly annotations: StringMap;
  readonly claims?: ImageClaims;
  readonly builtin: boolean;
  readonly timers: TimerGroup;
  behaviour: ProviderBehaviour;
  healthy: boolean;
}

/** What belongs to one host and is lost when it ends. */
export interface HostState {
  readonly id: string;
  readonly friendlyName: string;
  readonly version: string;
  readonly startedAt: number;
  readonly labels: Map<string, string>;
  readonly components: Map<string, RunningComponent>;
  readonly providers: Map<string, RunningProvider>;
  readonly registries: Map<string, StringMap>;
  /** Code that answers calls although nothing lists it, by component ID. */
  readonly ghosts: Map<string, readonly string[]>;
  /** Configs that something here has used: the host watches them until it ends, deleted ones too. */
  readonly usedConfigs: Set<string>;
}

/** How one simulated host is configured. */
export interface HostSettings {
  readonly topicPrefix: string;
  readonly controlUrl: string;
  readonly rpcUrl: string;
  readonly domain?: string;
  readonly heartbeatMilliseconds: number;
  readonly healthFirstMilliseconds: number;
  readonly healthPeriodMilliseconds: number;
  readonly providerShutdownMilliseconds: number;
  /** How long a host waits for the answer of a provider that it asks to end. */
  readonly providerShutdownLimitMilliseconds: number;
  readonly providerRestartMilliseconds: number;
  /** What lies between reading a source's links and writing them back. */
  readonly storeGapMilliseconds: number;
  readonly fileLoading: boolean;
  readonly secretsBackend: boolean;
  readonly componentAuction: boolean;
  readonly providerAuction: boolean;
  /** Builtin providers that are switched on, such as `http-server`. */
  readonly builtinProviders: readonly string[];
}

/** Everything a command handler may use. */
export interface HostContext {
  readonly state: HostState;
  readonly settings: HostSettings;
  readonly features: HostFeatures;
  readonly lattice: LatticeState;
  readonly cache: LatticeCache;
  readonly images: ImageRegistry;
  readonly faults: HostFaults;
  readonly timers: TimerGroup;
  readonly locks: HostLocks;
  publish(type: string, data: object): void;
  shutDown(deadlineMilliseconds: number | undefined): Promise<void>;
}

/** The one envelope of every reply (wasmcloud-control §2.0). */
export interface Reply {
  success: boolean;
  message: string;
  response?: unknown;
}

/** What a handler decides: what to answer, and what to do once the answer is on its way. */
export interface Outcome {
  reply?: Reply;
  after?: () => Promise<void>;
}

/** One control message without its subject's fixed parts. */
export interface ControlRequest {
  /** The last token of the subject: a host ID or a config name; empty when there is none. */
  readonly id: string;
  readonly payload: Uint8Array;
}

export type Handler = (context: HostContext, request: ControlRequest) => Outcome | Promise<Outcome>;

/** A positive reply without data; versions before 1.3 send no text (wasmcloud-control §2.0). */
export function accepted(context: HostContext, text: string): Reply {
  return { success: true, message: context.features.successTexts ? text : "" };
}

/** A positive reply with data. */
export function answered(response: unknown): Reply {
  return { success: true, message: "", response };
}

/** A negative reply. */
export function refused(message: string): Reply {
  return { success: false, message };
}

/** The host ID that events of directed commands carry: the body's since 1.6 (wasmcloud-control Appendix A). */
export function eventHost(context: HostContext, bodyHostId: string): string {
  return context.features.eventHostFromBody ? bodyHostId : context.state.id;
}
