import { randomUUID } from "node:crypto";
import { type CommandExecution, Failure, type Handlers } from "../../shared/contract/index.ts";
import type { executionOperations } from "../../shared/flowfabric/execution-operations.ts";
import { executionTarget } from "../../shared/flowfabric/inputs.ts";
import { answerOf, describeRequest, type FlowfabricCommandParts, moment, verdict } from "./command-parts.ts";
import { signalRequest } from "./requests.ts";

type SignalOperations = Pick<typeof executionOperations, "flowfabric.executions.signal">;
type SignalInput = Parameters<Handlers<SignalOperations>["flowfabric.executions.signal"]>[0];

/** Handler that delivers a signal; the token is read when it is needed and goes nowhere else. */
export function signalHandlers(parts: FlowfabricCommandParts): Handlers<SignalOperations> {
  return { "flowfabric.executions.signal": async (input) => signalExecution(parts, input) };
}

function signalExecution(parts: FlowfabricCommandParts, input: SignalInput): CommandExecution {
  const { connectionId, executionId, waitpointId, signalName, payload } = input;
  const client = parts.session(connectionId).requireClient();
  const wish = { waitpointId, signalId: randomUUID(), signalName, payload, now: parts.now() };
  return {
    target: executionTarget(input),
    request: describeRequest(client, signalRequest(executionId, { ...wish, token: "(secret)" })),
    send: async () => {
      const token = await client.readWaitpointToken(executionId, waitpointId);
      if (token === undefined)
        throw new Failure({
          code: "not_found",
          message: "This waitpoint has no token: it was used, has expired, or does not exist.",
          details: { delivered: false },
          hint: "Look at the open waitpoints again.",
        });
      return answerOf(client.deliverSignal(executionId, { ...wish, token }), (reply) => ({
        accepted: true,
        message:
          "Accepted" in reply
            ? `The server took the signal: ${reply.Accepted.effect.replaceAll("_", " ")}.`
            : "The server had this signal already.",
        reply,
        done: true,
      }));
    },
    verify: async () => {
      const at = moment(parts);
      const open = await client.pendingWaitpoints(executionId);
      const still = open.some(({ waitpoint_id: id }) => id === waitpointId);
      const data = { open: open.length };
      return still
        ? verdict("unknown", "The waitpoint is still open: it waits for more signals than this one.", {
            at,
            data,
          })
        : verdict("verified", "The waitpoint is closed.", { at, data });
    },
  };
}
