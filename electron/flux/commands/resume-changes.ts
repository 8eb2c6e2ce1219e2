import type { Activity } from "../../../shared/contract/index.ts";
import type { ConnectionManager } from "../../connections/manager.ts";
import type { Scope } from "../../connections/scope.ts";
import type { FluxDaemon } from "../session/flux-daemon.ts";
import type { FluxSession } from "../session/flux-session.ts";
import type { FluxSystem } from "../system.ts";

/** Changes whose outcome is not settled, and what can be done about them. */
export interface PendingChanges {
  /** Unknown or only confirmed ones on this connection, newest first. */
  list(connectionId: string): readonly Activity[];
  /** Follows one to its end; nothing happens where it is followed already. */
  resume(activityId: string): Promise<unknown>;
  /** Reads the present state once. */
  reconcile(activityId: string): Promise<unknown>;
}

/** Only these become jobs. */
const followed: ReadonlySet<string> = new Set(["flux.release", "flux.policy.update", "flux.sync.start"]);

/**
 * Whenever a daemon comes, takes up what is still open on it: a job by its id (flux-rpc §5.1), also after a restart of the
 * console; what the daemon knows no job of is read once. A sync that a daemon tells about may settle what only awaits it.
 */
export function resumeChanges(
  connections: Pick<ConnectionManager, "follow">,
  system: FluxSystem,
  changes: PendingChanges,
): void {
  const read = new Set<string>();
  const resumePending = async (connectionId: string, daemon: FluxDaemon): Promise<void> => {
    for (const activity of changes.list(connectionId)) {
      if (!followed.has(activity.operation) || activity.input.daemonId !== daemon.id) continue;
      // What goes wrong leaves it open, and the next arrival asks again.
      await resumeOne(changes, { activity, daemon, read }).catch(() => undefined);
    }
  };
  connections.follow(undefined, system, (session, scope, connectionId) =>
    followSession(session, scope, (daemon) => void resumePending(connectionId, daemon)),
  );
}

function followSession(
  session: FluxSession,
  scope: Scope,
  resumePending: (daemon: FluxDaemon) => void,
): void {
  scope.onEnd(session.arrivals.on(resumePending));
  scope.onEnd(
    session.newEvents.on(({ type, daemonId }) => {
      const daemon = session.findDaemon(daemonId);
      if (type === "sync" && daemon?.isConnected) resumePending(daemon);
    }),
  );
}

async function resumeOne(
  changes: PendingChanges,
  { activity, daemon, read }: { activity: Activity; daemon: FluxDaemon; read: Set<string> },
): Promise<void> {
  if (activity.state === "confirmed" || (await knowsJob(daemon, activity))) {
    await changes.resume(activity.id);
    return;
  }
  // Each reading is written down: a daemon that comes and goes must not fill the log with them.
  if (read.has(activity.id)) return;
  read.add(activity.id);
  await changes.reconcile(activity.id);
}

async function knowsJob(daemon: FluxDaemon, { reply }: Activity): Promise<boolean> {
  const jobId = (reply as { jobId?: unknown } | null | undefined)?.jobId;
  return typeof jobId === "string" && (await daemon.job(jobId)).state !== "forgotten";
}
