import {
  type Activity,
  type CommandExecution,
  Failure,
  type Handlers,
} from "../../../shared/contract/index.ts";
import type { jobCommands } from "../../../shared/forge/job-operations.ts";
import type { JobStatus } from "../../../shared/forge/schema.ts";
import type { ForgeCommand } from "../../../shared/forge/wire-commands.ts";
import { commands } from "../../../shared/forge/wire-commands.ts";
import { readVerdict, timestamp } from "../../upstream/evidence.ts";
import { booleanWire, countWire } from "../client/wire.ts";
import { requireLevel } from "../session/level.ts";
import type { ForgeSession } from "../session/session.ts";
import { type CommandParts, doneReply, execution, patiently, takenReply } from "./command-parts.ts";
import { enqueueHandlers } from "./enqueue-handlers.ts";
import { deleteVerdict, readJobs, retryVerdict } from "./job-outcomes.ts";
import { sweepHandlers } from "./sweep-handlers.ts";

type Commands = Handlers<typeof jobCommands>;

/** Handlers that change jobs. */
export function jobCommandHandlers(parts: CommandParts): Commands {
  const session = (connectionId: string) =>
    requireLevel(parts.session(connectionId), "0.2.0", "Changing jobs");
  return {
    ...enqueueHandlers(parts),
    ...sweepHandlers(parts),
    "forge.jobs.run-now": ({ connectionId, id }, { earlier }) =>
      runNow(parts, session(connectionId), { connectionId, id, earlier }),
    "forge.jobs.retry": ({ connectionId, ids }, { earlier }) =>
      retry(parts, session(connectionId), { connectionId, ids, earlier, command: commands.retry(ids) }),
    "forge.jobs.requeue": ({ connectionId, ids }, { earlier }) =>
      retry(parts, session(connectionId), { connectionId, ids, earlier, command: commands.requeue(ids) }),
    "forge.jobs.delete": async ({ connectionId, ids }) => remove(parts, connectionId, ids),
  };
}

interface RunNow {
  connectionId: string;
  id: string;
  earlier: Activity | undefined;
}

async function runNow(
  parts: CommandParts,
  known: ForgeSession,
  { connectionId, id, earlier }: RunNow,
): Promise<CommandExecution> {
  const command = commands.runNow(id);
  // After a restart only the server's answer proves that the job was pending before.
  const wasPending = earlier
    ? earlier.reply === true
    : (await readJobs(known, [id])).get(id)?.status === "pending";
  return execution(parts, connectionId, {
    target: { kind: "job", id, label: `job ${id}` },
    command,
    send: async (session) => {
      const done = await patiently(() => session.client.send(command, booleanWire));
      if (done) return doneReply("The job is due now.", done);
      return {
        accepted: false,
        message: "The server did nothing: only a pending job can be run now.",
        reply: done,
      };
    },
    verify: async (session) => {
      const seen = (await readJobs(session, [id])).get(id);
      if (!seen)
        return readVerdict("unknown", "The job is gone; it may have run.", {
          at: timestamp(parts),
          data: null,
        });
      if (seen.status === "pending") {
        const isDue = Date.parse(seen.scheduledAt) <= parts.now();
        const message = isDue ? "The job is due." : `The job is still due at ${seen.scheduledAt}.`;
        return readVerdict(isDue ? "verified" : "failed", message, { at: timestamp(parts), data: seen });
      }
      const message = wasPending
        ? `The job is ${seen.status}.`
        : `The job is ${seen.status}, and it is not known whether it was pending before.`;
      return readVerdict(wasPending ? "verified" : "unknown", message, { at: timestamp(parts), data: seen });
    },
  });
}

interface Retry {
  connectionId: string;
  ids: readonly string[];
  earlier: Activity | undefined;
  command: ForgeCommand;
}

async function retry(
  parts: CommandParts,
  known: ForgeSession,
  { connectionId, ids, earlier, command }: Retry,
): Promise<CommandExecution> {
  const before = earlier ? new Map() : await readJobs(known, ids);
  if (!earlier) refuseRunning(before);
  let changed = typeof earlier?.reply === "number" ? earlier.reply : undefined;
  return execution(parts, connectionId, {
    target: { kind: "job", id: ids[0] ?? "", label: labelOf(ids) },
    command,
    partial: true,
    send: async (session) => {
      changed = await session.client.send(command, countWire);
      // It does not tell which, and passes over some without a word (forge-jobs trap 25).
      return takenReply(`The server changed ${changed} of ${ids.length}.`, changed);
    },
    verify: async (session) => retryVerdict(parts, { now: await readJobs(session, ids), before, changed }),
  });
}

/** Nothing to do for any of them: say so instead of counting to zero. */
function refuseRunning(before: ReadonlyMap<string, { status: JobStatus } | undefined>): void {
  const statuses = [...before.values()].map((seen) => seen?.status ?? "gone");
  if (statuses.some((status) => status === "failed" || status === "dead")) return;
  throw new Failure({
    code: "conflict",
    message: `Only failed and dead jobs can be retried; ${statuses.length === 1 ? "this one is" : "these are"} ${[...new Set(statuses)].join(", ")}.`,
    details: { delivered: false },
    hint: "Look at the jobs again: they may have moved on.",
  });
}

function remove(parts: CommandParts, connectionId: string, ids: readonly string[]): CommandExecution {
  requireLevel(parts.session(connectionId), "0.2.0", "Changing jobs");
  const command = commands.delete(ids);
  return execution(parts, connectionId, {
    target: { kind: "job", id: ids[0] ?? "", label: labelOf(ids) },
    command,
    partial: true,
    send: async (session) => {
      const count = await patiently(() => session.client.send(command, countWire));
      return doneReply(
        `The server counted ${count} of ${ids.length}; running ones count, but are only asked to stop.`,
        count,
      );
    },
    verify: async (session) => deleteVerdict(parts, await readJobs(session, ids)),
  });
}

function labelOf(ids: readonly string[]): string {
  return ids.length === 1 ? `job ${ids[0]}` : `${ids.length} jobs`;
}
