import type { Job } from "./model.ts";
import { statuses } from "./model.ts";
import type { ForgeStore } from "./store.ts";

export interface ListParams {
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
export function listJobs(store: ForgeStore, params: ListParams): { rows: Job[]; total: number } {
  const fetched = Math.min(params.limit + params.offset, 4_294_967_295);
  const wanted =
    params.statuses.length === 0
      ? [...statuses]
      : params.statuses.filter((each) => statuses.some((known) => known === each));
  const found = wanted.flatMap((status) =>
    newest(store, {
      status,
      queue: params.queues.length === 1 ? params.queues[0] : undefined,
      count: fetched,
    }),
  );
  const fitting = found
    .filter((job) => fits(job, params))
    .sort((left, right) => right.enqueuedAt - left.enqueuedAt);
  return { rows: fitting.slice(params.offset, params.offset + params.limit), total: fitting.length };
}

function newest(
  store: ForgeStore,
  params: { status: string; queue: string | undefined; count: number },
): Job[] {
  const jobs: Job[] = [];
  for (const job of store.jobs.values()) {
    if (job.status === params.status && (params.queue === undefined || job.queue === params.queue))
      jobs.push(job);
  }
  return jobs.sort((left, right) => right.enqueuedAt - left.enqueuedAt).slice(0, params.count);
}

function fits(job: Job, params: ListParams): boolean {
  if (params.kinds.length > 0 && !params.kinds.includes(job.kind)) return false;
  if (params.queues.length > 1 && !params.queues.includes(job.queue)) return false;
  if (params.from !== undefined && job.enqueuedAt < params.from) return false;
  if (params.to !== undefined && job.enqueuedAt > params.to) return false;
  return params.search === "" || job.payload.toLowerCase().includes(params.search);
}
