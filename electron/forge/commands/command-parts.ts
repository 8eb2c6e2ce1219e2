import {
  type Acknowledgement,
  type Activity,
  type ActivityTarget,
  type CommandExecution,
  Failure,
  type Verdict,
} from "../../../shared/contract/index.ts";
import type { QueueRow } from "../../../shared/forge/schema.ts";
import type { ForgeCommand } from "../../../shared/forge/wire-commands.ts";
import { type CommandPartsOf, commandThrough } from "../../connections/session-door.ts";
import { isRefusal } from "../client/reply.ts";
import type { ForgeSession } from "../session/session.ts";

/** What every handler of a jobs server is built from. */
export type CommandParts = CommandPartsOf<ForgeSession>;

/** When a command goes or went out, in milliseconds since 1970; `earlier` is its record where it is only judged again. */
export function sentAtOf(parts: Pick<CommandParts, "now">, earlier: Activity | undefined): number {
  return earlier ? Date.parse(earlier.startedAt) : parts.now();
}

/** The id of a job with which the server has answered an earlier command. */
export function repliedId(earlier: Activity | undefined): string | undefined {
  return typeof earlier?.reply === "string" && earlier.reply !== "" ? earlier.reply : undefined;
}

interface Plan {
  target: ActivityTarget;
  command: ForgeCommand;
  /** How it is kept, where it holds what must not be. */
  recorded?: ForgeCommand;
  /** Sends it, and says in one sentence what the answer means. */
  send(session: ForgeSession): Promise<Acknowledgement>;
  verify(session: ForgeSession): Promise<Verdict>;
  /** A refusal by the storage may come in the middle: ids are handled one by one (forge-jobs §6.14). */
  partial?: boolean;
}

/** A command made ready: its work is over when the answer comes, and is read back. */
export function execution(parts: CommandParts, connectionId: string, plan: Plan): CommandExecution {
  return commandThrough(parts.door(connectionId), {
    target: plan.target,
    request: parts.session(connectionId).client.describe(plan.recorded ?? plan.command),
    send: async (session) => {
      try {
        return await plan.send(session);
      } catch (error) {
        return refusalOf(error, plan.partial === true);
      } finally {
        void session.read().catch(() => undefined);
      }
    },
    verify: (session) => plan.verify(session),
  });
}

function refusalOf(error: unknown, partial: boolean): Acknowledgement {
  if (!(error instanceof Failure) || !isRefusal(error)) throw error;
  if (partial && error.code === "conflict") throw error;
  return { accepted: false, message: error.message, reply: error.upstream ?? "" };
}

/** An accepted command whose answer came when the work was done. */
export function doneReply(message: string, reply: unknown): Acknowledgement {
  return { accepted: true, done: true, message, reply };
}

/** An accepted command whose answer says nothing of what came of it; the reading afterwards does. */
export function takenReply(message: string, reply: unknown): Acknowledgement {
  return { accepted: true, over: true, message, reply };
}

const pausesMs = [100, 300, 1_000];

/** Repeats what may be repeated while the storage is busy (forge-jobs §14). */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (const pause of pausesMs) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Failure) || error.details?.retryable !== true) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return work();
}

/** Throws `not_found` for a queue that is not configured: the server would say 200 and do nothing (forge-jobs trap 6). */
export async function requireQueue(session: ForgeSession, name: string): Promise<QueueRow> {
  const rows = await session.read();
  const row = rows.find((each) => each.name === name);
  if (row) return row;
  throw new Failure({
    code: "not_found",
    message: `There is no queue ${name} on this server.`,
    details: { queue: name, delivered: false },
    hint: `Its queues: ${
      rows
        .map((each) => each.name)
        .slice(0, 20)
        .join(", ") || "none"
    }. A queue appears when its host configures it.`,
  });
}
