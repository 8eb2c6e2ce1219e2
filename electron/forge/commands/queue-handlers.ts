import type { CommandExecution, Handlers, Verdict } from "../../../shared/contract/index.ts";
import type { queueOperations } from "../../../shared/forge/queue-operations.ts";
import type { QueueRow } from "../../../shared/forge/schema.ts";
import type { ForgeCommand } from "../../../shared/forge/wire-commands.ts";
import { commands } from "../../../shared/forge/wire-commands.ts";
import { readVerdict, timestamp } from "../../upstream/evidence.ts";
import { isLoopback } from "../../upstream/loopback.ts";
import { requireLevel } from "../session/level.ts";
import type { ForgeSession } from "../session/session.ts";
import { cleanupHandlers } from "./cleanup-handlers.ts";
import { type CommandParts, execution, patiently, requireQueue, takenReply } from "./command-parts.ts";

/** Handlers of queues, workers, storage and of the server itself. */
export function queueHandlers(parts: CommandParts): Handlers<typeof queueOperations> {
  return {
    "forge.server.get": ({ connectionId }) => describeServer(parts, parts.session(connectionId)),
    "forge.server.level": async ({ connectionId }) => ({ level: parts.session(connectionId).level }),
    "forge.queues.list": ({ connectionId }) => parts.session(connectionId).read(),
    "forge.processes.list": ({ connectionId, queueName }) =>
      requireLevel(parts.session(connectionId), "0.2.0", "Listing worker slots").client.processes(queueName),
    "forge.workers.list": ({ connectionId }) =>
      requireLevel(parts.session(connectionId), "0.3", "Listing workers").client.workers(),
    "forge.storage.get": ({ connectionId }) => parts.session(connectionId).client.storage(),
    "forge.queues.set-backoff": (input, { reconciling }) => {
      const wanted = { enabled: input.enabled, baseSeconds: input.baseSeconds, maxSeconds: input.maxSeconds };
      return setting(parts, input, {
        reconciling,
        command: commands.setBackoff(input.name, wanted),
        read: ({ backoff }) => ({ ...backoff }),
        wanted,
      });
    },
    "forge.queues.set-paused": (input, { reconciling }) =>
      setting(parts, input, {
        reconciling,
        level: "0.2.0",
        command: commands.setPaused(input.name, input.paused),
        read: ({ paused }) => ({ paused }),
        wanted: { paused: input.paused },
      }),
    "forge.queues.set-max-workers": (input, { reconciling }) =>
      setting(parts, input, {
        reconciling,
        level: "0.2.0",
        command: commands.setMaxWorkers(input.name, input.workers),
        read: ({ maxWorkers }) => ({ workers: maxWorkers }),
        wanted: { workers: input.workers },
      }),
    "forge.queues.set-retention": (input, { reconciling }) =>
      setting(parts, input, {
        reconciling,
        level: "0.2.0",
        command: commands.setRetention(input.name, input.doneDays, input.deadDays),
        read: ({ retainDoneDays, retainDeadDays }) => ({
          doneDays: retainDoneDays,
          deadDays: retainDeadDays,
        }),
        wanted: { doneDays: input.doneDays, deadDays: input.deadDays },
      }),
    ...cleanupHandlers(parts),
  };
}

async function describeServer(parts: CommandParts, session: ForgeSession) {
  const { client, level, profile } = session;
  const [health, storage] = await Promise.all([client.health(), client.storage()]);
  return {
    address: client.http.address,
    level,
    authenticated: profile.target.authentication.method !== "none",
    sharedNetwork: !isLoopback(new URL(profile.target.url).hostname),
    storage,
    health,
    readAt: timestamp(parts),
  };
}

type Values = Readonly<Record<string, unknown>>;

interface Setting {
  reconciling: boolean | undefined;
  level?: "0.2.0";
  command: ForgeCommand;
  /** The present values, under the names that `wanted` has. */
  read(row: QueueRow): Values;
  wanted: Values;
}

/** A change of a queue's settings: the queue must exist, and the values are read back. */
async function setting(
  parts: CommandParts,
  { connectionId, name }: { connectionId: string; name: string },
  plan: Setting,
): Promise<CommandExecution> {
  const session = parts.session(connectionId);
  if (plan.level) requireLevel(session, plan.level, "Changing this setting");
  if (!plan.reconciling) await requireQueue(session, name);
  return execution(parts, connectionId, {
    target: { kind: "queue", id: name, label: name },
    command: plan.command,
    send: async (session) => {
      await patiently(() => session.client.sendUnit(plan.command));
      // The server says 200 to anything, also to names that it does not know (forge-jobs trap 6).
      return takenReply("The server took it; reading it back.", "");
    },
    verify: async (session) => settingVerdict(parts, await session.read(), { name, ...plan }),
  });
}

function settingVerdict(
  parts: CommandParts,
  rows: readonly QueueRow[],
  { name, read, wanted }: Pick<Setting, "read" | "wanted"> & { name: string },
): Verdict {
  const row = rows.find((each) => each.name === name);
  if (!row)
    return readVerdict("failed", `There is no queue ${name} any more.`, { at: timestamp(parts), data: null });
  const now = read(row);
  const different = Object.keys(wanted).filter((key) => now[key] !== wanted[key]);
  if (different.length === 0) {
    return readVerdict("verified", `The queue has it: ${valuesText(now)}.`, {
      at: timestamp(parts),
      data: now,
    });
  }
  const message = `The queue has ${valuesText(now)}. Somebody else may have changed it meanwhile, or the server ignored it.`;
  return readVerdict("failed", message, { at: timestamp(parts), data: { now, wanted } });
}

function valuesText(values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
}
