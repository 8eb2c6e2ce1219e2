import {
  type Acknowledgement,
  canonicalJson,
  Failure,
  type Finding,
} from "../../../shared/contract/index.ts";
import type { FluxJob } from "../../../shared/flux/schema.ts";
import type { Scope } from "../../connections/scope.ts";
import { type Delays, delayAfter, pause } from "../../upstream/backoff.ts";
import { timestamp } from "../../upstream/evidence.ts";
import type { DecodedFluxEvent } from "../client/decode-event.ts";
import {
  CallTimeout,
  DaemonApplicationError,
  daemonFailure,
  FatalError,
  ServerError,
} from "../client/rpc-errors.ts";
import type { UpdateSpec } from "../client/update-spec.ts";
import type { FluxDaemon } from "../session/flux-daemon.ts";
import type { CommandParts } from "./command-parts.ts";

/** As fluxctl asks (flux-rpc §5.1). */
const jobDelays: Delays = { firstMs: 100, longestMs: 5_000 };

/** Sends one change, and finds out what became of its job: by asking, or by the commit that the daemon tells about. */
export class JobWatch {
  /** The job's end, once it is known. */
  job: FluxJob | undefined;
  #jobId: string | undefined;
  #begin: (jobId: string) => void = () => undefined;

  constructor(
    private readonly parts: CommandParts,
    private readonly spec: UpdateSpec,
    jobId: string | undefined,
  ) {
    this.#jobId = jobId;
  }

  get jobId(): string | undefined {
    return this.#jobId;
  }

  async send(daemon: FluxDaemon): Promise<Acknowledgement> {
    try {
      const jobId = await daemon.client.updateManifests(this.spec);
      // An error without a text looks like an empty success (flux-rpc §7, trap 7).
      if (jobId === "") throw new Failure({ code: "upstream_invalid", message: "The daemon named no job." });
      this.#jobId = jobId;
      this.#begin(jobId);
      return { accepted: true, message: `Queued as job ${jobId}.`, reply: { jobId } };
    } catch (error) {
      const failure = daemonFailure(error, daemon.name);
      const answered = error instanceof ServerError || error instanceof DaemonApplicationError;
      // Out of time is no refusal: the daemon may have queued it all the same.
      if (!answered || failure.code === "timeout") throw failure;
      const help = error instanceof DaemonApplicationError ? error.data.help : undefined;
      return {
        accepted: false,
        message: error.message,
        reply: { error: error.message, ...(help && { help }) },
      };
    }
  }

  /** Follows on this daemon, while the scope lasts, until `judge` has made a finding of the job's end. */
  watch(
    daemon: FluxDaemon,
    { judge, report }: { judge: (job: FluxJob) => Promise<Finding>; report: (finding: Finding) => void },
    scope: Scope,
  ): void {
    const found = async (job: FluxJob): Promise<void> => {
      if (scope.isOver || this.job) return;
      this.job = job;
      report(await judge(job));
    };
    const leave = daemon.events.on(({ decoded }) => {
      const job =
        this.#jobId === undefined ? jobOfCommit(this.spec, decoded, timestamp(this.parts)) : undefined;
      if (job) void found(job);
    });
    scope.onEnd(leave);
    this.#begin = (jobId) => void follow(daemon, { jobId, signal: scope.signal, found });
    if (this.#jobId) this.#begin(this.#jobId);
  }

  /** Asks once, for a reconcile. Undefined where nobody can tell any more. */
  async look(daemon: FluxDaemon): Promise<FluxJob | undefined> {
    if (this.job || this.#jobId === undefined) return this.job;
    const job = await daemon.job(this.#jobId).catch((error: unknown) => {
      throw daemonFailure(error, daemon.name);
    });
    if (job.state === "succeeded" || job.state === "failed") this.job = job;
    return job;
  }
}

async function follow(
  daemon: FluxDaemon,
  wanted: { jobId: string; signal: AbortSignal; found: (job: FluxJob) => Promise<void> },
): Promise<void> {
  // What the daemon says instead of an answer settles nothing: the outcome stays open until somebody asks again.
  const job = await followJob(daemon, wanted.jobId, wanted.signal).catch(() => undefined);
  if (job && job.state !== "forgotten") await wanted.found(job);
}

/** The job behind a commit event that came from exactly this request (flux-rpc §1.10). */
function jobOfCommit(spec: UpdateSpec, decoded: DecodedFluxEvent, readAt: string): FluxJob | undefined {
  const [revision] = decoded.revisions;
  if (decoded.type !== "commit" || revision === undefined) return undefined;
  if (canonicalJson(bare(decoded.spec)) !== canonicalJson(bare(spec))) return undefined;
  return { id: "unknown", state: "succeeded", error: "", revision, results: decoded.results, readAt };
}

/** Without what Go adds or leaves out: null, false and empty members. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, bare(member)] as const);
  return Object.fromEntries(members.filter(([, member]) => !isNothing(member)));
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/**
 * Asks for a job until it has ended or is forgotten. A lost connection is a pause: the same id is good when the daemon is
 * back (flux-rpc §5.1). Undefined when the end came first. Throws what the daemon says instead of an answer.
 */
async function followJob(daemon: FluxDaemon, jobId: string, end: AbortSignal): Promise<FluxJob | undefined> {
  for (let attempt = 0; !end.aborted; attempt++) {
    await daemon.arrival(end);
    const job = await askOnce(daemon, jobId, end);
    if (job && job.state !== "queued" && job.state !== "running") return job;
    await pause(delayAfter(jobDelays, attempt), end);
  }
  return undefined;
}

async function askOnce(daemon: FluxDaemon, jobId: string, end: AbortSignal): Promise<FluxJob | undefined> {
  if (end.aborted) return undefined;
  try {
    return await daemon.job(jobId);
  } catch (error) {
    if (error instanceof FatalError || error instanceof CallTimeout) return undefined;
    throw error;
  }
}
