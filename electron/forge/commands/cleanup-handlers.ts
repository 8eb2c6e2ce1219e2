import type { Activity, CommandExecution, Handlers, Verdict } from "../../../shared/contract/index.ts";
import type { queueOperations } from "../../../shared/forge/queue-operations.ts";
import { commands } from "../../../shared/forge/wire-commands.ts";
import { readVerdict, timestamp } from "../../upstream/evidence.ts";
import { cleanupWire } from "../client/wire.ts";
import { requireLevel } from "../session/level.ts";
import type { ForgeSession } from "../session/session.ts";
import { cleanupPreview } from "./cleanup-preview.ts";
import { type CommandParts, doneReply, execution, patiently, sentAtOf } from "./command-parts.ts";
import { clockToleranceMs } from "./old-jobs.ts";

type CleanupOperations = Pick<typeof queueOperations, "forge.cleanup.preview" | "forge.cleanup">;

/** Handlers of the retention sweep. */
export function cleanupHandlers(parts: CommandParts): Handlers<CleanupOperations> {
  return {
    "forge.cleanup.preview": ({ connectionId }) =>
      cleanupPreview(requireLevel(parts.session(connectionId), "0.2.0", "Counting old jobs"), parts.now()),
    "forge.cleanup": async ({ connectionId }, { earlier }) => cleanup(parts, connectionId, earlier),
  };
}

function cleanup(parts: CommandParts, connectionId: string, earlier: Activity | undefined): CommandExecution {
  requireLevel(parts.session(connectionId), "0.2.0", "Cleaning up");
  const command = commands.cleanup();
  const sentAt = sentAtOf(parts, earlier);
  return execution(parts, connectionId, {
    target: { kind: "queue", id: "*", label: "all queues" },
    command,
    send: async (session) => {
      const report = await patiently(() => session.client.send(command, cleanupWire));
      return doneReply(`Removed ${report.done_deleted} done and ${report.dead_deleted} dead jobs.`, report);
    },
    verify: async (session) => cleanupVerdict(parts, session, sentAt),
  });
}

/** Jobs go on growing old: only those count that were old enough when the sweep was asked for. */
async function cleanupVerdict(parts: CommandParts, session: ForgeSession, sentAt: number): Promise<Verdict> {
  const { queues } = await cleanupPreview(session, sentAt - clockToleranceMs);
  const counts = queues.flatMap(({ done, dead }) => [done, dead]);
  const sum = (exact: boolean): number =>
    counts.filter((count) => count.exact === exact).reduce((total, { rows }) => total + rows, 0);
  const [left, atMost] = [sum(true), sum(false)];
  if (left > 0)
    return readVerdict("failed", `${left} old jobs are still there.`, { at: timestamp(parts), data: queues });
  if (atMost > 0) {
    const message = `At most ${atMost} old jobs are still there: so many were enqueued before that time, and the server does not tell when they were completed.`;
    return readVerdict("unknown", message, { at: timestamp(parts), data: queues });
  }
  const message = "Nothing is left that is older than its queue keeps it.";
  return readVerdict("verified", message, { at: timestamp(parts), data: queues });
}
