import type {
  Acknowledgement,
  CommandExecution,
  Finding,
  Handlers,
  Verdict,
} from "../../shared/contract/index.ts";
import type { serverOperations } from "../../shared/flowfabric/server-operations.ts";
import { commandThrough } from "../connections/session-door.ts";
import type { FlowfabricClient } from "./client.ts";
import {
  answerOf,
  describeRequest,
  type FlowfabricCommandParts,
  lookRepeatedly,
  moment,
  readEvidence,
  verdict,
} from "./command-parts.ts";
import { type FlowCancelReply, flowCancelReplySchema } from "./replies.ts";
import { flowCancelRequest } from "./requests.ts";
import { readEach } from "./scan.ts";
import type { FlowfabricSession } from "./session.ts";

type FlowOperations = Pick<typeof serverOperations, "flowfabric.flows.cancel">;

/** The server's word and the members themselves are waited for so long, in milliseconds. */
const waitMs = 30_000;
/** So many members are read back; a flow may have more. */
const mostRead = 200;

/** Handler that cancels a flow, and reads back what became of its members. */
export function flowHandlers(parts: FlowfabricCommandParts): Handlers<FlowOperations> {
  return {
    "flowfabric.flows.cancel": async ({ connectionId, ...wish }, { earlier }) => {
      return cancelFlow(parts, connectionId, { ...wish, told: repliedEarlier(earlier?.reply) });
    },
  };
}

interface Cancellation {
  flowId: string;
  policy: string;
  note: string;
  /** What the server said, once it has. */
  told: FlowCancelReply | undefined;
}

function cancelFlow(
  parts: FlowfabricCommandParts,
  connectionId: string,
  cancellation: Cancellation,
): CommandExecution {
  const known = parts.session(connectionId).requireClient();
  const { flowId, policy, note } = cancellation;
  const wish = { reason: note, policy, now: parts.now() };
  const look = async (session: FlowfabricSession): Promise<Finding | undefined> => {
    const read = await readMembers(session.requireClient(), cancellation);
    if (!read || read.goingOn > 0) return undefined;
    const message = membersMessage(read);
    return { verdict: "confirmed", message, evidence: readEvidence(moment(parts), message, read) };
  };
  return commandThrough(parts.door(connectionId), {
    target: { kind: "other", id: flowId, label: `Flow ${flowId.slice(0, 8)}…` },
    request: describeRequest(known, flowCancelRequest(flowId, wish)),
    send: (session) =>
      answerOf(session.requireClient().cancelFlow(flowId, wish), (reply) => {
        cancellation.told = reply;
        return acknowledge(reply, policy);
      }),
    evidence: {
      waitMs,
      verifyWhenOver: true,
      watch: (session, report, scope) =>
        scope.onEnd(lookRepeatedly(parts.lookEveryMs, () => look(session), report)),
    },
    verify: async (session) =>
      judge(await readMembers(session.requireClient(), cancellation), cancellation, moment(parts)),
  });
}

/** Only `cancel_all` makes the server cancel members; one that was over already answers with its own policy (flowfabric-admin §1.8.7). */
function acknowledge(reply: FlowCancelReply, policy: string): Acknowledgement {
  if ("PartiallyCancelled" in reply) {
    const { failed_member_execution_ids: failed } = reply.PartiallyCancelled;
    return { accepted: true, message: `The flow is cancelled, but ${failed.length} members are not.`, reply };
  }
  if ("CancellationScheduled" in reply)
    return { accepted: true, message: "The cancellation of its members is scheduled.", reply };
  const { cancellation_policy: stored } = reply.Cancelled;
  if (stored !== policy)
    return {
      accepted: false,
      message: `The flow was over already, with the policy ${stored}: nothing was changed. Members that still run have to be cancelled one by one.`,
      reply,
    };
  const message =
    policy === "cancel_all"
      ? "The server says that the flow and its members are cancelled."
      : "The server says that the flow is cancelled. With this policy it cancels no member.";
  return { accepted: true, message, reply, done: true };
}

interface MembersRead {
  members: number;
  read: number;
  goingOn: number;
  unreadable: number;
}

/** Reads the members that the server named; undefined where it named none, or was not to cancel them. */
async function readMembers(
  client: FlowfabricClient,
  { told, policy }: Cancellation,
): Promise<MembersRead | undefined> {
  const ids = told && policy === "cancel_all" ? membersOf(told) : [];
  if (ids.length === 0) return undefined;
  const { values, problems } = await readEach(ids.slice(0, mostRead), (id) => client.execution(id));
  const goingOn = values.filter(({ state_vector: state }) => state.lifecycle_phase !== "terminal").length;
  return { members: ids.length, read: values.length, goingOn, unreadable: problems.length };
}

function membersOf(reply: FlowCancelReply): string[] {
  if ("PartiallyCancelled" in reply)
    return [
      ...reply.PartiallyCancelled.failed_member_execution_ids,
      ...reply.PartiallyCancelled.member_execution_ids,
    ];
  return ("Cancelled" in reply ? reply.Cancelled : reply.CancellationScheduled).member_execution_ids;
}

function judge(read: MembersRead | undefined, { told }: Cancellation, at: string): Verdict {
  if (!read) {
    const message = told
      ? "This rests on the server's reply: no route reads a flow."
      : "No route reads a flow, so that nothing tells whether it is cancelled; a second request would.";
    return verdict("unknown", message, { at, data: null });
  }
  const message = membersMessage(read);
  if (read.goingOn > 0) {
    const mayCome = told !== undefined && "CancellationScheduled" in told;
    return verdict(mayCome ? "unknown" : "failed", message, { at, data: read });
  }
  return verdict(read.unreadable > 0 ? "unknown" : "verified", message, { at, data: read });
}

function membersMessage({ members, read, goingOn, unreadable }: MembersRead): string {
  const which = members > mostRead ? `the first ${mostRead} of ${members} members` : `${read} members`;
  if (goingOn > 0) return `Of ${which}, ${goingOn} still go on.`;
  return `All of ${which} are over.${unreadable > 0 ? ` ${unreadable} could not be read.` : ""}`;
}

function repliedEarlier(reply: unknown): FlowCancelReply | undefined {
  return flowCancelReplySchema.safeParse(reply).data;
}
