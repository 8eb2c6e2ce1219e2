import {
  asFailure,
  type CommandExecution,
  type Finding,
  type Verdict,
} from "../../../shared/contract/index.ts";
import { eventFinding, readEvidence, timestamp } from "../../upstream/evidence.ts";
import { describeRequest, stopHostRequest } from "../client/control-commands.ts";
import type { DecodedEvent } from "../events/event-types.ts";
import { acknowledged, type CommandParts, hostName, type Place } from "./command-parts.ts";
import { latticeCommand } from "./lattice-command.ts";

/** Beside the deadline itself, for the way there and back. */
const graceMs = 2_000;

/** Makes the stop of a host ready: `host_stopped` confirms, a host that nobody hears of any more is gone too. */
export function hostStopExecution(
  parts: CommandParts,
  place: Place,
  stop: { hostId: string; timeoutMs?: number | undefined },
): CommandExecution {
  const { hostId, timeoutMs } = stop;
  const known = parts.session(place);
  const name = hostName(known, hostId);
  const request = { hostId, ...(timeoutMs !== undefined && { timeoutMs }) };
  return latticeCommand(parts, place, {
    target: {
      kind: "host",
      id: hostId,
      label: name,
      lattice: known.client.lattice,
      hostId,
      hostName: name,
    },
    request: describeRequest(stopHostRequest(known.client.scope, request)),
    send: async ({ client }) => acknowledged(await client.stopHost(request)),
    evidence: {
      waitMs: timeoutMs === undefined ? parts.waits.hostStopMs : timeoutMs + graceMs,
      // Without `host_stopped` (a missed deadline, wasmcloud-control §2.10) only silence tells.
      verifyWhenOver: true,
      find: (event) => hostStopFinding(hostId, event, timestamp(parts)),
    },
    verify: ({ client }) => hostStopVerdict(() => client.getHostInventory(hostId), parts),
  });
}

/** Reads an event as evidence of a host's stop; the host is in `source` only (wasmcloud-control §4.5). */
export function hostStopFinding(hostId: string, event: DecodedEvent, at: string): Finding | undefined {
  if (event.kind !== "known" || event.source !== hostId || event.type !== "host_stopped") return undefined;
  return eventFinding("confirmed", "The host says that it has stopped.", { event, at });
}

/** Asks a host for its inventory: nobody listening is what was wanted. */
export async function hostStopVerdict(
  read: () => Promise<unknown>,
  parts: Pick<CommandParts, "now">,
): Promise<Verdict> {
  try {
    await read();
  } catch (error) {
    const failure = asFailure(error);
    if (failure.code !== "not_found") throw failure;
    const message = "Nobody answers under this host's id any more.";
    return { verdict: "verified", message, evidence: readEvidence(timestamp(parts), message, null) };
  }
  const summary = "The host still answers.";
  const message = `${summary} It did not stop, or it was started again with the same id.`;
  return { verdict: "failed", message, evidence: readEvidence(timestamp(parts), summary, null) };
}
