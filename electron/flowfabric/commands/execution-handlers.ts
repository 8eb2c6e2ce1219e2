import type { CommandExecution, Handlers, Verdict } from "../../../shared/contract/index.ts";
import { ownValue } from "../../../shared/contract/index.ts";
import type { executionOperations } from "../../../shared/flowfabric/execution-operations.ts";
import { executionTarget } from "../../../shared/flowfabric/inputs.ts";
import { commandThrough } from "../../connections/session-door.ts";
import { readVerdict, timestamp } from "../../upstream/evidence.ts";
import type { ExecutionReply } from "../client/replies.ts";
import { actionRequest, cancelRequest, priorityRequest } from "../client/requests.ts";
import { answerOf, type CommandParts, describeRequest, readBack } from "./command-parts.ts";

type ActionOperations = Pick<
  typeof executionOperations,
  | "flowfabric.executions.cancel"
  | "flowfabric.executions.replay"
  | "flowfabric.executions.revoke-lease"
  | "flowfabric.executions.priority"
>;

/** Handlers of the operator's actions on one execution; each is done when the reply comes, and read back. */
export function executionHandlers(parts: CommandParts): Handlers<ActionOperations> {
  return {
    "flowfabric.executions.cancel": async ({ connectionId, executionId, note }) => {
      const request = cancelRequest(executionId, note, parts.now());
      return commandThrough(parts.door(connectionId), {
        target: executionTarget({ executionId }),
        request: describeRequest(parts.session(connectionId).requireClient(), request),
        send: (session) =>
          answerOf(session.requireClient().cancelExecution(executionId, note, parts.now()), (reply) => ({
            accepted: true,
            message: "The server says that it is cancelled.",
            reply,
            done: true,
          })),
        ...readState(parts, executionId, (execution) =>
          execution.public_state === "cancelled"
            ? ["verified", "It is cancelled."]
            : ["failed", `It is ${execution.public_state}, not cancelled.`],
        ),
      });
    },
    "flowfabric.executions.replay": async ({ connectionId, executionId }) =>
      replayExecution(parts, connectionId, executionId),
    "flowfabric.executions.revoke-lease": async ({ connectionId, executionId }) =>
      revokeExecution(parts, connectionId, executionId),
    "flowfabric.executions.priority": async ({ connectionId, executionId, priority }) => {
      const client = parts.session(connectionId).requireClient();
      return commandThrough(parts.door(connectionId), {
        target: executionTarget({ executionId }),
        request: describeRequest(client, priorityRequest(executionId, priority)),
        send: (session) =>
          answerOf(session.requireClient().changePriority(executionId, priority), (reply) => ({
            accepted: true,
            message: `The server says that its priority is ${priority}.`,
            reply,
            done: true,
          })),
        ...readState(parts, executionId, (execution) =>
          execution.priority === priority
            ? ["verified", `Its priority is ${priority}.`]
            : ["failed", `Its priority is ${execution.priority}.`],
        ),
      });
    },
  };
}

type Judged = readonly [Verdict["verdict"], string];

function readState(
  parts: CommandParts,
  executionId: string,
  judge: (execution: ExecutionReply) => Judged,
): ReturnType<typeof readBack> {
  return readBack(parts, async (session) => {
    const execution = await session.requireClient().execution(executionId);
    const [kind, message] = judge(execution);
    return readVerdict(kind, message, { at: timestamp(parts), data: execution.state_vector });
  });
}

/** A short execution is over again before anybody looks, so that its end is compared with the one before. */
function replayExecution(parts: CommandParts, connectionId: string, executionId: string): CommandExecution {
  const known = parts.session(connectionId).requireClient();
  let before: ExecutionReply | undefined;
  return commandThrough(parts.door(connectionId), {
    target: executionTarget({ executionId }),
    request: describeRequest(known, actionRequest(executionId, "replay")),
    send: async (session) => {
      const client = session.requireClient();
      before = await client.execution(executionId).catch(() => undefined);
      return answerOf(client.replayExecution(executionId), (reply) => ({
        accepted: true,
        message: `It is ${reply.Replayed.public_state} again.`,
        reply,
        done: true,
      }));
    },
    ...readState(parts, executionId, (execution) => judgeReplay(before, execution)),
  });
}

