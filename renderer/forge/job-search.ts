import type { JobFilter } from "../../shared/forge/job-schema.ts";
import type { JobStatus } from "../../shared/forge/schema.ts";

/** What is looked at: every job, those of one status, or those that are due later. */
export const jobViews = ["all", "pending", "scheduled", "in_progress", "failed", "dead", "done"] as const;
export type JobView = (typeof jobViews)[number];

export const viewTitles: Readonly<Record<JobView, string>> = {
  all: "All",
  pending: "Pending",
  scheduled: "Scheduled",
  in_progress: "Running",
  failed: "Failed",
  dead: "Dead",
  done: "Done",
};

/** What the address says of the search. */
export interface JobSearch {
  view: JobView;
  queue?: string;
  kind?: string;
  text?: string;
  from?: string;
  to?: string;
  offset: number;
}

export const pageSize = 500;

/** Reads the search from the address; what makes no sense there is left out. */
export function readJobSearch(parameters: URLSearchParams): JobSearch {
  const view = jobViews.find((each) => each === parameters.get("view")) ?? "all";
  const offset = Number(parameters.get("offset") ?? 0);
  const search: JobSearch = { view, offset: Number.isSafeInteger(offset) && offset > 0 ? offset : 0 };
  for (const name of ["queue", "kind", "text"] as const) {
    const value = parameters.get(name);
    if (value) search[name] = value;
  }
  for (const name of ["from", "to"] as const) {
    const value = parameters.get(name);
    if (value && !Number.isNaN(Date.parse(value))) search[name] = new Date(value).toISOString();
  }
  return search;
}

/** The address with a part of the search replaced; another search begins with its first page. */
export function writeJobSearch(parameters: URLSearchParams, change: Partial<JobSearch>): URLSearchParams {
  const next = new URLSearchParams(parameters);
  for (const [name, value] of Object.entries({ offset: undefined, ...change })) {
    if (value === undefined || value === "" || value === 0 || value === "all") next.delete(name);
    else next.set(name, String(value));
  }
  return next;
}

/** What the server is asked for; "scheduled" is no status there and is asked for otherwise (forge-jobs trap 9). */
export function filterOf({ view, queue, kind, text, from, to }: JobSearch): JobFilter {
  const statuses: JobStatus[] | undefined =
    view === "all" ? undefined : [view === "scheduled" ? "pending" : view];
  return {
    ...(queue !== undefined && { queues: [queue] }),
    ...(kind !== undefined && { kinds: [kind] }),
    ...(statuses && { statuses }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(text !== undefined && { payloadText: text }),
  };
}
