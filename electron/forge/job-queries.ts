import { Failure, type Handlers } from "../../shared/contract/index.ts";
import type { jobQueries } from "../../shared/forge/job-operations.ts";
import type { JobMatch, JobPage } from "../../shared/forge/job-schema.ts";
import { type ForgeParts, moment } from "./command-parts.ts";
import { countJobs } from "./count-jobs.ts";
import { requireLevel } from "./level.ts";
import type { ForgeSession } from "./session.ts";

const matchPage = 10_000;

type Queries = Handlers<typeof jobQueries>;

/** Handlers that read jobs. */
export function jobQueryHandlers(parts: ForgeParts): Queries {
  const session = (connectionId: string): ForgeSession => {
    const found = parts.session(connectionId);
    requireLevel(found.level, "0.2.0", "Looking at jobs");
    return found;
  };
  return {
    "forge.jobs.list": (input) => page(parts, session(input.connectionId), input),
    "forge.jobs.match": (input) => match(parts, session(input.connectionId), input),
    "forge.jobs.count": async ({ connectionId, filter }) => ({
      count: await countJobs(session(connectionId).client, filter),
      readAt: moment(parts),
    }),
    "forge.jobs.failed": ({ connectionId, limit }) => session(connectionId).client.failedJobs(limit),
    "forge.jobs.scheduled": ({ connectionId, queueName }) =>
      session(connectionId).client.scheduledJobs(queueName),
    "forge.jobs.kinds": ({ connectionId, queueName }) => session(connectionId).client.jobKinds(queueName),
    "forge.jobs.get": async ({ connectionId, id }) => {
      const detail = await session(connectionId)
        .client.inspect(id)
        .catch((error: unknown) => {
          throw error instanceof Failure && error.code === "not_found" ? noJob(id) : error;
        });
      return detail;
    },
  };
}

function noJob(id: string): Failure {
  return new Failure({
    code: "not_found",
    message: `There is no job ${id}.`,
    hint: "It may have been deleted, or cleaned up after its queue's time.",
  });
}

/** One page; one row more is asked for, because the server's total is none (forge-jobs trap 1). */
async function page(
  parts: ForgeParts,
  session: ForgeSession,
  input: Parameters<Queries["forge.jobs.list"]>[0],
): Promise<JobPage> {
  const { filter, limit, offset } = input;
  const { rows } = await session.client.listJobs({ filter, limit: limit + 1, offset });
  return { rows: rows.slice(0, limit), offset, limit, more: rows.length > limit, readAt: moment(parts) };
}

/** All jobs at one moment, page by page; jobs that move meanwhile may be missed, which their receipts then tell. */
async function match(
  parts: ForgeParts,
  session: ForgeSession,
  input: Parameters<Queries["forge.jobs.match"]>[0],
): Promise<JobMatch> {
  const { filter, limit } = input;
  const jobs = new Map<string, JobMatch["jobs"][number]>();
  for (let offset = 0; jobs.size <= limit; offset += matchPage) {
    const { rows } = await session.client.listJobs({ filter, limit: matchPage, offset });
    for (const { id, status, queueName } of rows) jobs.set(id, { id, status, queueName });
    if (rows.length < matchPage) break;
  }
  const all = [...jobs.values()];
  return { jobs: all.slice(0, limit), complete: all.length <= limit, readAt: moment(parts) };
}
