import { type CommandExecution, Failure, type Handlers } from "../../shared/contract/index.ts";
import type { jobCommands } from "../../shared/forge/job-operations.ts";
import type { JobStatus } from "../../shared/forge/schema.ts";
import type { ForgeCommand } from "../../shared/forge/wire-commands.ts";
import { commands } from "../../shared/forge/wire-commands.ts";
import { doneReply, execution, type ForgeParts, patiently, verdictOf } from "./command-parts.ts";
import { countJobs } from "./count-jobs.ts";
import { enqueueHandlers } from "./enqueue-handlers.ts";
import { deleteVerdict, readJobs, retryVerdict } from "./job-outcomes.ts";
import { requireLevel } from "./level.ts";
import type { ForgeSession } from "./session.ts";
import { booleanWire, countWire } from "./wire.ts";

type Commands = Handlers<typeof jobCommands>;

/** Handlers that change jobs. */
export function jobCommandHandlers(parts: ForgeParts): Commands {
  const session = (connectionId: string): ForgeSession => {
    const found = parts.session(connectionId);
    requireLevel(found.level, "0.2.0", "Changing jobs");
    return found;
  };
  return {
    ...enqueueHandlers(parts),
    "forge.jobs.run-now": async ({ connectionId, id }) => runNow(parts, session(connectionId), id),
    "forge.jobs.retry": ({ connectionId, ids }, { reconciling }) =>
      retry(parts, session(connectionId), { ids, reconciling, command: commands.retry(ids) }),
    "forge.jobs.requeue": ({ connectionId, ids }, { reconciling }) =>
      retry(parts, session(connectionId), { ids, reconciling, command: commands.requeue(ids) }),
    "forge.jobs.retry-all-failed": async ({ connectionId }) =>
      retryAll(parts, session(connectionId), { status: "failed", command: commands.retryAllFailed() }),
    "forge.jobs.retry-all-by-status": async ({ connectionId, status }) =>
      retryAll(parts, session(connectionId), { status, command: commands.retryAllByStatus(status) }),
    "forge.jobs.delete": async ({ connectionId, ids }) => remove(parts, session(connectionId), ids),
    "forge.jobs.delete-by-status": async ({ connectionId, status, queueName }) =>
      removeAll(parts, session(connectionId), {
        status,
        queueName,
        command: commands.deleteByStatus(status, queueName),
      }),
    "forge.jobs.delete-done": async ({ connectionId, olderThanDays, queueName }) =>
      removeOld(parts, session(connectionId), { olderThanDays, queueName }),
  };
}

function runNow(parts: ForgeParts, session: ForgeSession, id: string): CommandExecution {
  const command = commands.runNow(id);
  return execution(session, {
    target: { kind: "job", id, label: `job ${id}` },
    command,
    send: async () => {
      const done = await patiently(() => session.client.send(command, booleanWire));
      if (done) return doneReply("The job is due now.", done);
      return {
        accepted: false,
        message: "The server did nothing: only a pending job can be run now.",
        reply: done,
      };
    },
    verify: async () => {
      const seen = (await readJobs(session, [id])).get(id);
      if (!seen)
        return verdictOf(parts, "unknown", { message: "The job is gone; it may have run.", data: null });
      const isDue = seen.status !== "pending" || Date.parse(seen.scheduledAt) <= parts.now();
      const message = isDue ? `The job is ${seen.status}.` : `The job is still due at ${seen.scheduledAt}.`;
      return verdictOf(parts, isDue ? "verified" : "failed", { message, data: seen });
    },
  });
}

interface Retry {
  ids: readonly string[];
  reconciling: boolean | undefined;
  command: ForgeCommand;
}

async function retry(
  parts: ForgeParts,
  session: ForgeSession,
  { ids, reconciling, command }: Retry,
): Promise<CommandExecution> {
  const before = reconciling ? new Map() : await readJobs(session, ids);
  if (!reconciling) refuseRunning(before);
  return execution(session, {
    target: { kind: "job", id: ids[0] ?? "", label: labelOf(ids) },
    command,
    partial: true,
    send: async () => {
      const count = await session.client.send(command, countWire);
      return doneReply(`The server changed ${count} of ${ids.length}.`, count);
    },
    verify: async () => retryVerdict(parts, { now: await readJobs(session, ids), before }),
  });
}

