import type { Activity, CommandExecution, Handlers, Verdict } from "../../../shared/contract/index.ts";
import type { CleanupPreview, queueOperations } from "../../../shared/forge/queue-operations.ts";
import type { QueueRow } from "../../../shared/forge/schema.ts";
import { commands } from "../../../shared/forge/wire-commands.ts";
import { readVerdict, timestamp } from "../../upstream/evidence.ts";
import { cleanupWire } from "../client/wire.ts";
import { requireLevel } from "../session/level.ts";
import type { ForgeSession } from "../session/session.ts";
import { type CommandParts, doneReply, execution, patiently, sentAtOf } from "./command-parts.ts";
import { clockToleranceMs, countOldJobs } from "./old-jobs.ts";

const dayMs = 86_400_000;

/**
 * Counts what the retention sweep would remove at a moment: done and dead jobs that were completed before their queue's
 * time (forge-jobs §7.7).
 */
async function cleanupPreview(session: ForgeSession, now: number): Promise<CleanupPreview> {
  const rows = await session.read();
  const queues: CleanupPreview["queues"] = [];
  for (const queue of rows) {
    const done = await oldJobs(session, { queue, status: "done", days: queue.retainDoneDays, now });
    const dead = await oldJobs(session, { queue, status: "dead", days: queue.retainDeadDays, now });
    queues.push({ name: queue.name, done, dead });
  }
  return { queues, warnings: warningsOf(rows), readAt: new Date(now).toISOString() };
}

interface Sweep {
  queue: QueueRow;
  status: "done" | "dead";
  days: number;
  now: number;
}

function oldJobs(session: ForgeSession, { queue, status, days, now }: Sweep) {
  // A queue that holds none is not asked about.
  const queues = queue.counts[status] === 0 ? [] : [queue.name];
  return countOldJobs(session, { queues, status, completedBefore: now - days * dayMs });
}

function warningsOf(rows: readonly QueueRow[]): string[] {
  const absurd = rows.filter(
    ({ retainDoneDays, retainDeadDays }) => Math.max(retainDoneDays, retainDeadDays) > 95_000_000,
  );
  return [
    "Timeline events of removed jobs go with them.",
    ...absurd.map(
      ({ name }) =>
        `${name} keeps jobs for so many days that the server's clean-up fails: set a smaller number first.`,
    ),
  ];
}

type CleanupOperations = Pick<typeof queueOperations, "forge.cleanup.preview" | "forge.cleanup">;

/** Handlers of the retention sweep. */
export function cleanupHandlers(parts: CommandParts): Handlers<CleanupOperations> {
  return {
    "forge.cleanup.preview": ({ connectionId }) =>
      cleanupPreview(requireLevel(parts.session(connectionId), "0.2.0", "Counting old jobs"), parts.now()),
    "forge.cleanup": async ({ connectionId }, { earlier }) => cleanup(parts, connectionId, earlier),
  };
}

function cleanup(parts: CommandParts, connectionId: string, earlier: Activity | undefined): CommandExecution {
  requireLevel(parts.session(connectionId), "0.2.0", "Cleaning up");
  const command = commands.cleanup();
  const sentAt = sentAtOf(parts, earlier);
  return execution(parts, connectionId, {
    target: { kind: "queue", id: "*", label: "all queues" },
    command,
    send: async (session) => {
      const report = await patiently(() => session.client.send(command, cleanupWire));
      return doneReply(`Removed ${report.done_deleted} done and ${report.dead_deleted} dead jobs.`, report);
    },
    verify: async (session) => cleanupVerdict(parts, session, sentAt),
  });
}

/** Jobs go on growing old: only those count that were old enough when the sweep was asked for. */
async function cleanupVerdict(parts: CommandParts, session: ForgeSession, sentAt: number): Promise<Verdict> {
  const { queues } = await cleanupPreview(session, sentAt - clockToleranceMs);
  const counts = queues.flatMap(({ done, dead }) => [done, dead]);
  const sum = (exact: boolean): number =>
    counts.filter((count) => count.exact === exact).reduce((total, { rows }) => total + rows, 0);
  const [left, atMost] = [sum(true), sum(false)];
  if (left > 0)
    return readVerdict("failed", `${left} old jobs are still there.`, { at: timestamp(parts), data: queues });
  if (atMost > 0) {
    const message = `At most ${atMost} old jobs are still there: so many were enqueued before that time, and the server does not tell when they were completed.`;
    return readVerdict("unknown", message, { at: timestamp(parts), data: queues });
  }
  const message = "Nothing is left that is older than its queue keeps it.";
  return readVerdict("verified", message, { at: timestamp(parts), data: queues });
}
