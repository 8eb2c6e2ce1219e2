import {
  type Activity,
  type CommandExecution,
  Failure,
  type Handlers,
} from "../../../shared/contract/index.ts";
import { readCron } from "../../../shared/forge/cron-expression.ts";
import type { cronOperations } from "../../../shared/forge/cron-operations.ts";
import type { Schedule } from "../../../shared/forge/cron-schema.ts";
import type { ForgeCommand } from "../../../shared/forge/wire-commands.ts";
import { commands } from "../../../shared/forge/wire-commands.ts";
import { readVerdict, timestamp } from "../../upstream/evidence.ts";
import { idWire } from "../client/wire.ts";
import { requireLevel } from "../session/level.ts";
import type { ForgeSession } from "../session/session.ts";
import {
  type CommandParts,
  doneReply,
  execution,
  patiently,
  repliedId,
  takenReply,
} from "./command-parts.ts";

/** Handlers of schedules. */
export function cronHandlers(parts: CommandParts): Handlers<typeof cronOperations> {
  const session = (connectionId: string, level: "0.2.0" | "0.2.1" = "0.2.0") =>
    requireLevel(
      parts.session(connectionId),
      level,
      level === "0.2.0" ? "Schedules" : "Skipping overlapping runs",
    );
  return {
    "forge.cron.list": ({ connectionId }) => session(connectionId).client.schedules(),
    "forge.cron.set-enabled": ({ connectionId, name, enabled }, { reconciling }) =>
      change(parts, session(connectionId), {
        connectionId,
        name,
        reconciling,
        command: commands.setEnabled(name, enabled),
        fits: (schedule) => schedule.enabled === enabled,
        told: (schedule) => (schedule.enabled ? "The schedule is on." : "The schedule is off."),
      }),
    "forge.cron.set-expression": ({ connectionId, name, expression }, { reconciling }) => {
      const found = session(connectionId);
      if (!reconciling) refuseUnreadable(expression);
      return change(parts, found, {
        connectionId,
        name,
        reconciling,
        command: commands.setExpression(name, expression),
        fits: (schedule) => schedule.expression === expression,
        told: (schedule) => `The schedule's expression is ${schedule.expression}.`,
      });
    },
    "forge.cron.set-dedupe": ({ connectionId, name, dedupe }, { reconciling }) =>
      change(parts, session(connectionId, "0.2.1"), {
        connectionId,
        name,
        reconciling,
        command: commands.setDedupe(name, dedupe),
        fits: ({ dedupeKey }) => (dedupe ? dedupeKey === name : dedupeKey === undefined),
        told: ({ dedupeKey }) =>
          dedupeKey === undefined ? "Runs may overlap." : `The dedupe key is ${dedupeKey}.`,
      }),
    "forge.cron.trigger": ({ connectionId, name }, { earlier }) =>
      trigger(parts, session(connectionId), { connectionId, name, earlier }),
  };
}

function refuseUnreadable(expression: string): void {
  const reading = readCron(expression);
  if (reading.ok) return;
  throw new Failure({
    code: "invalid_input",
    message: `expression: ${reading.problem}`,
    details: { fields: [{ path: "expression", message: reading.problem }], delivered: false },
    hint: "Six fields: second minute hour day-of-month month day-of-week; Sunday is 1.",
  });
}

/** The server says 200 to names that do not exist (forge-jobs trap 6). */
async function requireSchedule(session: ForgeSession, name: string): Promise<void> {
  const schedules = await session.client.schedules();
  if (schedules.some((each) => each.name === name)) return;
  throw new Failure({
    code: "not_found",
    message: `There is no schedule ${name} on this server.`,
    details: { schedule: name, delivered: false },
    hint: `Its schedules: ${schedules.map((each) => each.name).join(", ") || "none"}. A schedule appears when its host registers it.`,
  });
}

interface Change {
  connectionId: string;
  name: string;
  reconciling: boolean | undefined;
  command: ForgeCommand;
  fits(schedule: Schedule): boolean;
  told(schedule: Schedule): string;
}

async function change(parts: CommandParts, known: ForgeSession, plan: Change): Promise<CommandExecution> {
  const { connectionId, name, command } = plan;
  if (!plan.reconciling) await requireSchedule(known, name);
  return execution(parts, connectionId, {
    target: { kind: "schedule", id: name, label: name },
    command,
    send: async (session) => {
      await patiently(() => session.client.sendUnit(command));
      // The server says 200 to names that do not exist, also to one that has gone meanwhile (forge-jobs trap 6).
      return takenReply("The server took it; reading it back.", "");
    },
    verify: async (session) => {
      const schedule = (await session.client.schedules()).find((each) => each.name === name);
      if (!schedule)
        return readVerdict("failed", "The schedule is gone.", { at: timestamp(parts), data: null });
      const verdict = plan.fits(schedule) ? "verified" : "failed";
      return readVerdict(verdict, plan.told(schedule), { at: timestamp(parts), data: schedule });
    },
  });
}

async function trigger(
  parts: CommandParts,
  known: ForgeSession,
  { connectionId, name, earlier }: { connectionId: string; name: string; earlier: Activity | undefined },
): Promise<CommandExecution> {
  const command = commands.trigger(name);
  let id = repliedId(earlier);
  if (!earlier) await requireSchedule(known, name);
  return execution(parts, connectionId, {
    target: { kind: "schedule", id: name, label: name },
    command,
    send: async (session) => {
      id = await session.client.send(command, idWire);
      return doneReply(`The server answered with job ${id}.`, id);
    },
    verify: async (session) => {
      if (id === undefined) {
        const schedule = (await session.client.schedules()).find((each) => each.name === name);
        const message = `No answer named the job. The schedule last fired at ${schedule?.lastFiredAt ?? "no known time"}.`;
        return readVerdict("unknown", message, { at: timestamp(parts), data: schedule });
      }
      const { row } = await session.client.inspect(id);
      return readVerdict("verified", `Job ${id} is ${row.status} on ${row.queueName}.`, {
        at: timestamp(parts),
        data: row,
      });
    },
  });
}
