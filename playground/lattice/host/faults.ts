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
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>;

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
export class FaultBox {
  #faults: { fault: Fault; left: number }[] = [];

  /** Puts a fault in force. */
  add(fault: Fault): void {
    if (!faultKinds.includes(fault.kind)) throw new Error(`no such fault: ${String(fault.kind)}`);
    this.#faults.push({ fault, left: fault.count ?? Number.POSITIVE_INFINITY });
  }

  /** Lifts the faults of one kind, or all of them. */
  clear(kind?: FaultKind): void {
    this.#faults = kind ? this.#faults.filter((entry) => entry.fault.kind !== kind) : [];
  }

  /** Lists what is in force. */
  list(): Fault[] {
    return this.#faults.map((entry) => entry.fault);
  }

  /** Finds a fault of this kind for this verb or event and uses it up by one. */
  take<Kind extends FaultKind>(kind: Kind, target = "*"): FaultOf<Kind> | undefined {
    if (this.#faults.length === 0) return undefined;
    const entry = this.#faults.find(({ fault }) => {
      if (fault.kind !== kind) return false;
      return fault.on === undefined || fault.on === "*" || fault.on === target;
    });
    if (!entry) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#faults = this.#faults.filter((other) => other !== entry);
    return entry.fault as FaultOf<Kind>;
  }
}
