import type { CommandExecution, Handlers } from "../../shared/contract/index.ts";
import type { jobCommands } from "../../shared/forge/job-operations.ts";
import type { ForgeCommand } from "../../shared/forge/wire-commands.ts";
import { commands } from "../../shared/forge/wire-commands.ts";
import { doneReply, execution, type ForgeParts, requireQueue, verdictOf } from "./command-parts.ts";
import { requireLevel } from "./level.ts";
import type { ForgeSession } from "./session.ts";
import { idWire } from "./wire.ts";

type EnqueueOperations = Pick<typeof jobCommands, "forge.jobs.enqueue" | "forge.jobs.enqueue-demo">;

/** Handlers that make jobs. */
export function enqueueHandlers(parts: ForgeParts): Handlers<EnqueueOperations> {
  return {
    "forge.jobs.enqueue": async ({ connectionId, allowUnknownQueue, ...wish }, { reconciling }) => {
      const session = parts.session(connectionId);
      requireLevel(session.level, "0.2.0", "Enqueueing");
      // The server takes any name, and the job is never run nor seen (forge-jobs trap 6).
      if (!allowUnknownQueue && !reconciling) await requireQueue(session, wish.queueName);
      return enqueue(parts, session, { queueName: wish.queueName, command: commands.enqueue(wish) });
    },
    "forge.jobs.enqueue-demo": async ({ connectionId, payload }) => {
      const session = parts.session(connectionId);
      requireLevel(session.level, "0.2.0", "Enqueueing");
      return enqueue(parts, session, { queueName: "default", command: commands.enqueueDemo(payload) });
    },
  };
}

function enqueue(
  parts: ForgeParts,
  session: ForgeSession,
  { queueName, command }: { queueName: string; command: ForgeCommand },
): CommandExecution {
  let id: string | undefined;
  let sentAt = 0;
  return execution(session, {
    target: { kind: "queue", id: queueName, label: queueName },
    command,
    send: async () => {
      sentAt = parts.now();
      id = await session.client.send(command, idWire);
      return doneReply(`The server answered with job ${id}.`, id);
    },
    verify: async () => {
      if (id === undefined) {
        const message = "No answer named the job: look for it in the queue before you enqueue it again.";
        return verdictOf(parts, "unknown", { message, data: null });
      }
      const { row } = await session.client.inspect(id);
      // A job that is clearly older than the request had the same dedupe key (forge-jobs §6.14).
      const isOlder = Date.parse(row.enqueuedAt) < sentAt - 60_000;
      const message = isOlder
        ? `Job ${id} was already there with this dedupe key (enqueued at ${row.enqueuedAt}); nothing was added.`
        : `Job ${id} is ${row.status} on ${row.queueName}.`;
      return verdictOf(parts, "verified", { message, data: row });
    },
  });
}
