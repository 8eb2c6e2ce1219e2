import type { FluxJob } from "../../../shared/flux/schema.ts";
import { type Delays, delayAfter, pause } from "../../upstream/backoff.ts";
import { CallTimeout, FatalError } from "../client/rpc-errors.ts";
import type { FluxDaemon } from "../session/flux-daemon.ts";

/** As fluxctl asks (flux-rpc §5.1). */
const jobDelays: Delays = { firstMs: 100, longestMs: 5_000 };

/**
 * Asks for a job until it has ended or is forgotten. A lost connection is a pause: the same id is good when the daemon is
 * back (flux-rpc §5.1). Undefined when the end came first. Throws what the daemon says instead of an answer.
 */
export async function followJob(
  daemon: FluxDaemon,
  jobId: string,
  end: AbortSignal,
): Promise<FluxJob | undefined> {
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
