import { randomUUID } from "node:crypto";
import {
  type CommandExecution,
  Failure,
  type Handlers,
  maskedValue,
  textWithoutCredentials,
  type Verdict,
} from "../../../shared/contract/index.ts";
import type { executionOperations } from "../../../shared/flowfabric/execution-operations.ts";
import { executionTarget } from "../../../shared/flowfabric/inputs.ts";
import { commandThrough } from "../../connections/session-door.ts";
import { readVerdict, timestamp } from "../../upstream/evidence.ts";
import { signalRequest } from "../client/requests.ts";
import { waitpointLimit } from "../queries/execution-queries.ts";
import { answerOf, type CommandParts, describeRequest, readBack, readFirst } from "./command-parts.ts";

type SignalOperations = Pick<typeof executionOperations, "flowfabric.executions.signal">;
type SignalInput = Parameters<Handlers<SignalOperations>["flowfabric.executions.signal"]>[0];

/** Handler that delivers a signal; the token is read when it is needed and goes nowhere else. */
export function signalHandlers(parts: CommandParts): Handlers<SignalOperations> {
  return { "flowfabric.executions.signal": async (input) => signalExecution(parts, input) };
}

function signalExecution(parts: CommandParts, input: SignalInput): CommandExecution {
  const { connectionId, executionId, waitpointId, signalName, payload } = input;
  const known = parts.session(connectionId).requireClient();
  const params = { waitpointId, signalId: randomUUID(), signalName, payload, now: parts.now() };
  let taken = false;
  return commandThrough(parts.door(connectionId), {
    target: executionTarget(input),
    request: describeRequest(known, signalRequest(executionId, { ...params, ...recorded(payload) })),
    send: async (session) => {
      const client = session.requireClient();
      const token = await readFirst(client.readWaitpointToken(executionId, waitpointId));
      if (token === undefined)
        throw new Failure({
          code: "not_found",
          message: "This waitpoint has no token: it was used, has expired, or does not exist.",
          details: { delivered: false },
          hint: "Look at the open waitpoints again.",
        });
      return answerOf(client.deliverSignal(executionId, { ...params, token }), (reply) => {
        taken = true;
        return {
          accepted: true,
          message:
            "Accepted" in reply
              ? effectMessage(reply.Accepted.effect)
              : "The server had this signal already.",
          reply,
          done: true,
        };
      });
    },
    ...readBack(parts, async (session) => {
      const open = await session.requireClient().pendingWaitpoints(executionId);
      const isOpen = open.some(({ waitpoint_id: id }) => id === waitpointId);
      const from = { at: timestamp(parts), data: { open: open.length } };
      return readVerdict(...judge({ isOpen, isCut: open.length >= waitpointLimit, taken }), from);
    }),
  });
}

/** A waitpoint takes signals that it does not wait for as well, and nothing comes of them (flowfabric-admin §1.8.6). */
function effectMessage(effect: string): string {
  return effect === "no_op"
    ? "The server took the signal, but nothing came of it: the waitpoint does not wait for this name, or was closed."
    : `The server took the signal: ${effect.replaceAll("_", " ")}.`;
}

/** What takes the place of the token, and of what looks like a credential, in the record. */
function recorded(payload: string | undefined): { token: string; payload?: string } {
  const text = payload === undefined ? {} : { payload: textWithoutCredentials(payload) };
  return { token: maskedValue, ...text };
}

/** The list may hide an open waitpoint, and a closed one does not tell by whom it was closed (flowfabric-admin §1.7.4). */
function judge(seen: { isOpen: boolean; isCut: boolean; taken: boolean }): [Verdict["verdict"], string] {
  if (seen.isOpen)
    return [
      "unknown",
      "The waitpoint is still open: it waits for another signal, or for more than this one.",
    ];
  if (seen.isCut)
    return ["unknown", "The waitpoint is not among those that the server lists, but it may hide some."];
  if (seen.taken) return ["verified", "The waitpoint is closed."];
  return ["unknown", "The waitpoint is closed: by this signal, by another one, or because it expired."];
}