/** Nothing to do for any of them: say so instead of counting to zero. */
function refuseRunning(before: ReadonlyMap<string, { status: JobStatus } | undefined>): void {
  const statuses = [...before.values()].map((seen) => seen?.status ?? "gone");
  if (statuses.some((status) => status === "failed" || status === "dead")) return;
  throw new Failure({
    code: "conflict",
    message: `Only failed and dead jobs can be retried; ${statuses.length === 1 ? "this one is" : "these are"} ${[...new Set(statuses)].join(", ")}.`,
    details: { delivered: false },
    hint: "Look at the jobs again: they may have moved on.",
  });
}

interface AllOfStatus {
  status: JobStatus;
  queueName?: string | undefined;
  command: ForgeCommand;
}

function retryAll(
  parts: ForgeParts,
  session: ForgeSession,
  { status, command }: AllOfStatus,
): CommandExecution {
  return execution(session, {
    target: { kind: "queue", id: "*", label: "all queues" },
    command,
    partial: true,
    send: async () => {
      const count = await session.client.send(command, countWire);
      return doneReply(`The server made ${count} jobs pending.`, count);
    },
    verify: async () => {
      const left = await countJobs(session.client, { statuses: [status] });
      if (left === 0)
        return verdictOf(parts, "verified", { message: `No job is ${status} any more.`, data: { left } });
      // Traps 5 and 7: blocked by dedupe keys, or run and failed again.
      const message = `${left} jobs are ${status}: they failed again meanwhile, or an active job has their dedupe key. Retry those by selection.`;
      return verdictOf(parts, "unknown", { message, data: { left } });
    },
  });
}

function remove(parts: ForgeParts, session: ForgeSession, ids: readonly string[]): CommandExecution {
  const command = commands.delete(ids);
  return execution(session, {
    target: { kind: "job", id: ids[0] ?? "", label: labelOf(ids) },
    command,
    partial: true,
    send: async () => {
      const count = await patiently(() => session.client.send(command, countWire));
      return doneReply(
        `The server counted ${count} of ${ids.length}; running ones count, but are only asked to stop.`,
        count,
      );
    },
    verify: async () => deleteVerdict(parts, await readJobs(session, ids)),
  });
}

function removeAll(
  parts: ForgeParts,
  session: ForgeSession,
  { status, queueName, command }: AllOfStatus,
): CommandExecution {
  return execution(session, {
    target: { kind: "queue", id: queueName ?? "*", label: queueName ?? "all queues" },
    command,
    partial: true,
    send: async () => {
      const count = await patiently(() => session.client.send(command, countWire));
      return doneReply(`The server removed ${count} jobs.`, count);
    },
    verify: async () => {
      const left = await countJobs(session.client, {
        statuses: [status],
        ...(queueName !== undefined && { queues: [queueName] }),
      });
      const message =
        left === 0
          ? `No job is ${status} any more.`
          : `${left} jobs are ${status}; new ones may have come meanwhile.`;
      return verdictOf(parts, left === 0 ? "verified" : "unknown", { message, data: { left } });
    },
  });
}

function removeOld(
  parts: ForgeParts,
  session: ForgeSession,
  { olderThanDays, queueName }: { olderThanDays: number; queueName?: string | undefined },
): CommandExecution {
  const command = commands.deleteDone(olderThanDays, queueName);
  return execution(session, {
    target: { kind: "queue", id: queueName ?? "*", label: queueName ?? "all queues" },
    command,
    partial: true,
    send: async () => {
      const count = await patiently(() => session.client.send(command, countWire));
      return doneReply(`The server removed ${count} done jobs.`, count);
    },
    verify: async () => {
      const to = new Date(parts.now() - olderThanDays * 86_400_000).toISOString();
      const filter = {
        statuses: ["done" as const],
        to,
        ...(queueName !== undefined && { queues: [queueName] }),
      };
      const left = await countJobs(session.client, filter);
      // Enqueued before the time does not mean completed before it.
      const message =
        left === 0
          ? "No done job is that old any more."
          : `${left} done jobs were enqueued before that time; they may have been completed after it.`;
      return verdictOf(parts, left === 0 ? "verified" : "unknown", { message, data: { left } });
    },
  });
}

function labelOf(ids: readonly string[]): string {
  return ids.length === 1 ? `job ${ids[0]}` : `${ids.length} jobs`;
}
