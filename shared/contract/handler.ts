import type { HttpCaller, Scope } from "./access.ts";
import type { Activity, ActivityTarget, Evidence, WireRequest } from "./activity.ts";
import type { CommandOperation, Operations, OutputOf, ParsedInputOf } from "./operation.ts";

/** Who calls, and how. */
export interface CallContext {
  transport: "ipc" | "http";
  /** Who acts, as records tell it. */
  actor: string;
  scope: Scope;
  /** The proof of who calls over HTTP; absent for the window. */
  caller?: HttpCaller;
  /** The command was carried out earlier: it is only prepared to ask `verify` again, and never sent. */
  reconciling?: boolean;
  /** With `reconciling`: what was recorded of it, such as the reply. */
  earlier?: Activity;
  /** With `earlier`: it is followed to its end again, as if it had just been sent. */
  resuming?: boolean;
}

/**
 * What the far side said to the request itself. Throw a Failure where it said nothing usable.
 * `done`: the reply itself proves the change. `over`: the far side has done what it will do, and its reply does not prove what;
 * nothing is waited for, and one reading decides.
 */
export type Acknowledgement =
  | { accepted: true; message: string; reply: unknown; done?: boolean; over?: boolean }
  | { accepted: false; message: string; reply: unknown };

/** Something seen that settles the question, or half of it; `unknown` is a failure that may be somebody else's. */
export interface Finding {
  verdict: "confirmed" | "failed" | "unknown";
  message: string;
  evidence: Evidence;
}

/**
 * What reading the present state says. `failed` contradicts: it settles nothing while the far side may still be at work, and
 * revokes nothing that was confirmed. With `proof` it is the far side's own word that the command failed, and always counts.
 * With `mayStillCome` the far side announces no failure, so that the end of the waiting time does not make it one.
 */
export interface Verdict {
  verdict: "verified" | "failed" | "unknown";
  proof?: boolean;
  mayStillCome?: boolean;
  message: string;
  evidence: Evidence;
}

/**
 * One command made ready. It is built from the input alone, so that `verify` can be asked again after a restart.
 * `send` throws a Failure: `details.delivered === false` says that nobody received it; any other failure leaves the outcome unknown.
 */
export interface CommandExecution {
  target: ActivityTarget;
  request: WireRequest;
  send(): Promise<Acknowledgement>;
  evidence?: {
    /** Milliseconds after the acknowledgement (or the sending, where none came) until the outcome is called unknown. */
    waitMs: number;
    /** Nothing announces a failure of this command: when the wait is over, `verify` decides. */
    verifyWhenOver?: boolean;
    watch(report: (finding: Finding) => void): () => void;
  };
  verify?(): Promise<Verdict>;
}

export type Handler<O extends Operations[string]> = O extends CommandOperation
  ? (input: ParsedInputOf<O>, context: CallContext) => Promise<CommandExecution>
  : (input: ParsedInputOf<O>, context: CallContext) => Promise<OutputOf<O>> | OutputOf<O>;

/** One handler per declared operation of a feature. */
export type Handlers<O extends Operations> = { [Name in keyof O]: Handler<O[Name]> };
