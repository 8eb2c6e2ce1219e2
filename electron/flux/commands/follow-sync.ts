import { type Delays, delayAfter, pause } from "../../upstream/backoff.ts";
import { CallTimeout, FatalError } from "../client/rpc-errors.ts";
import { readSync } from "../session/daemon-facts.ts";
import type { FluxDaemon } from "../session/flux-daemon.ts";

/** As fluxctl asks (flux-rpc §5.1). */
const syncDelays: Delays = { firstMs: 1_000, longestMs: 10_000 };

/** How a wait for a revision ended. */
export interface SyncOutcome {
  applied: boolean;
  /** Commits that were still missing when the wait ended; unknown where nobody answered. */
  missing?: number;
  message?: string;
}

/** Waits until the daemon has applied a revision, or the time is over; a sync that it tells about is looked at once. */
export async function followSync(daemon: FluxDaemon, revision: string, waitMs: number): Promise<SyncOutcome> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), waitMs);
  const stay = daemon.onEnd(() => over.abort());
  let wake: () => void = () => undefined;
  const leave = daemon.events.on(({ event }) => {
    if (event.type === "sync") wake();
  });
  let last: SyncOutcome = { applied: false, message: "the daemon was not connected" };
  try {
    for (let attempt = 0; !over.signal.aborted; attempt++) {
      await daemon.arrival(over.signal);
      last = (await look(daemon, revision)) ?? last;
      // What keeps it from counting commits as applied does not pass by itself.
      if (last.applied || daemon.syncs.obstacle) return last;
      const told = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await Promise.race([pause(delayAfter(syncDelays, attempt), over.signal), told]);
    }
    return last;
  } finally {
    clearTimeout(timer);
    stay();
    over.abort();
    leave();
  }
}

async function look(daemon: FluxDaemon, revision: string): Promise<SyncOutcome | undefined> {
  if (!daemon.isConnected) return undefined;
  try {
    const { state, pendingCount, message } = await readSync(daemon.client, revision);
    if (state === "unknown") return { applied: false, ...(message && { message }) };
    return { applied: state === "applied", missing: pendingCount };
  } catch (error) {
    if (error instanceof FatalError || error instanceof CallTimeout) return undefined;
    throw error;
  }
}
