import type { JobMatch } from "../../shared/forge/job-schema.ts";
import type { JobStatus } from "../../shared/forge/schema.ts";

export type BulkAction = "retry" | "requeue" | "delete";
export type BulkJob = JobMatch["jobs"][number];

/** Jobs of one command; each is read again afterwards, so that its receipt tells what became of every one. */
const batchSize = 100;

/** Statuses that an action does something to; the others are left out, because they would be skipped or run twice. */
const affected: Readonly<Record<BulkAction, readonly JobStatus[]>> = {
  retry: ["failed", "dead"],
  requeue: ["failed", "dead"],
  delete: ["pending", "in_progress", "done", "failed", "dead"],
};

export interface BulkPlan {
  /** Ids by command: the first job alone, to see what becomes of it, then batches. */
  batches: readonly (readonly string[])[];
  count: number;
  /** Left out, by status. */
  skipped: Readonly<Partial<Record<JobStatus, number>>>;
  /** Of those that are affected. */
  byStatus: Readonly<Partial<Record<JobStatus, number>>>;
}

/** Divides jobs into commands. */
export function planBulk(action: BulkAction, jobs: readonly BulkJob[]): BulkPlan {
  const chosen = jobs.filter(({ status }) => affected[action].includes(status));
  const left = jobs.filter(({ status }) => !affected[action].includes(status));
  const ids = [...new Set(chosen.map(({ id }) => id))];
  const batches = ids.length === 0 ? [] : [ids.slice(0, 1), ...chunks(ids.slice(1), batchSize)];
  return { batches, count: ids.length, skipped: countByStatus(left), byStatus: countByStatus(chosen) };
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < items.length; start += size) result.push(items.slice(start, start + size));
  return result;
}

function countByStatus(jobs: readonly BulkJob[]): Partial<Record<JobStatus, number>> {
  const counts: Partial<Record<JobStatus, number>> = {};
  for (const { status } of jobs) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
