import type { JobFilter } from "../../../shared/forge/job-schema.ts";
import type { ForgeClient } from "../client/client.ts";

/** The most that `limit` and `offset` can be together. */
export const largestWindow = 4_294_967_295;

/**
 * Counts all jobs that a filter finds, without fetching one: with limit 0 the server's `total` counts the window before
 * `offset`, which is everything (forge-jobs §6.12). The server reads every job of the wanted statuses for it.
 */
export async function countJobs(client: ForgeClient, filter: JobFilter): Promise<number> {
  const { total } = await client.listJobs({ filter, limit: 0, offset: largestWindow });
  return total;
}