function judgeReplay(before: ExecutionReply | undefined, execution: ExecutionReply): Judged {
  const { public_state: state, current_attempt_index: attempt, completed_at: completedAt } = execution;
  const { lifecycle_phase: phase } = execution.state_vector;
  if (isLive(phase)) return ["verified", `It is ${state} again.`];
  if (phase !== "terminal") return ["unknown", unknownState(phase)];
  if (before && (attempt > before.current_attempt_index || isLater(completedAt, before.completed_at)))
    return ["verified", `It ran again, and is ${state} (attempt ${attempt + 1}).`];
  return before && completedAt === before.completed_at
    ? ["failed", `It is ${state} as before: it was not replayed.`]
    : ["unknown", `It is ${state}: not replayed, or over again already.`];
}

/** What is not over (flowfabric-admin §1.6); a newer server may have more words. */
function isLive(phase: string): boolean {
  return ["submitted", "runnable", "active", "suspended"].includes(phase);
}

function unknownState(word: string): string {
  return `The server calls its state "${word.slice(0, 60)}", which this console does not know.`;
}

/** Times are epoch milliseconds as decimal text; what was not over before has none. */
function isLater(text: string | undefined, before: string | undefined): boolean {
  const isTime = (time: string): boolean => /^\d+$/.test(time);
  if (text === undefined || !isTime(text)) return false;
  return before === undefined || (isTime(before) && Number(text) > Number(before));
}

const alreadyReasons: Record<string, string> = {
  no_active_lease:
    "Nobody holds a lease on it. On Valkey that is also the answer for an execution that does not exist.",
  already_revoked: "Its lease was revoked before; it waits for a worker to reclaim it.",
  already_expired: "Its lease had expired before; it waits for a worker to reclaim it.",
  epoch_moved: "Another worker took the lease in the very same moment; look again.",
};

/** How an execution is called that nobody holds a lease on (flowfabric-admin §1.6). */
const free = ["unowned", "lease_expired_reclaimable"];

/** After a revocation Valkey parks the execution, Postgres and SQLite put it back into the queue (flowfabric-admin §1.8.5). */
function revokeExecution(parts: CommandParts, connectionId: string, executionId: string): CommandExecution {
  const known = parts.session(connectionId).requireClient();
  return commandThrough(parts.door(connectionId), {
    target: executionTarget({ executionId }),
    request: describeRequest(known, actionRequest(executionId, "revoke-lease")),
    send: (session) =>
      answerOf(session.requireClient().revokeLease(executionId), (reply) =>
        "Revoked" in reply
          ? { accepted: true, message: "The lease is revoked.", reply, done: true }
          : {
              accepted: false,
              message:
                ownValue(alreadyReasons, reply.AlreadySatisfied.reason) ??
                `Nothing to revoke: ${reply.AlreadySatisfied.reason}.`,
              reply,
            },
      ),
    ...readState(parts, executionId, ({ state_vector: state, public_state }) => {
      if (state.ownership_state === "lease_revoked")
        return [
          "verified",
          "It is parked: nobody picks it up until a worker reclaims it or it is cancelled.",
        ];
      if (state.lifecycle_phase === "runnable") return ["verified", "It is back in the queue."];
      if (state.ownership_state === "leased")
        return ["unknown", "A lease is held again: the old one, or a new one since."];
      return free.includes(state.ownership_state)
        ? ["verified", `Nobody holds a lease; it is ${public_state}.`]
        : ["unknown", unknownState(state.ownership_state)];
    }),
  });
}
