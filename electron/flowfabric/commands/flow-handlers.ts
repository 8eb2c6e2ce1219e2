import type {
  Acknowledgement,
  CommandExecution,
  Finding,
  Handlers,
  Verdict,
} from "../../../shared/contract/index.ts";
import type { serverOperations } from "../../../shared/flowfabric/server-operations.ts";
import { commandThrough } from "../../connections/session-door.ts";
import { readEvidence, readVerdict, timestamp } from "../../upstream/evidence.ts";
import { type FlowfabricClient, undecodable } from "../client/client.ts";
import { type FlowCancelReply, flowCancelReplySchema } from "../client/replies.ts";
import { flowCancelRequest } from "../client/requests.ts";
import { readEach } from "../queries/scan.ts";
import type { FlowfabricSession } from "../session/session.ts";
import { answerOf, type CommandParts, describeRequest, lookRepeatedly } from "./command-parts.ts";

type FlowOperations = Pick<typeof serverOperations, "flowfabric.flows.cancel">;

/** The members are waited for so long, in milliseconds: what the server missed, its reconciler comes to after half of it (flowfabric-admin §1.8.7). */
const waitMs = 60_000;
/** So many members are read back; a flow may have more. */
const mostRead = 200;

/** Handler that cancels a flow, and reads back what became of its members. */
export function flowHandlers(parts: CommandParts): Handlers<FlowOperations> {
  return {
    "flowfabric.flows.cancel": async ({ connectionId, ...params }, { earlier }) => {
      return cancelFlow(parts, connectionId, { ...params, told: repliedEarlier(earlier?.reply) });
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

function cancelFlow(parts: CommandParts, connectionId: string, cancellation: Cancellation): CommandExecution {
  const known = parts.session(connectionId).requireClient();
  const { flowId, policy, note } = cancellation;
  const params = { reason: note, policy, now: parts.now() };
  const look = async (session: FlowfabricSession): Promise<Finding | undefined> => {
    const read = await readMembers(session.requireClient(), cancellation);
    if (!read || read.goingOn > 0 || read.unreadable > 0) return undefined;
    const message = membersMessage(read);
    return { verdict: "confirmed", message, evidence: readEvidence(timestamp(parts), message, read) };
  };
  return commandThrough(parts.door(connectionId), {
    target: { kind: "other", id: flowId, label: `Flow ${flowId.slice(0, 8)}…` },
    request: describeRequest(known, flowCancelRequest(flowId, params)),
    send: (session) =>
      answerOf(session.requireClient().cancelFlow(flowId, params), (reply) => {
        cancellation.told = reply;
        return acknowledge(reply, policy);
      }),
    evidence: {
      waitMs,
      verifyWhenOver: true,
      watch: (session, report, scope) =>
        scope.onEnd(lookRepeatedly(parts.waits.lookEveryMs, () => look(session), report)),
    },
    verify: async (session) =>
      judge(await readMembers(session.requireClient(), cancellation), cancellation, timestamp(parts)),
  });
}

/**
 * Only `cancel_all` makes the server cancel members, and what became of them is read; a flow that was over already answers
 * with its own policy (flowfabric-admin §1.8.7).
 */
function acknowledge(reply: FlowCancelReply, policy: string): Acknowledgement {
  const members = membersOf(reply).length;
  if ("PartiallyCancelled" in reply) {
    const failed = new Set(reply.PartiallyCancelled.failed_member_execution_ids).size;
    const message = `The flow is cancelled. ${failed} of its ${members} members the server could not cancel: they may have been over already, or skipped because of the others, which is being read.`;
    return { accepted: true, message, reply };
  }
  if ("CancellationScheduled" in reply)
    return { accepted: true, message: "The cancellation of its members is scheduled.", reply };
  const { cancellation_policy: stored } = reply.Cancelled;
  if (!isPolicy(stored)) throw undecodable("it names no policy", { status: 200, method: "POST" });
  if (stored !== policy)
    return {
      accepted: false,
      message: `The flow was over already, with the policy ${stored}: nothing was changed. Members that still run have to be cancelled one by one.`,
      reply,
    };
  if (policy !== "cancel_all") {
    const message = "The server says that the flow is cancelled. With this policy it cancels no member.";
    return { accepted: true, message, reply, done: true };
  }
  if (members === 0)
    return {
      accepted: true,
      message: "The server says that the flow is cancelled. It has no members.",
      reply,
      done: true,
    };
  const message = "The server says that the flow is cancelled; its members are being read.";
  return { accepted: true, message, reply };
}

function isPolicy(text: string): boolean {
  return ["cancel_all", "cancel_flow_only", "cancel_pending"].includes(text);
}

interface MembersRead {
  members: number;
  read: number;
  goingOn: number;
  unreadable: number;
  /** How those that are over ended, most of them first. */
  ends: { state: string; count: number }[];
}

/** Reads the members that the server named; undefined where it named none, or was not to cancel them. */
async function readMembers(
  client: FlowfabricClient,
  { told, policy }: Cancellation,
): Promise<MembersRead | undefined> {
  const ids = told && policy === "cancel_all" ? membersOf(told) : [];
  if (ids.length === 0) return undefined;
  const asked = ids.slice(0, mostRead);
  const { values } = await readEach(asked, (id) => client.execution(id));
  const over = values.filter(({ state_vector: state }) => state.lifecycle_phase === "terminal");
  return {
    members: ids.length,
    read: values.length,
    goingOn: values.length - over.length,
    unreadable: asked.length - values.length,
    ends: countEnds(over.map(({ public_state: state }) => state)),
  };
}

function countEnds(states: readonly string[]): MembersRead["ends"] {
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts]
    .map(([state, count]) => ({ state, count }))
    .sort((left, right) => right.count - left.count);
}

/** Every member once: the server also lists those that it could not cancel among all (flowfabric-admin §1.8.7). */
function membersOf(reply: FlowCancelReply): string[] {
  if ("PartiallyCancelled" in reply) {
    const { failed_member_execution_ids: failed, member_execution_ids: all } = reply.PartiallyCancelled;
    return [...new Set([...failed, ...all])];
  }
  const { member_execution_ids: all } = "Cancelled" in reply ? reply.Cancelled : reply.CancellationScheduled;
  return [...new Set(all)];
}

function judge(read: MembersRead | undefined, { told }: Cancellation, at: string): Verdict {
  if (!read) {
    const message = told
      ? "This rests on the server's reply: no route reads a flow."
      : "No route reads a flow, so its cancellation cannot be checked. Cancel it again: that is safe, and the server then says so and names its members.";
    return readVerdict("unknown", message, { at, data: null });
  }
  const message = membersMessage(read);
  if (read.goingOn > 0) {
    const mayCome = told !== undefined && "CancellationScheduled" in told;
    return readVerdict(mayCome ? "unknown" : "failed", message, { at, data: read });
  }
  return readVerdict(read.unreadable > 0 ? "unknown" : "verified", message, { at, data: read });
}

function membersMessage({ members, read, goingOn, unreadable, ends }: MembersRead): string {
  const which = members > mostRead ? `the first ${mostRead} of ${members} members` : `${read} members`;
  if (goingOn > 0) return `Of ${which}, ${goingOn} still go on.`;
  const missing = unreadable > 0 ? ` ${unreadable} could not be read.` : "";
  const [first, ...others] = ends;
  if (others.length === 0 && (!first || first.state === "cancelled"))
    return `All of ${which} are over.${missing}`;
  const how = ends.map(({ state, count }) => `${count} ${state}`).join(", ");
  return `All of ${which} are over: ${how}.${missing}`;
}

function repliedEarlier(reply: unknown): FlowCancelReply | undefined {
  return flowCancelReplySchema.safeParse(reply).data;
}
