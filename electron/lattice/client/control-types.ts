/** The wire's string map; keys have no order. */
export type StringMap = Record<string, string>;

/** A host as it answers a ping (wasmcloud-control §3.1). */
export interface Host {
  id: string;
  friendlyName: string;
  labels: StringMap;
  lattice: string;
  /** Absent where the host names one that cannot be. */
  uptimeSeconds?: number | undefined;
  uptimeHuman?: string;
  version?: string;
  /** URL of the control connection as seen by the host; 1.9.0 and 1.9.1 put the RPC URL here. */
  controlHost?: string;
  rpcHost?: string;
  jetStreamDomain?: string;
}

/** A component in an inventory (wasmcloud-control §3.3). */
export interface ComponentDescription {
  id: string;
  imageReference: string;
  name?: string;
  annotations?: StringMap;
  revision: number;
  /** 4294967295 is unbounded by convention. */
  maxInstances: number;
  limits?: StringMap;
}

/** A provider in an inventory (wasmcloud-control §3.4); there is no health in it. */
export interface ProviderDescription {
  id: string;
  /** Normalised by hosts from 1.5.0 on: never compare it with what was requested. */
  imageReference?: string;
  name?: string;
  revision: number;
  annotations?: StringMap;
}

/** Inventory of one host: reply to a query, and payload of each heartbeat (wasmcloud-control §3.2). */
export interface HostInventory {
  hostId: string;
  friendlyName: string;
  labels: StringMap;
  version: string;
  uptimeHuman: string;
  uptimeSeconds?: number | undefined;
  components: ComponentDescription[];
  providers: ProviderDescription[];
  /** Components, providers and map entries that could not be read and are missing above. */
  skipped: number;
}

/** A link between source and target (wasmcloud-control §3.8). */
export interface Link {
  sourceId: string;
  target: string;
  name: string;
  witNamespace: string;
  witPackage: string;
  interfaces: string[];
  sourceConfig: string[];
  targetConfig: string[];
}

/** Elements of a list, and how many more there were that could not be read. */
export interface TolerantList<T> {
  items: T[];
  skipped: number;
}

/** One host's offer to run something; its id fields are left out because hosts from 1.3 on fill them wrongly (wasmcloud-control §2.4). */
export interface AuctionBid {
  hostId: string;
  constraints: StringMap;
  /** Image reference as the host echoed it. */
  reference: string;
}

/** What a host said to a request; a refusal is a normal result, never an exception (wasmcloud-control §2.0). */
export type ControlReply<T = undefined> =
  | { success: true; message: string; response: T; raw: unknown }
  | { success: false; message: string; response?: undefined; raw: unknown };

/** A `success: false` answer among the replies of a gather. */
export interface Refusal {
  message: string;
}

/** What came together in one gather window (wasmcloud-control §1.7). */
export interface Gathered<T> {
  replies: T[];
  refusals: Refusal[];
  /** Messages that were no reply at all: garbage, half envelopes, foreign acknowledgements. */
  skipped: number;
  ended: "window" | "no-responders" | "cancelled";
}

/** How a gather is followed while it runs. */
export interface GatherOptions<T> {
  /** Called with each reply as it arrives. */
  onReply?: (reply: T) => void;
  /** Ends the gather early; what has arrived is returned. */
  signal?: AbortSignal;
}

/** Result of `putRegistries`; without `answers` nobody was asked and success only means that it was published. */
export interface RegistriesResult {
  success: boolean;
  message: string;
  answers?: Gathered<{ message: string }>;
}

/** A request of the control interface in its exact wire form. */
export interface ControlRequest {
  subject: string;
  lattice: string;
  mode: "directed" | "queue" | "broadcast";
  /** Absent: an empty message. */
  payload?: unknown;
  /** The payload with secrets replaced, where it holds any; the one to record. */
  recordable?: unknown;
  /** It only reads, so that it may be sent again at any time. */
  query?: boolean;
  /** Whom a directed request addresses. */
  hostId?: string;
  /** The reply holds secrets: its text must not get into an error. */
  secretReply?: boolean;
}
