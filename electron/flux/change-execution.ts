import type {
  ActivityTarget,
  CallContext,
  CommandExecution,
  Finding,
  Verdict,
} from "../../shared/contract/index.ts";
import type { FluxJob } from "../../shared/flux/schema.ts";
import { commandThrough } from "../connections/session-door.ts";
import { type FluxCommandParts, moment, type OnDaemon, readEvidence } from "./command-parts.ts";
import type { FluxDaemon } from "./flux-daemon.ts";
import { followSync } from "./follow-sync.ts";
import { JobWatch } from "./job-watch.ts";
import { pause, rolloutPause } from "./pauses.ts";
import type { UpdateSpec } from "./update-spec.ts";

/** What a look at the daemon says of a change. */
export interface ReadBack {
  /**
   * `as-wanted`: what was asked for is so; `going-on`: it is on its way; `otherwise`: it is not; `broken`: the daemon itself
   * says why it cannot be, which counts also after its commit was pushed.
   */
  state: "as-wanted" | "going-on" | "otherwise" | "broken";
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
  parts: FluxCommandParts,
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
async function judgeJob(parts: FluxCommandParts, command: ChangeOnDaemon, job: FluxJob): Promise<Finding> {
  const finding = (verdict: Finding["verdict"], message: string): Finding => ({
    verdict,
    message,
    evidence: { at: moment(parts), kind: "event", summary: message, data: job },
  });
  if (isUnverifiedHead(job)) return finding("confirmed", job.error);
  if (isPushedAllTheSame(job))
    return finding(
      "confirmed",
      `The commit ${short(job.revision ?? "")} is pushed, though the daemon calls its job failed: ${job.error}`,
    );
  if (job.state === "failed" && job.revision)
    return finding(
      "failed",
      `The commit ${short(job.revision)} was pushed, but the job failed: ${job.error}`,
    );
  if (job.state === "failed" && !isNothingToDo(job)) return finding("failed", `The job failed: ${job.error}`);
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
  const reasons = job.results
    .filter(({ error, status }) => error && status !== "ignored")
    .map(({ id, error }) => `${id}: ${error}`)
    .join("; ");
  const look = await command.readBack(command.daemon, job).catch(() => undefined);
  if (look?.state === "as-wanted" || look?.state === "going-on")
    return finding("confirmed", `There was nothing to change${told}: ${look.message}`);
  return finding(
    "failed",
    `Nothing was committed${told}. ${reasons || look?.message || "The daemon found nothing to change."}`,
  );
}

async function verifyChange(
  parts: FluxCommandParts,
  command: ChangeOnDaemon,
  { job, waitMs }: { job: FluxJob | undefined; waitMs: number },
): Promise<Verdict> {
  const verdict = (kind: Verdict["verdict"], message: string, data: unknown): Verdict => ({
    verdict: kind,
    message,
    evidence: readEvidence(parts, message, data),
  });
  if (job?.state === "queued" || job?.state === "running")
    return verdict("unknown", `The job is still ${job.state}.`, job);
  if (job?.state === "failed" && !isUnverifiedHead(job) && !isPushedAllTheSame(job) && !isNothingToDo(job))
    return { ...verdict("failed", `The job failed: ${job.error}`, job), proof: true };
  if (job?.revision) return verifyRevision(parts, command, { job, revision: job.revision, waitMs });
  const look = await lookToTheEnd(command, job, waitMs);
  const lost = job?.state === "succeeded" || isNothingToDo(job) ? "" : `${jobWords(job)} `;
  if (look.state === "as-wanted") return verdict("verified", `${lost}${look.message}`, look.data);
  if (lost === "" && look.state === "broken")
    return { ...verdict("failed", look.message, look.data), proof: true };
  const settled = lost === "" && look.state !== "going-on";
  return verdict(settled ? "failed" : "unknown", `${lost}${look.message}`, look.data);
}

async function verifyRevision(
  parts: FluxCommandParts,
  command: ChangeOnDaemon,
  { job, revision, waitMs }: { job: FluxJob; revision: string; waitMs: number },
): Promise<Verdict> {
  const end = parts.now() + waitMs;
  const outcome = await followSync(command.daemon, revision, waitMs);
  const look = await lookToTheEnd(command, job, outcome.applied ? end - parts.now() : 0);
  const applied = outcome.applied ? `Commit ${short(revision)} is applied.` : notApplied(revision, outcome);
  const head = isUnverifiedHead(job) ? job.error : "";
  const message = `${head} ${applied} ${look.message}`.trim();
  const evidence = readEvidence(parts, message, { revision, ...outcome, now: look.data });
  if (look.state === "broken") return { verdict: "failed", proof: true, message, evidence };
  const settled = outcome.applied || command.countsWhenCommitted === true;
  return { verdict: settled && look.state === "as-wanted" ? "verified" : "unknown", message, evidence };
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
    for (let attempt = 0; last.state === "going-on" && !over.signal.aborted; attempt++) {
      await pause(rolloutPause(attempt), over.signal);
      await daemon.arrival(over.signal);
      last = await readBack(daemon, job).catch(() => last);
    }
    return last;
  } finally {
    clearTimeout(timer);
    stay();
  }
}

function notApplied(revision: string, { missing, message }: { missing?: number; message?: string }): string {
  const why = missing
    ? ` (${missing} ${missing === 1 ? "commit is" : "commits are"} waiting)`
    : message
      ? ` (${message})`
      : "";
  return `Commit ${short(revision)} is pushed, but not applied yet${why}; it may still be.`;
}

function jobWords(job: FluxJob | undefined): string {
  if (job) return "The daemon does not know the job any more, so what it did cannot be told.";
  return "Whether the daemon received this cannot be told.";
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

/** The daemon could not tell of its commit, which it applies all the same (flux-rpc §1.10). */
function isPushedAllTheSame({ state, revision, error }: FluxJob): boolean {
  return state === "failed" && revision !== undefined && error.startsWith("executing HTTP request");
}

function short(revision: string): string {
  return revision.slice(0, 8);
}
