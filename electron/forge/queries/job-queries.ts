import { Failure, type Handlers } from "../../../shared/contract/index.ts";
import type { jobQueries } from "../../../shared/forge/job-operations.ts";
import type { JobFilter, JobMatch, JobPage } from "../../../shared/forge/job-schema.ts";
import { timestamp } from "../../upstream/evidence.ts";
import type { CommandParts } from "../commands/command-parts.ts";
import { countJobs, largestWindow } from "../commands/count-jobs.ts";
import { oldDoneJobs } from "../commands/sweep-handlers.ts";
import { requireLevel } from "../session/level.ts";
import type { ForgeSession } from "../session/session.ts";

/** The most that `limit` and `offset` can be together. */
type Queries = Handlers<typeof jobQueries>;

/** Handlers that read jobs. */
export function jobQueryHandlers(parts: CommandParts): Queries {
  const session = (connectionId: string): ForgeSession =>
    requireLevel(parts.session(connectionId), "0.2.0", "Looking at jobs");
  return {
    "forge.jobs.list": (input) => page(parts, session(input.connectionId), input),
    "forge.jobs.match": (input) => match(parts, session(input.connectionId), input),
    "forge.jobs.count": async ({ connectionId, filter }) => ({
      count: await countJobs(session(connectionId).client, filter),
      readAt: timestamp(parts),
    }),
    "forge.jobs.count-old": ({ connectionId, olderThanDays, queueName }) =>
      oldDoneJobs(session(connectionId), {
        queueName,
        completedBefore: parts.now() - olderThanDays * 86_400_000,
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

/**
 * One page; one row more is asked for, because the server's total is none (forge-jobs trap 1). What is filtered in the
 * server's memory sees only the newest `limit + offset` jobs of a status, so such a search asks for largestWindow behind `offset`.
 */
async function page(
  parts: CommandParts,
  session: ForgeSession,
  input: Parameters<Queries["forge.jobs.list"]>[0],
): Promise<JobPage> {
  const { filter, limit, offset } = input;
  const wanted = isDeep(filter) ? largestWindow - offset : limit + 1;
  const { rows } = await session.client.listJobs({ filter, limit: wanted, offset });
  return { rows: rows.slice(0, limit), offset, limit, more: rows.length > limit, readAt: timestamp(parts) };
}

/** Whether a filter is more than what the server asks its database for (forge-jobs §6.12, steps 3 and 4). */
function isDeep({ kinds, queues, from, to, payloadText }: JobFilter): boolean {
  const several = (queues?.length ?? 0) > 1;
  return several || (kinds?.length ?? 0) > 0 || [from, to, payloadText].some((part) => part !== undefined);
}

/**
 * All jobs at one moment, in one request: the server reads the jobs before `offset` again for every page (forge-jobs §6.12).
 * Those that move afterwards are told by their receipts.
 */
async function match(
  parts: CommandParts,
  session: ForgeSession,
  input: Parameters<Queries["forge.jobs.match"]>[0],
): Promise<JobMatch> {
  const { filter, limit } = input;
  const asked = isDeep(filter) ? largestWindow : limit + 1;
  const rows = await session.client.matchJobs({ filter, limit: asked, offset: 0 });
  return { jobs: rows.slice(0, limit), complete: rows.length <= limit, readAt: timestamp(parts) };
}
