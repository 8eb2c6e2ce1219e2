import type { ForgeStore } from "./store.ts";

const dayMs = 86_400_000;

/** Deletes what each configured queue keeps no longer (forge-jobs §7.7). */
export function sweep(store: ForgeStore): { done_deleted: number; dead_deleted: number } {
  const now = store.now();
  let done = 0;
  let dead = 0;
  for (const job of [...store.jobs.values()]) {
    const queue = store.queues.get(job.queue);
    if (!queue || job.completedAt === null) continue;
    if (job.status === "done" && job.completedAt < now - queue.retainDoneDays * dayMs) {
      store.remove(job);
      done += 1;
    } else if (job.status === "dead" && job.completedAt < now - queue.retainDeadDays * dayMs) {
      store.remove(job);
      dead += 1;
    }
  }
  store.rollups = store.rollups.filter(({ minute }) => minute >= now - 30 * dayMs);
  return { done_deleted: done, dead_deleted: dead };
}
