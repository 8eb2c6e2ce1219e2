import type { CleanupPreview } from "../../../shared/forge/queue-operations.ts";
import type { QueueRow } from "../../../shared/forge/schema.ts";
import type { ForgeSession } from "../session/session.ts";
import { countOldJobs } from "./old-jobs.ts";

const dayMs = 86_400_000;

/**
 * Counts what the retention sweep would remove at a moment: done and dead jobs that were completed before their queue's
 * time (forge-jobs §7.7).
 */
export async function cleanupPreview(session: ForgeSession, now: number): Promise<CleanupPreview> {
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
