import type { CommandPartsOf } from "../../connections/session-door.ts";
import { daemonFailure, FatalError } from "../client/rpc-errors.ts";
import type { FluxDaemon } from "../session/flux-daemon.ts";
import type { FluxSession } from "../session/flux-session.ts";

/** How long evidence is waited for, in milliseconds; the default times are those of fluxctl (flux-rpc §5.1). */
export interface CommandWaits {
  /** Until an unfinished job is called unknown. */
  jobMs: number;
  /** Until a pushed commit that is not applied is left to a reconcile. */
  syncMs: number;
  /** The same, when somebody has asked for a reading. */
  askedMs: number;
}

export const defaultWaits: CommandWaits = { jobMs: 60_000, syncMs: 300_000, askedMs: 3_000 };

export interface OnDaemon {
  connectionId: string;
  daemonId: string;
}

/** What every operation on daemons is built from. */
export interface CommandParts extends CommandPartsOf<FluxDaemon, OnDaemon> {
  /** What daemons connect to. Throws where the connection is not open, or leads to another system. */
  listener(connectionId: string): FluxSession;
  /** Throws where there is no such connection, or it leads to another system. */
  known(connectionId: string): void;
  waits: CommandWaits;
}

/** Where an input leads. */
export function placeOf({ connectionId, daemonId }: OnDaemon): OnDaemon {
  return { connectionId, daemonId };
}

/** Runs a call, and turns whatever goes wrong into a Failure that names the daemon. */
export async function calling<T>(daemon: FluxDaemon, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw daemonFailure(error, daemon.name);
  }
}

/** Throws `unreachable`, with nothing delivered, while the daemon is not connected. */
export function requireConnected(daemon: FluxDaemon): void {
  if (!daemon.isConnected)
    throw daemonFailure(new FatalError("lost", "it is not connected", true), daemon.name);
}
