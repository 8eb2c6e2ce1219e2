import type { SessionDoor } from "../../connections/session-door.ts";
import { daemonFailure, FatalError } from "../client/rpc-errors.ts";
import type { FluxDaemon } from "../session/flux-daemon.ts";
import type { FluxSession } from "../session/flux-session.ts";

/** How long evidence is waited for, in milliseconds; the usual times are those of fluxctl (flux-rpc §5.1). */
export interface FluxWaits {
  /** Until an unfinished job is called unknown. */
  jobMs: number;
  /** Until a pushed commit that is not applied is left to a reconcile. */
  syncMs: number;
  /** The same, when somebody has asked for a reading. */
  askedMs: number;
}

export const defaultWaits: FluxWaits = { jobMs: 60_000, syncMs: 300_000, askedMs: 3_000 };

export interface OnDaemon {
  connectionId: string;
  daemonId: string;
}

/** What every operation on daemons is built from. */
export interface FluxCommandParts {
  /** Throws where the connection is not open, or leads to another system. */
  session(connectionId: string): FluxSession;
  /** The way to the daemon of the moment. */
  door(place: OnDaemon): SessionDoor<FluxDaemon>;
  /** Throws where there is no such connection, or it leads to another system. */
  known(connectionId: string): void;
  waits: FluxWaits;
  now(): number;
}

/** Where an input leads. */
export function placeOf({ connectionId, daemonId }: OnDaemon): OnDaemon {
  return { connectionId, daemonId };
}

/** The daemon of an input. Throws `not_found`. */
export function daemonOf(parts: FluxCommandParts, { connectionId, daemonId }: OnDaemon): FluxDaemon {
  return parts.session(connectionId).daemon(daemonId);
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
