import type { Job } from "./model.ts";
import { statuses } from "./model.ts";
import type { ForgeStore } from "./store.ts";

export interface ListWish {
  queues: string[];
  kinds: string[];
  statuses: string[];
  from: number | undefined;
  to: number | undefined;
  /** Trimmed and in lower case. */
  search: string;
  limit: number;
  offset: number;
}

/** The search with all its quirks, step by step (forge-jobs §6.12): the total counts only what was fetched. */
export function listJobs(store: ForgeStore, wish: ListWish): { rows: Job[]; total: number } {
  const fetched = Math.min(wish.limit + wish.offset, 4_294_967_295);
  const wanted =
    wish.statuses.length === 0
      ? [...statuses]
      : wish.statuses.filter((each) => statuses.some((known) => known === each));
  const found = wanted.flatMap((status) =>
    newest(store, { status, queue: wish.queues.length === 1 ? wish.queues[0] : undefined, count: fetched }),
  );
  const fitting = found
    .filter((job) => fits(job, wish))
    .sort((left, right) => right.enqueuedAt - left.enqueuedAt);
  return { rows: fitting.slice(wish.offset, wish.offset + wish.limit), total: fitting.length };
}

function newest(
  store: ForgeStore,
  wish: { status: string; queue: string | undefined; count: number },
): Job[] {
  const jobs: Job[] = [];
  for (const job of store.jobs.values()) {
    if (job.status === wish.status && (wish.queue === undefined || job.queue === wish.queue)) jobs.push(job);
  }
  return jobs.sort((left, right) => right.enqueuedAt - left.enqueuedAt).slice(0, wish.count);
}

function fits(job: Job, wish: ListWish): boolean {
  if (wish.kinds.length > 0 && !wish.kinds.includes(job.kind)) return false;
  if (wish.queues.length > 1 && !wish.queues.includes(job.queue)) return false;
  if (wish.from !== undefined && job.enqueuedAt < wish.from) return false;
  if (wish.to !== undefined && job.enqueuedAt > wish.to) return false;
  return wish.search === "" || job.payload.toLowerCase().includes(wish.search);
}
