import { type Acknowledgement, asFailure, Failure, type Finding } from "../../../shared/contract/index.ts";
import { newWorkloadIdSchema } from "../../../shared/lattice/schema.ts";
import type { SerialQueues } from "../../connections/serial-queues.ts";
import type { CommandPartsOf } from "../../connections/session-door.ts";
import { eventFinding } from "../../upstream/evidence.ts";
import type { ControlReply } from "../client/control-types.ts";
import type { DecodedEvent } from "../events/event-types.ts";
import type { LatticeSession } from "../session/lattice-session.ts";
import type { UpdateHistory } from "./components/update-history.ts";
import type { ConfigHistory } from "./config-history.ts";

/** How often is asked before a command is given up. */
const readsBefore = 3;

/** Which lattice of which connection. */
export interface Place {
  connectionId: string;
  lattice?: string | undefined;
}

/** How long evidence is waited for after an acknowledgement, in milliseconds (wasmcloud-control §4.15). */
export interface CommandWaits {
  /** A component that runs already. */
  warmMs: number;
  /** An image that may have to be fetched. */
  coldMs: number;
  /** A host's shutdown when no deadline is given. */
  hostStopMs: number;
  /** Until a host that may announce nothing is read. */
  lookMs: number;
}

export const defaultWaits: CommandWaits = {
  warmMs: 10_000,
  coldMs: 60_000,
  hostStopMs: 12_000,
  lookMs: 2_000,
};

/** What every command of a lattice is built from. */
export interface CommandParts extends CommandPartsOf<LatticeSession, Place> {
  /** Domain that the connection's profile names. */
  jetStreamDomain(connectionId: string): string | undefined;
  history: ConfigHistory;
  updates: UpdateHistory;
  /** Changes of links, one after the other for each source. */
  linkQueues: SerialQueues;
  waits: CommandWaits;
}

/** How a host is called in front of people. */
export function hostName(lattice: LatticeSession, hostId: string): string {
  return lattice.host(hostId)?.friendlyName ?? hostId;
}

/** The host's word on a command whose work follows its reply. */
export function acknowledged(reply: ControlReply): Acknowledgement {
  const { success: accepted, message, raw } = reply;
  return accepted ? { accepted, message, reply: raw } : { accepted, message, reply: raw };
}

/** The host's word on a command that is done when the reply comes. */
export function done(reply: ControlReply): Acknowledgement {
  if (!reply.success) return acknowledged(reply);
  return { accepted: true, message: reply.message, reply: reply.raw, done: true };
}

/** The host's word on a command that is over when the reply comes, which does not prove what is stored then. */
export function over(reply: ControlReply): Acknowledgement {
  if (!reply.success) return acknowledged(reply);
  return { accepted: true, message: reply.message, reply: reply.raw, over: true };
}

/** Whose request an event speaks of: no event names the request that led to it (wasmcloud-control §4.15). */
export type Ownership = "ours" | "foreign" | "unclear";

/** A failure that an event tells of; somebody else's is no evidence at all. */
export function failureFinding(
  ownership: Ownership,
  error: string,
  from: { event: DecodedEvent; at: string },
): Finding | undefined {
  if (ownership === "foreign") return undefined;
  const reason = error || "no reason given";
  if (ownership === "ours") return eventFinding("failed", `The host reports that it failed: ${reason}`, from);
  const message = `The host reports a failure, which may be of somebody else's request: ${reason}`;
  return eventFinding("unknown", message, from);
}

/** Reads until the answer is as wanted or patience ends; copies in other hosts lag (wasmcloud-control §2.15). */
export async function readPatiently<T>(
  read: () => Promise<T>,
  isGood: (value: T) => boolean,
  pausesMs: readonly number[] = [50, 150, 300, 600, 900],
): Promise<T> {
  let value = await read();
  for (const pause of pausesMs) {
    if (isGood(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, pause));
    value = await read();
  }
  return value;
}

/**
 * Reads before a command is sent, and again where nothing answers in time: hosts that start many components at once may take
 * longer (wasmcloud-control §2.2), and one late answer must not keep a command from being sent.
 */
export async function readBefore<T>(read: () => Promise<T>): Promise<T> {
  for (let left = readsBefore - 1; left > 0; left--) {
    try {
      return await read();
    } catch (error) {
      if (asFailure(error).code !== "timeout") throw error;
    }
  }
  return read();
}

/** An id that no tool would create is taken only where it runs already, so that nothing new gets one (wasmcloud-control §1.6). */
export function refuseOddNewId(
  field: "componentId" | "providerId",
  id: string,
  known: readonly { id: string }[],
): void {
  const issue = newWorkloadIdSchema.safeParse(id).error?.issues[0];
  if (!issue || known.some((row) => row.id === id)) return;
  throw new Failure({
    code: "invalid_input",
    message: `${field}: ${issue.message}`,
    details: { fields: [{ path: field, message: issue.message }] },
    hint: `Nothing called ${id} runs in this lattice. Choose another id.`,
  });
}
