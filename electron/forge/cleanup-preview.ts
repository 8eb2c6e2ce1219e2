import type { CleanupPreview } from "../../shared/forge/queue-operations.ts";
import type { QueueRow } from "../../shared/forge/schema.ts";
import { countJobs } from "./count-jobs.ts";
import type { ForgeSession } from "./session.ts";

const dayMs = 86_400_000;
const readableRows = 2_000;

type Part = CleanupPreview["queues"][number]["done"];

/**
 * Counts what the retention sweep would remove: done and dead jobs that were completed before their queue's time
 * (forge-jobs §7.7). Servers search by the time of enqueueing only, so a large number is a bound from above.
 */
export async function cleanupPreview(session: ForgeSession, now: number): Promise<CleanupPreview> {
  const rows = await session.read();
  const queues: CleanupPreview["queues"] = [];
  for (const queue of rows) {
    const done = await oldJobs(session, {
      queue,
      status: "done",
      stored: queue.counts.done,
      days: queue.retainDoneDays,
      now,
    });
    const dead = await oldJobs(session, {
      queue,
      status: "dead",
      stored: queue.counts.dead,
      days: queue.retainDeadDays,
      now,
    });
    queues.push({ name: queue.name, done, dead });
  }
  return { queues, warnings: warningsOf(rows), readAt: new Date(now).toISOString() };
}

interface OldJobs {
  queue: QueueRow;
  status: "done" | "dead";
  stored: number;
  days: number;
  now: number;
}

async function oldJobs(session: ForgeSession, { queue, status, stored, days, now }: OldJobs): Promise<Part> {
  const cutoff = now - days * dayMs;
  // A stored retention of thousands of years is no date (forge-jobs trap 17).
  const before = Number.isNaN(new Date(cutoff).getTime())
    ? new Date(0).toISOString()
    : new Date(cutoff).toISOString();
  if (stored === 0) return { rows: 0, exact: true, before };
  const filter = { queues: [queue.name], statuses: [status], to: before };
  // Completed before the time means enqueued before it; the other way round is not certain.
  const candidates = await countJobs(session.client, filter);
  if (candidates === 0 || candidates > readableRows)
    return { rows: candidates, exact: candidates === 0, before };
  const { rows } = await session.client.listJobs({ filter, limit: stored, offset: 0 });
  const old = rows.filter(({ completedAt }) => completedAt !== undefined && Date.parse(completedAt) < cutoff);
  return { rows: old.length, exact: true, before };
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
