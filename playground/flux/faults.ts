import type { Faults } from "../kit/faults.ts";

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

/** The faults in force at one daemon. */
export type DaemonFaults = Faults<DaemonFault>;
