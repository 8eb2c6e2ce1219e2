import { Faults } from "../../kit/faults.ts";

interface Limited {
  /** How often the fault strikes before it wears off; without it, always. */
  count?: number;
}

interface OnVerb extends Limited {
  /** A verb such as `component.scale`; absent or `*` means every verb. */
  on?: string;
}

interface OnEvent extends Limited {
  /** An event type such as `component_scaled`; absent or `*` means every type. */
  on?: string;
}

/** A failure that can be injected into one simulated host. */
export type Fault =
  /** No reply; with `execute` the command is carried out all the same. */
  | (OnVerb & { kind: "silent"; execute?: boolean })
  | (OnVerb & { kind: "garbageReply" })
  | (OnVerb & { kind: "halfEnvelope"; form?: "truncated" | "noMessage" })
  | (OnVerb & { kind: "slowReply"; milliseconds: number })
  /** A reply padded to this size; above the server's limit it vanishes, as with real hosts. */
  | (OnVerb & { kind: "hugeReply"; bytes?: number })
  /** What a capturing JetStream stream would answer, before the host's own reply. */
  | (OnVerb & { kind: "foreignReply" })
  | (Limited & { kind: "wrongAuctionBid"; form?: "foreignHost" | "ineligible"; on?: undefined })
  /** The work is done and acknowledged, its events are not published. */
  | (OnEvent & { kind: "dropEvents" })
  | (OnEvent & { kind: "malformedEvents"; form?: "notJson" | "truncated" | "wrongTypes" })
  /** An event of a type that does not exist goes before each real one. */
  | (OnEvent & { kind: "unknownEvents" })
  | (Limited & { kind: "scaleDelay"; milliseconds: number; on?: undefined })
  | (Limited & { kind: "startDelay"; milliseconds: number; on?: undefined })
  | (Limited & { kind: "policyDenial"; reason?: string; on?: undefined });

export type FaultKind = Fault["kind"];

/** Every kind of fault there is. */
const faultKinds: readonly FaultKind[] = [
  "silent",
  "garbageReply",
  "halfEnvelope",
  "slowReply",
  "hugeReply",
  "foreignReply",
  "wrongAuctionBid",
  "dropEvents",
  "malformedEvents",
  "unknownEvents",
  "scaleDelay",
  "startDelay",
  "policyDenial",
];

/** The faults in force at one host. */
export type HostFaults = Faults<Fault>;

/** Makes the faults of a host: none at first. */
export function createHostFaults(): HostFaults {
  return new Faults<Fault>(faultKinds);
}
