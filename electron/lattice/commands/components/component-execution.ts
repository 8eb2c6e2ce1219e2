import type {
  Acknowledgement,
  CommandExecution,
  Finding,
  Verdict,
} from "../../../../shared/contract/index.ts";
import type { ComponentRow } from "../../../../shared/lattice/schema.ts";
import { timestamp } from "../../../upstream/evidence.ts";
import { describeRequest } from "../../client/control-commands.ts";
import type { ControlRequest } from "../../client/control-types.ts";
import type { DecodedEvent } from "../../events/event-types.ts";
import type { LatticeSession } from "../../session/lattice-session.ts";
import { type CommandParts, hostName, type Place, readPatiently } from "../command-parts.ts";
import { type Look, latticeCommand } from "../lattice-command.ts";

/** A host stores a start or update just after its event (wasmcloud-control §2.7, §5.3). */
const storedAfterMs = [100, 300, 600];

/** One command to one component, and how its outcome is told. */
export interface ComponentCommand {
  hostId: string;
  componentId: string;
  wire: ControlRequest;
  send(lattice: LatticeSession): Promise<Acknowledgement>;
  waitMs: number;
  /** No event may announce its outcome, so that readings have to tell. */
  isSilent?: boolean | undefined;
  finding(event: DecodedEvent, at: string): Finding | undefined;
  readAfter?(event: DecodedEvent): boolean | Look;
  verdict(running: ComponentRow | undefined, at: string, hostVersion: string | undefined): Verdict;
}

/** Makes a command to a component ready: events are its evidence, the host's inventory settles it. */
export function componentExecution(
  parts: CommandParts,
  place: Place,
  command: ComponentCommand,
): CommandExecution {
  const { hostId, componentId, waitMs, isSilent } = command;
  const known = parts.session(place);
  const name = hostName(known, hostId);
  return latticeCommand(parts, place, {
    target: {
      kind: "component",
      id: componentId,
      label: `${componentId} on ${name}`,
      lattice: known.client.lattice,
      hostId,
      hostName: name,
    },
    request: describeRequest(command.wire),
    send: command.send,
    evidence: {
      waitMs,
      verifyWhenOver: isSilent,
      find: (event) => command.finding(event, timestamp(parts)),
      ...(command.readAfter && { readAfter: command.readAfter }),
      ...(isSilent && { looks: [{ afterMs: Math.min(parts.waits.lookMs, waitMs / 2) }] }),
    },
    verify: (lattice) =>
      readPatiently(
        async () => {
          const { components, host } = await lattice.hostInventory(hostId);
          const running = components.find(({ id }) => id === componentId);
          return command.verdict(running, timestamp(parts), host.version);
        },
        ({ verdict }) => verdict !== "failed",
        storedAfterMs,
      ),
  });
}
