import type {
  ActivityTarget,
  CallContext,
  CommandExecution,
  Finding,
  Verdict,
} from "../../../shared/contract/index.ts";
import type { FluxJob } from "../../../shared/flux/schema.ts";
import { commandThrough } from "../../connections/session-door.ts";
import { type Delays, delayAfter, pause } from "../../upstream/backoff.ts";
import { readEvidence, timestamp } from "../../upstream/evidence.ts";
import { joined, sentence, withoutOutput } from "../client/foreign-text.ts";
import type { UpdateSpec } from "../client/update-spec.ts";
import type { FluxDaemon } from "../session/flux-daemon.ts";
import type { CommandParts, OnDaemon } from "./command-parts.ts";
import { followSync, type SyncOutcome } from "./follow-sync.ts";
import { JobWatch } from "./job-watch.ts";

/** As fluxctl watches a rollout (flux-rpc §5.2). */
const rolloutDelays: Delays = { firstMs: 250, longestMs: 2_000 };

/** What a look at the daemon says of a change. */
export interface ReadBack {
  /**
   * `as-wanted`: what was asked for is so; `going-on`: it is on its way; `otherwise`: it is not; `broken`: the daemon itself
   * says why it cannot be, which counts also after its commit was pushed; `failing`: what it says may still be of what was
   * before, and counts when it stays so.
   */
  state: "as-wanted" | "going-on" | "otherwise" | "broken" | "failing";
  message: string;
  data: unknown;
}

/** One change by a job, and how its outcome is told. */
export interface ChangeCommand extends OnDaemon {
  target: ActivityTarget;
  spec: UpdateSpec;
  /** What the commit does, for "Committed …". */
  words: string;
  /** Looks whether what was asked for is so now. */
  readBack(daemon: FluxDaemon, job: FluxJob | undefined): Promise<ReadBack>;
  /** What is so as soon as the commit is pushed; the daemon need not have applied it. */
  countsWhenCommitted?: boolean;
}

/** A change, and the daemon of the moment. */
type ChangeOnDaemon = ChangeCommand & { daemon: FluxDaemon };

/** Makes a change ready: its job confirms it, the applied commit and what runs then verify it (flux-rpc §5). */
export function changeExecution(
  parts: CommandParts,
  command: ChangeCommand,
  { earlier, resuming = false }: Pick<CallContext, "earlier" | "resuming">,
): CommandExecution {
  const watch = new JobWatch(parts, command.spec, jobIdOf(earlier?.reply));
  let waiting = false;
  return commandThrough(parts.door(command), {
    target: command.target,
    request: {
      protocol: "websocket",
      address: command.daemonId,
      method: "RPCServer.UpdateManifests",
      payload: command.spec,
    },
    send: (daemon) => watch.send(daemon),
    evidence: {
      waitMs: parts.waits.jobMs,
      watch: (daemon, report, scope) =>
        watch.watch(daemon, { judge: (job) => judgeJob(parts, { ...command, daemon }, job), report }, scope),
    },
    verify: async (daemon) => {
      // Somebody who asks while the long wait is on gets an answer now.
      const waitMs = (earlier && !resuming) || waiting ? parts.waits.askedMs : parts.waits.syncMs;
      waiting = true;
      try {
        return await verifyChange(parts, { ...command, daemon }, { job: await watch.look(daemon), waitMs });
      } finally {
        waiting = false;
      }
    },
  });
}

function jobIdOf(reply: unknown): string | undefined {
  const jobId = (reply as { jobId?: unknown } | null | undefined)?.jobId;
  return typeof jobId === "string" ? jobId : undefined;
}

/** What the end of a job says (flux-rpc §6.3). */
async function judgeJob(parts: CommandParts, command: ChangeOnDaemon, job: FluxJob): Promise<Finding> {
  const finding = (verdict: Finding["verdict"], message: string): Finding => ({
    verdict,
    message,
    evidence: { at: timestamp(parts), kind: "event", summary: message, data: job },
  });
  if (isUnverifiedHead(job)) return finding("unknown", unverifiedHeadMessage(job));
  if (isPushedAllTheSame(job))
    return finding(
      "confirmed",
      `The commit ${short(job.revision ?? "")} is pushed, though the daemon calls its job failed: ${sentence(withoutOutput(job.error))}`,
    );
  if (job.state === "failed" && !isNothingToDo(job)) return finding("failed", failedMessage(job));
  if (job.revision)
    return finding("confirmed", `${command.words} ${short(job.revision)}; the daemon applies it next.`);
  return withoutCommit(command, job, finding);
}

/** Nothing was committed: it was so already, or it did not happen (flux-rpc §7, traps 14 and 15). */
async function withoutCommit(
  command: ChangeOnDaemon,
  job: FluxJob,
  finding: (verdict: Finding["verdict"], message: string) => Finding,
): Promise<Finding> {
  const told = job.error ? ` (${job.error})` : "";
  const reasons = joined(
    job.results
      .filter(({ error, status }) => error && status !== "ignored")
      .map(({ id, error }) => `${id}: ${error}`),
  );
  const look = await command.readBack(command.daemon, job).catch(() => undefined);
  if (look?.state === "as-wanted" || look?.state === "going-on")
    return finding("confirmed", `There was nothing to change${told}: ${look.message}`);
  return finding(
    "failed",
    `Nothing was committed${told}. ${sentence(reasons || look?.message || "The daemon found nothing to change")}`,
  );
}

