import type { Job } from "./model.ts";
import type { ForgeStore } from "./store.ts";

interface Counts {
  pending: number;
  scheduled: number;
  in_progress: number;
  done: number;
  failed: number;
  dead: number;
  oldest: number;
}

/** Counts of every queue in one pass over the jobs. */
export function countJobs(store: ForgeStore): Map<string, Counts> {
  const now = store.now();
  const all = new Map<string, Counts>();
  for (const job of store.jobs.values()) {
    const counts = all.get(job.queue) ?? noJobs();
    all.set(job.queue, counts);
    countJob(counts, job, now);
  }
  return all;
}

export function noJobs(): Counts {
  return { pending: 0, scheduled: 0, in_progress: 0, done: 0, failed: 0, dead: 0, oldest: 0 };
}

function countJob(counts: Counts, job: Job, now: number): void {
  if (job.status !== "pending") counts[job.status] += 1;
  else if (job.scheduledAt > now) counts.scheduled += 1;
  else {
    counts.pending += 1;
    counts.oldest = Math.max(counts.oldest, now - job.scheduledAt);
  }
}
