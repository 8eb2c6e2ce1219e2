import type { CommandExecution, Finding, Verdict } from "../../shared/contract/index.ts";
import type { ComponentRow } from "../../shared/lattice/schema.ts";
import { acknowledged, type CommandParts, moment, watchEvents } from "./command-parts.ts";
import { describeRequest } from "./control-commands.ts";
import type { ControlReply, ControlRequest } from "./control-types.ts";
import type { DecodedEvent } from "./event-types.ts";
import type { LatticeSession } from "./lattice-session.ts";

/** One command to one component, and how its outcome is told. */
export interface ComponentCommand {
  hostId: string;
  hostName: string;
  componentId: string;
  wire: ControlRequest;
  send(): Promise<ControlReply>;
  /** Whether the reply says that there was nothing to do. */
  isDone?(reply: ControlReply): boolean;
  waitMs: number;
  verifyWhenOver?: boolean;
  finding(event: DecodedEvent, at: string): Finding | undefined;
  verdict(running: ComponentRow | undefined, at: string): Verdict;
}

/** Makes a command to a component ready: events are its evidence, the host's inventory settles it. */
export function componentExecution(
  parts: CommandParts,
  lattice: LatticeSession,
  command: ComponentCommand,
): CommandExecution {
  const { hostId, hostName, componentId, waitMs, verifyWhenOver } = command;
  return {
    target: {
      kind: "component",
      id: componentId,
      label: `${componentId} on ${hostName}`,
      lattice: lattice.client.lattice,
      hostId,
      hostName,
    },
    request: describeRequest(command.wire),
    send: async () => {
      const reply = await command.send();
      const answer = acknowledged(reply);
      return answer.accepted && command.isDone?.(reply) ? { ...answer, done: true } : answer;
    },
    evidence: {
      waitMs,
      ...(verifyWhenOver && { verifyWhenOver }),
      watch: watchEvents(lattice, (event) => command.finding(event, moment(parts))),
    },
    verify: async () => {
      const { components } = await lattice.hostInventory(hostId);
      const running = components.find(({ id }) => id === componentId);
      return command.verdict(running, moment(parts));
    },
  };
}