async function verifyChange(
  parts: CommandParts,
  command: ChangeOnDaemon,
  { job, waitMs }: { job: FluxJob | undefined; waitMs: number },
): Promise<Verdict> {
  const verdict = (kind: Verdict["verdict"], message: string, data: unknown): Verdict => ({
    verdict: kind,
    message,
    evidence: readEvidence(timestamp(parts), message, data),
  });
  if (job?.state === "queued" || job?.state === "running")
    return verdict("unknown", `The job is still ${job.state}.`, job);
  if (job && isUnverifiedHead(job)) return verifyHead(parts, command, { job, waitMs });
  if (job?.state === "failed" && !isPushedAllTheSame(job) && !isNothingToDo(job))
    return { ...verdict("failed", failedMessage(job), job), proof: true };
  if (job?.revision) return verifyRevision(parts, command, { job, revision: job.revision, waitMs });
  const look = await lookToTheEnd(command, job, waitMs);
  const lost = job?.state === "succeeded" || isNothingToDo(job) ? "" : `${jobMessage(job)} `;
  if (look.state === "as-wanted") return verdict("verified", `${lost}${look.message}`, look.data);
  if (lost === "" && look.state === "broken")
    return { ...verdict("failed", look.message, look.data), proof: true };
  const settled = lost === "" && look.state !== "going-on";
  return verdict(settled ? "failed" : "unknown", `${lost}${look.message}`, look.data);
}

async function verifyRevision(
  parts: CommandParts,
  command: ChangeOnDaemon,
  { job, revision, waitMs }: { job: FluxJob; revision: string; waitMs: number },
): Promise<Verdict> {
  const end = parts.now() + waitMs;
  const outcome = await followSync(command.daemon, revision, waitMs);
  const look = await lookToTheEnd(command, job, outcome.applied ? end - parts.now() : 0);
  const { obstacle } = command.daemon.syncs;
  const applied = outcome.applied
    ? `Commit ${short(revision)} is applied.`
    : notApplied(revision, outcome, obstacle);
  const message = `${applied} ${look.message}`.trim();
  const evidence = readEvidence(timestamp(parts), message, { revision, ...outcome, now: look.data });
  const stays = look.state === "failing" && outcome.applied && waitMs >= parts.waits.syncMs;
  if (look.state === "broken" || stays) return { verdict: "failed", proof: true, message, evidence };
  const settled = outcome.applied || command.countsWhenCommitted === true;
  return { verdict: settled && look.state === "as-wanted" ? "verified" : "unknown", message, evidence };
}

/**
 * Signatures are checked, and the branch's head has none: only what was signed before it is applied. That head was asked
 * for, and the daemon may take it once it is signed, so the job's end is neither success nor failure (flux-rpc §5.3).
 */
async function verifyHead(
  parts: CommandParts,
  command: ChangeOnDaemon,
  { job, waitMs }: { job: FluxJob; waitMs: number },
): Promise<Verdict> {
  const head = /HEAD is ([0-9a-f]+)/.exec(job.error)?.[1];
  if (head && (await followSync(command.daemon, head, waitMs)).applied)
    return verifyRevision(parts, command, { job, revision: head, waitMs });
  const message = unverifiedHeadMessage(job);
  return { verdict: "unknown", message, evidence: readEvidence(timestamp(parts), message, job) };
}

function unverifiedHeadMessage({ error }: FluxJob): string {
  return `${sentence(error)} What is newer than the last verified commit is not applied: sign it, and sync again.`;
}

/** Looks again and again while what was asked for is on its way, for so long; a lost connection is a pause. */
async function lookToTheEnd(
  { daemon, readBack }: ChangeOnDaemon,
  job: FluxJob | undefined,
  waitMs: number,
): Promise<ReadBack> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), Math.max(0, waitMs));
  const stay = daemon.onEnd(() => over.abort());
  try {
    let last = await readBack(daemon, job);
    for (let attempt = 0; isUnsettled(last) && !over.signal.aborted; attempt++) {
      await pause(delayAfter(rolloutDelays, attempt), over.signal);
      await daemon.arrival(over.signal);
      last = await readBack(daemon, job).catch(() => last);
    }
    return last;
  } finally {
    clearTimeout(timer);
    stay();
  }
}

function isUnsettled({ state }: ReadBack): boolean {
  return state === "going-on" || state === "failing";
}

function notApplied(
  revision: string,
  { missing, message }: SyncOutcome,
  obstacle: string | undefined,
): string {
  if (obstacle)
    return `Commit ${short(revision)} is pushed, but the daemon cannot say that it is applied. ${sentence(obstacle)}`;
  const why = missing
    ? ` (${missing} ${missing === 1 ? "commit is" : "commits are"} waiting)`
    : message
      ? ` (${message.trim()})`
      : "";
  return `Commit ${short(revision)} is pushed, but not applied yet${why}; it may still be.`;
}

function failedMessage({ error }: FluxJob): string {
  return `The job failed: ${sentence(withoutOutput(error))}`;
}

function jobMessage(job: FluxJob | undefined): string {
  if (job) return "The daemon does not know the job any more, so its effect cannot be determined.";
  return "Whether the daemon received this cannot be determined.";
}

/** `image` releases without a change fail with these words (flux-rpc §6.3). */
function isNothingToDo(job: FluxJob | undefined): boolean {
  return (
    job?.state === "failed" && (job.error === "no changes made in repo" || job.error === "no changes found")
  );
}

/** The branch's head is not signed, so an older commit is applied: a warning, not a failure (flux-rpc §5.3). */
function isUnverifiedHead(job: FluxJob): boolean {
  return (
    job.revision !== undefined &&
    job.error.includes("branch HEAD in the git repo is not verified") &&
    job.error.includes("last verified commit was")
  );
}

/** A failed job with a revision is a committed one: the daemon could not tell of its commit, which it applies all the same (flux-rpc §1.10). */
function isPushedAllTheSame({ state, revision }: FluxJob): boolean {
  return state === "failed" && revision !== undefined;
}

function short(revision: string): string {
  return revision.slice(0, 8);
}
