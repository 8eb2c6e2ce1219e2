import {
  type Activity,
  type CommandExecution,
  type Handlers,
  textWithoutCredentials,
  type Verdict,
} from "../../../shared/contract/index.ts";
import type { jobCommands } from "../../../shared/forge/job-operations.ts";
import type { JobRow } from "../../../shared/forge/job-schema.ts";
import type { ForgeCommand } from "../../../shared/forge/wire-commands.ts";
import { commands } from "../../../shared/forge/wire-commands.ts";
import { readVerdict, timestamp } from "../../upstream/evidence.ts";
import { idWire } from "../client/wire.ts";
import { requireLevel } from "../session/level.ts";
import {
  type CommandParts,
  doneReply,
  execution,
  repliedId,
  requireQueue,
  sentAtOf,
} from "./command-parts.ts";
import { clockToleranceMs } from "./old-jobs.ts";

type EnqueueOperations = Pick<typeof jobCommands, "forge.jobs.enqueue" | "forge.jobs.enqueue-demo">;

/** Handlers that make jobs. */
export function enqueueHandlers(parts: CommandParts): Handlers<EnqueueOperations> {
  return {
    "forge.jobs.enqueue": async (
      { connectionId, allowUnknownQueue, ...params },
      { reconciling, earlier },
    ) => {
      const session = requireLevel(parts.session(connectionId), "0.2.0", "Enqueueing");
      // The server takes any name, and the job is never run nor seen (forge-jobs trap 6).
      if (!allowUnknownQueue && !reconciling) await requireQueue(session, params.queueName);
      const { queueName, kind, dedupeKey } = params;
      const command = commands.enqueue(params);
      const recorded = commands.enqueue({ ...params, payload: textWithoutCredentials(params.payload) });
      return enqueue(parts, connectionId, { queueName, kind, dedupeKey, command, recorded, earlier });
    },
    "forge.jobs.enqueue-demo": async ({ connectionId, payload }, { earlier }) => {
      requireLevel(parts.session(connectionId), "0.2.0", "Enqueueing");
      const command = commands.enqueueDemo(payload);
      const recorded = commands.enqueueDemo(textWithoutCredentials(payload));
      return enqueue(parts, connectionId, {
        queueName: "default",
        kind: "noop_echo",
        command,
        recorded,
        earlier,
      });
    },
  };
}

interface Enqueueing {
  queueName: string;
  kind: string;
  dedupeKey?: string | undefined;
  command: ForgeCommand;
  /** The same without what looks like a credential, as it is kept. */
  recorded: ForgeCommand;
  earlier: Activity | undefined;
}

function enqueue(parts: CommandParts, connectionId: string, plan: Enqueueing): CommandExecution {
  const { queueName, command, recorded, earlier } = plan;
  let id = repliedId(earlier);
  const sentAt = sentAtOf(parts, earlier);
  return execution(parts, connectionId, {
    target: { kind: "queue", id: queueName, label: queueName },
    command,
    recorded,
    send: async (session) => {
      id = await session.client.send(command, idWire);
      return doneReply(`The server answered with job ${id}.`, id);
    },
    verify: async (session) => {
      if (id === undefined) {
        const message = "No answer named the job: look for it in the queue before you enqueue it again.";
        return readVerdict("unknown", message, { at: timestamp(parts), data: null });
      }
      const { row } = await session.client.inspect(id);
      return enqueuedVerdict(parts, row, { plan, sentAt });
    },
  });
}

/** The server answers with the active job that has the same dedupe key, and does not say so (forge-jobs §6.14, §7.2). */
function enqueuedVerdict(
  parts: CommandParts,
  row: JobRow,
  { plan, sentAt }: { plan: Enqueueing; sentAt: number },
): Verdict {
  const { queueName, kind, dedupeKey } = plan;
  const place = `Job ${row.id} is ${row.status} on ${row.queueName}`;
  const isAnother = row.queueName !== queueName || row.kind !== kind;
  const isOlder = Date.parse(row.enqueuedAt) < sentAt - clockToleranceMs;
  const told = (verdict: Verdict["verdict"], message: string): Verdict =>
    readVerdict(verdict, `${place}${message}`, { at: timestamp(parts), data: row });
  if (isAnother)
    return {
      // The server's own answer: it names the job that has the key.
      proof: true,
      ...told(
        "failed",
        `: it has this dedupe key, and is another job (${row.kind}, enqueued at ${row.enqueuedAt}); nothing was added.`,
      ),
    };
  if (dedupeKey === undefined) return told("verified", ".");
  return isOlder
    ? told(
        "verified",
        `: it was already there with this dedupe key (enqueued at ${row.enqueuedAt}); nothing was added.`,
      )
    : told("verified", ". The server does not report whether it is new or already had this dedupe key.");
}
