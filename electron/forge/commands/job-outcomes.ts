import { Failure, type Verdict } from "../../../shared/contract/index.ts";
import type { JobRow } from "../../../shared/forge/job-schema.ts";
import { readVerdict, timestamp } from "../../upstream/evidence.ts";
import type { ForgeSession } from "../session/session.ts";
import type { CommandParts } from "./command-parts.ts";

const atOnce = 6;

/** A job as it is now; undefined when there is none. */
export type Seen = Pick<JobRow, "status" | "attempts" | "scheduledAt" | "lastError"> | undefined;

/** Reads each job. Throws the Failure of a read that says nothing. */
export async function readJobs(session: ForgeSession, ids: readonly string[]): Promise<Map<string, Seen>> {
  const seen = new Map<string, Seen>();
  const waiting = [...ids];
  const reader = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift())
      seen.set(id, await readJob(session, id));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, ids.length) }, reader));
  return seen;
}

async function readJob(session: ForgeSession, id: string): Promise<Seen> {
  try {
    const { row } = await session.client.inspect(id);
    const { status, attempts, scheduledAt, lastError } = row;
    return { status, attempts, scheduledAt, ...(lastError !== undefined && { lastError }) };
  } catch (error) {
    if (error instanceof Failure && error.code === "not_found") return undefined;
    throw error;
  }
}

type Outcome = "moved" | "skipped" | "unmoved" | "gone" | "unclear";

const canBeRetried = (status: string): boolean => status === "failed" || status === "dead";

/** What became of a job that was to be retried; `before` is what it was, where that is known. */
function retryOutcome(now: Seen, before: Seen): Outcome {
  if (!now) return "gone";
  // The server passes over what is neither failed nor dead, and counts it not (forge-jobs trap 25).
  if (before && !canBeRetried(before.status)) return "skipped";
  if (!before) return "unclear";
  if (!canBeRetried(now.status)) return "moved";
  // It may have run again and failed again meanwhile: its attempts tell.
  return now.attempts > before.attempts ? "moved" : "unmoved";
}

/** What is known of jobs that were to be retried. */
interface Retried {
  now: ReadonlyMap<string, Seen>;
  /** Empty where the console was restarted meanwhile. */
  before: ReadonlyMap<string, Seen>;
  /** How many the server says it changed; undefined where its answer was lost. */
  changed: number | undefined;
}

/** What became of each of the jobs that were to be retried. */
export function retryVerdict(parts: CommandParts, { now, before, changed }: Retried): Verdict {
  const allChanged = changed === now.size;
  const outcomes = [...now].map(([id, seen]) => {
    const outcome = retryOutcome(seen, before.get(id));
    return {
      id,
      outcome: outcome === "unclear" && allChanged ? ("moved" as const) : outcome,
      status: seen?.status ?? "gone",
    };
  });
  const count = (outcome: Outcome): number => outcomes.filter((each) => each.outcome === outcome).length;
  const message = sentence([
    [count("moved"), "pending again, or run since"],
    [
      count("skipped"),
      `left as they were, since only failed and dead jobs are retried (${wereText(before)})`,
    ],
    [count("unmoved"), "unchanged: another job with the same dedupe key is active"],
    [count("gone"), "gone"],
    [count("unclear"), "of unknown outcome: what they were before is not known any more"],
  ]);
  const verdict = count("unclear") > 0 ? "unknown" : count("moved") === now.size ? "verified" : "failed";
  return readVerdict(verdict, message, { at: timestamp(parts), data: outcomes });
}

function wereText(before: ReadonlyMap<string, Seen>): string {
  const others = [...before.values()].map((seen) => seen?.status ?? "gone");
  return [...new Set(others.filter((status) => !canBeRetried(status)))].join(", ");
}

/** What became of each of the jobs that were to be deleted; a running one is asked to stop and stays (forge-jobs §6.14). */
export function deleteVerdict(parts: CommandParts, now: ReadonlyMap<string, Seen>): Verdict {
  const left = [...now].filter(([, seen]) => seen !== undefined);
  const running = left.filter(([, seen]) => seen?.status === "in_progress").length;
  const cancelled = left.filter(
    ([, seen]) => seen?.status === "dead" && seen.lastError === "cancelled by user",
  ).length;
  const other = left.length - running - cancelled;
  const message = sentence([
    [now.size - left.length, "gone"],
    [cancelled, "cancelled while running: now dead, delete again to remove"],
    [running, "still running, asked to stop: they end as dead jobs or finish first"],
    [other, "still there"],
  ]);
  const verdict = other > 0 ? "failed" : running > 0 ? "unknown" : "verified";
  return readVerdict(verdict, message, {
    at: timestamp(parts),
    data: Object.fromEntries([...now].map(([id, seen]) => [id, seen?.status ?? "gone"])),
  });
}

function sentence(parts: readonly (readonly [number, string])[]): string {
  const told = parts.filter(([count]) => count > 0).map(([count, text]) => `${count} ${text}`);
  return told.length === 0 ? "No details." : `${told.join("; ")}.`;
}
