import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** One HTTP exchange with a real ff-server or jobs-server; `shortened` where long arrays of the body were cut. */
export interface HttpExchange {
  /** Program, version and store, as in `ff-server 0.15.0 on Valkey 8.0.1`. */
  server: string;
  method: string;
  /** Path and query as they were sent. */
  path: string;
  /** Whether the request carried a credential; the credential itself was not recorded. */
  authorized: boolean;
  /** The body as it was sent: parsed JSON, or text where it was none; null without a body. */
  request: unknown;
  status: number;
  headers: Record<string, string>;
  body: unknown;
  shortened?: boolean;
}

/** A NATS message of a lattice: a request, a reply to one, an event, or a message between hosts and providers. */
export type LatticeMessage = { at: string; tag: string; body: unknown } & (
  | { kind: "request" | "event" | "rpc"; subject: string }
  | { kind: "reply"; to: string; request: unknown }
);

/** A handshake, call, event or control frame between a Flux daemon and its upstream. */
export type FluxRecord = { peer: string } & (
  | { kind: "handshake"; request: string; answer: string }
  | { kind: "call"; request: string; response: string; responseFrames: number[] }
  | { kind: "call"; request: string; responseBytes: number; responseFrames: number; responseHead: string }
  | { kind: "event"; request: string; body: unknown; answer: string }
  | {
      kind: "control";
      dir: "console>daemon" | "daemon>console";
      opcode: string;
      code?: number;
      reason?: string;
    }
);

/** A Flux call whose answer was recorded whole. */
export type FluxCall = Extract<FluxRecord, { response: string }>;

/** The host versions whose lattices were recorded; `mixed` is 1.0.4, 1.2.1, 1.4.2 and 1.9.2 in one lattice. */
export const latticeVersions = ["1.0.0", "1.0.4", "1.2.1", "1.4.2", "1.9.2", "mixed"] as const;
export type LatticeVersion = (typeof latticeVersions)[number];

/** What a real ff-server said. */
export function flowFabricExchanges(): HttpExchange[] {
  return read("flowfabric");
}

/** What a real jobs-server said. */
export function forgeExchanges(): HttpExchange[] {
  return read("forge");
}

/** What hosts of one version, and those who asked them, said on NATS. */
export function latticeMessages(version: LatticeVersion): LatticeMessage[] {
  return read(`lattice-${version}`);
}

/** What a real fluxd, or the RPC server of its module, and its upstream said. */
export function fluxRecords(): FluxRecord[] {
  return read("flux");
}

/** The Flux calls whose answers were recorded whole. */
export function fluxCalls(): FluxCall[] {
  return fluxRecords().filter((each): each is FluxCall => each.kind === "call" && "response" in each);
}

function read<T>(name: string): T[] {
  const file = fileURLToPath(new URL(`${name}.ndjson`, import.meta.url));
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}
