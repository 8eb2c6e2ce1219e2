import type { Activity, CommandExecution, Handlers, Verdict } from "../../../shared/contract/index.ts";
import type { jobCommands } from "../../../shared/forge/job-operations.ts";
import type { JobStatus } from "../../../shared/forge/schema.ts";
import type { ForgeCommand } from "../../../shared/forge/wire-commands.ts";
import { commands } from "../../../shared/forge/wire-commands.ts";
import { readVerdict, timestamp } from "../../upstream/evidence.ts";
import { countWire } from "../client/wire.ts";
import { requireLevel } from "../session/level.ts";
import type { ForgeSession } from "../session/session.ts";
import { type CommandParts, doneReply, execution, patiently, sentAtOf } from "./command-parts.ts";
import { countJobs } from "./count-jobs.ts";
import { clockToleranceMs, countOldJobs } from "./old-jobs.ts";

type SweepOperations = Pick<
  typeof jobCommands,
  | "forge.jobs.retry-all-failed"
  | "forge.jobs.retry-all-by-status"
  | "forge.jobs.delete-by-status"
  | "forge.jobs.delete-done"
>;

const dayMs = 86_400_000;

/** Handlers of the commands that let the server itself find the jobs; what is left is counted afterwards. */
export function sweepHandlers(parts: CommandParts): Handlers<SweepOperations> {
  return {
    "forge.jobs.retry-all-failed": async ({ connectionId }, { earlier }) => {
      const command = commands.retryAllFailed();
      return retryAll(parts, connectionId, { status: "failed", command, earlier });
    },
    "forge.jobs.retry-all-by-status": async ({ connectionId, status }, { earlier }) => {
      const command = commands.retryAllByStatus(status);
      return retryAll(parts, connectionId, { status, command, earlier });
    },
    "forge.jobs.delete-by-status": async ({ connectionId, status, queueName }, { earlier }) =>
      removeAll(parts, connectionId, {
        status,
        queueName,
        command: commands.deleteByStatus(status, queueName),
        earlier,
      }),
    "forge.jobs.delete-done": async ({ connectionId, olderThanDays, queueName }, { earlier }) =>
      removeOld(parts, connectionId, { olderThanDays, queueName, earlier }),
  };
}

/** Done jobs that are old enough; without a queue the server sweeps the configured ones only (forge-jobs §6.14). */
export async function oldDoneJobs(
  session: ForgeSession,
  wanted: { queueName?: string | undefined; completedBefore: number },
) {
  const { queueName, completedBefore } = wanted;
  const queues = queueName === undefined ? (await session.read()).map(({ name }) => name) : [queueName];
  return countOldJobs(session, { queues, status: "done", completedBefore });
}

interface Sweep {
  queueName: string | undefined;
  command: ForgeCommand;
  told: CountFromReply;
  /** Answers with the server's own count. */
  send(session: ForgeSession): Promise<number>;
  verify(session: ForgeSession): Promise<Verdict>;
}

function sweep(
  parts: CommandParts,
  connectionId: string,
  { queueName, command, told, send, verify }: Sweep,
): CommandExecution {
  requireLevel(parts.session(connectionId), "0.2.0", "Changing jobs");
  return execution(parts, connectionId, {
    target: { kind: "queue", id: queueName ?? "*", label: queueName ?? "all queues" },
    command,
    partial: true,
    send: async (session) => {
      const count = await send(session);
      return doneReply(told.take(count), count);
    },
    verify,
  });
}

interface AllOfStatus {
  status: JobStatus;
  queueName?: string | undefined;
  command: ForgeCommand;
  earlier: Activity | undefined;
}

function retryAll(
  parts: CommandParts,
  connectionId: string,
  { status, command, earlier }: AllOfStatus,
): CommandExecution {
  const told = new CountFromReply("made", "pending", earlier);
  return sweep(parts, connectionId, {
    queueName: undefined,
    command,
    told,
    send: (session) => session.client.send(command, countWire),
    verify: async (session) => {
      const left = await countJobs(session.client, { statuses: [status] });
      if (left === 0)
        return readVerdict("verified", `${told.text}No job is ${status} any more.`, {
          at: timestamp(parts),
          data: { left },
        });
      // Traps 5 and 7: blocked by dedupe keys, or run and failed again.
      const message = `${told.text}${left} jobs are ${status}: they failed again meanwhile, or an active job has their dedupe key. Retry those by selection.`;
      return readVerdict("unknown", message, { at: timestamp(parts), data: { left } });
    },
  });
}

function removeAll(
  parts: CommandParts,
  connectionId: string,
  { status, queueName, command, earlier }: AllOfStatus,
): CommandExecution {
  const told = new CountFromReply("removed", "", earlier);
  return sweep(parts, connectionId, {
    queueName,
    command,
    told,
    send: (session) => patiently(() => session.client.send(command, countWire)),
    verify: async (session) => {
      const left = await countJobs(session.client, {
        statuses: [status],
        ...(queueName !== undefined && { queues: [queueName] }),
      });
      const message =
        left === 0
          ? `${told.text}No job is ${status} any more.`
          : `${told.text}${left} jobs are ${status}; new ones may have come meanwhile.`;
      return readVerdict(left === 0 ? "verified" : "unknown", message, {
        at: timestamp(parts),
        data: { left },
      });
    },
  });
}

interface AllOfAge {
  olderThanDays: number;
  queueName?: string | undefined;
  earlier: Activity | undefined;
}

function removeOld(
  parts: CommandParts,
  connectionId: string,
  { olderThanDays, queueName, earlier }: AllOfAge,
): CommandExecution {
  const command = commands.deleteDone(olderThanDays, queueName);
  const told = new CountFromReply("removed", "", earlier);
  const completedBefore = sentAtOf(parts, earlier) - olderThanDays * dayMs - clockToleranceMs;
  return sweep(parts, connectionId, {
    queueName,
    command,
    told,
    send: (session) => patiently(() => session.client.send(command, countWire)),
    verify: async (session) => {
      const left = await oldDoneJobs(session, { queueName, completedBefore });
      const { rows, exact } = left;
      if (rows === 0)
        return readVerdict("verified", `${told.text}No done job is that old any more.`, {
          at: timestamp(parts),
          data: left,
        });
      const message = exact
        ? `${told.text}${rows} done jobs of that age are still there.`
        : `${told.text}${rows} done jobs were enqueued before that time; they may have been completed after it.`;
      return readVerdict(exact ? "failed" : "unknown", message, { at: timestamp(parts), data: left });
    },
  });
}

/** The server's own count, which stays in what is told when the counting afterwards is added to it. */
class CountFromReply {
  /** Ends with a blank; empty while no answer came. */
  text = "";

  constructor(
    private readonly verb: string,
    private readonly end: string,
    earlier: Activity | undefined,
  ) {
    if (typeof earlier?.reply === "number") this.take(earlier.reply);
  }

  take(count: number): string {
    const sentence = `The server ${this.verb} ${count} ${count === 1 ? "job" : "jobs"} ${this.end}`.trim();
    this.text = `${sentence}. `;
    return `${sentence}.`;
  }
}
