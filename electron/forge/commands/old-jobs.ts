import type { OldJobs } from "../../../shared/forge/job-schema.ts";
import type { ForgeSession } from "../session/session.ts";
import { countJobs, largestWindow } from "./count-jobs.ts";

const readableRows = 2_000;

/** Clocks differ: what is less than this over the limit proves nothing about what a server left (forge-jobs trap 20). */
export const clockToleranceMs = 60_000;

interface Wanted {
  queues: readonly string[];
  status: "done" | "dead";
  /** Milliseconds since 1970. */
  completedBefore: number;
}

/**
 * Counts jobs that were completed before a time. Servers search by the time of enqueueing only, so a number above 2000 is
 * a bound from above (forge-jobs §6.12).
 */
export async function countOldJobs(
  { client }: ForgeSession,
  { queues, status, completedBefore }: Wanted,
): Promise<OldJobs> {
  const before = timeOf(completedBefore);
  if (queues.length === 0) return { rows: 0, exact: true, before };
  const filter = { queues: [...queues], statuses: [status], to: before };
  // Completed before the time means enqueued before it; the other way round is not certain.
  const candidates = await countJobs(client, filter);
  if (candidates === 0 || candidates > readableRows)
    return { rows: candidates, exact: candidates === 0, before };
  const { rows } = await client.listJobs({ filter, limit: largestWindow, offset: 0 });
  const old = rows.filter(
    ({ completedAt }) => completedAt !== undefined && Date.parse(completedAt) < completedBefore,
  );
  return { rows: old.length, exact: true, before };
}

/** A stored retention of thousands of years is no date (forge-jobs trap 17). */
function timeOf(moment: number): string {
  const date = new Date(moment);
  return (Number.isNaN(date.getTime()) ? new Date(0) : date).toISOString();
}
