interface OnMethod {
  /** A method such as `ListServices`; absent: every method. */
  on?: string;
  /** How often it strikes; absent: always. */
  count?: number;
}

/** A failure that can be injected into one simulated daemon (flux-rpc §6.1). */
export type DaemonFault = OnMethod &
  (
    | { kind: "hang" }
    | { kind: "delay"; milliseconds: number }
    /** Carries the call out, and breaks the connection instead of answering. */
    | { kind: "drop" }
    /** Breaks the connection before the call is carried out. */
    | { kind: "drop-before" }
    | { kind: "garbage" }
    | { kind: "null-result" }
    | { kind: "wrong-shape" }
    | { kind: "duplicate" }
    | { kind: "error"; message: string }
    /** Sends the answer in two messages. */
    | { kind: "split" }
    /** An answer of so many bytes. */
    | { kind: "huge"; bytes: number }
    | { kind: "no-pongs" }
    | { kind: "push-rejected" }
    | { kind: "event-lost" }
  );

export type DaemonFaultKind = DaemonFault["kind"];

/** The faults in force at one daemon. */
export class DaemonFaults {
  #faults: { fault: DaemonFault; left: number }[] = [];

  add(fault: DaemonFault): void {
    this.#faults.push({ fault, left: fault.count ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#faults = [];
  }

  /** The fault of this kind that strikes now, worn by one. */
  strike<Kind extends DaemonFaultKind>(
    kind: Kind,
    method?: string,
  ): Extract<DaemonFault, { kind: Kind }> | undefined {
    const found = this.#faults.find(
      ({ fault, left }) => fault.kind === kind && left > 0 && (fault.on === undefined || fault.on === method),
    );
    if (!found) return undefined;
    found.left -= 1;
    return found.fault as Extract<DaemonFault, { kind: Kind }>;
  }
}
