import type { InputFor } from "../../shared/catalogue.ts";
import type { ForgeTarget } from "../../shared/connections/forge-target.ts";
import { enqueueSchema } from "../../shared/forge/job-schema.ts";
import { commands, type ForgeCommand, segment } from "../../shared/forge/wire-commands.ts";
import { curlOf, farCurlOf } from "../command/curl-commands.ts";
import type { CopiedLine } from "../command/shells/command-line.ts";

/** This console's HTTP interface, and the jobs server itself. */
export const forgeTools = ["curl", "curl to the jobs server"] as const;
/** One action as commands. */
export type ForgeCommands = Record<(typeof forgeTools)[number], readonly CopiedLine[]>;

/** The request that each command sends to the jobs server. */
const requests = {
  "forge.queues.set-backoff": ({ name, ...settings }: InputFor<"forge.queues.set-backoff">) =>
    commands.setBackoff(name, settings),
  "forge.queues.set-paused": ({ name, paused }: InputFor<"forge.queues.set-paused">) =>
    commands.setPaused(name, paused),
  "forge.queues.set-max-workers": ({ name, workers }: InputFor<"forge.queues.set-max-workers">) =>
    commands.setMaxWorkers(name, workers),
  "forge.queues.set-retention": ({ name, doneDays, deadDays }: InputFor<"forge.queues.set-retention">) =>
    commands.setRetention(name, doneDays, deadDays),
  "forge.cleanup": (_input: InputFor<"forge.cleanup">) => commands.cleanup(),
  "forge.jobs.enqueue": (params: InputFor<"forge.jobs.enqueue">) =>
    commands.enqueue(enqueueSchema.parse(params)),
  "forge.jobs.enqueue-demo": ({ payload = "{}" }: InputFor<"forge.jobs.enqueue-demo">) =>
    commands.enqueueDemo(payload),
  "forge.jobs.run-now": ({ id }: InputFor<"forge.jobs.run-now">) => commands.runNow(id),
  "forge.jobs.retry": ({ ids }: InputFor<"forge.jobs.retry">) => commands.retry(ids),
  "forge.jobs.requeue": ({ ids }: InputFor<"forge.jobs.requeue">) => commands.requeue(ids),
  "forge.jobs.retry-all-failed": (_input: InputFor<"forge.jobs.retry-all-failed">) =>
    commands.retryAllFailed(),
  "forge.jobs.retry-all-by-status": ({ status }: InputFor<"forge.jobs.retry-all-by-status">) =>
    commands.retryAllByStatus(status),
  "forge.jobs.delete-by-status": ({ status, queueName }: InputFor<"forge.jobs.delete-by-status">) =>
    commands.deleteByStatus(status, queueName),
  "forge.jobs.delete-done": ({ olderThanDays, queueName }: InputFor<"forge.jobs.delete-done">) =>
    commands.deleteDone(olderThanDays, queueName),
  "forge.jobs.delete": ({ ids }: InputFor<"forge.jobs.delete">) => commands.delete(ids),
  "forge.cron.set-enabled": ({ name, enabled }: InputFor<"forge.cron.set-enabled">) =>
    commands.setEnabled(name, enabled),
  "forge.cron.set-expression": ({ name, expression }: InputFor<"forge.cron.set-expression">) =>
    commands.setExpression(name, expression),
  "forge.cron.set-dedupe": ({ name, dedupe }: InputFor<"forge.cron.set-dedupe">) =>
    commands.setDedupe(name, dedupe),
  "forge.cron.trigger": ({ name }: InputFor<"forge.cron.trigger">) => commands.trigger(name),
};
export type CopiedName = keyof typeof requests;

/** All that a dialog would send, in its order. */
export function commandsOf<Name extends CopiedName>(
  name: Name,
  inputs: readonly InputFor<Name>[],
  target: ForgeTarget,
): ForgeCommands {
  const request = requests[name] as (input: InputFor<Name>) => ForgeCommand;
  const far = inputs.flatMap((input) => {
    const { path, body } = request(input);
    return farCommand(target, { method: "POST", path, payload: body });
  });
  return {
    curl: inputs.map((input) => curlOf(name, input)),
    "curl to the jobs server": [...proxyNotes(target), ...far],
  };
}

type Read =
  | { name: "forge.queues.list" | "forge.cron.list"; connectionId: string }
  | { name: "forge.jobs.get"; connectionId: string; id: string };

/** Reads what a drawer shows; of queues and schedules servers only have lists (forge-jobs §6.4, §6.15). */
export function readCommandsOf(read: Read, target: ForgeTarget): ForgeCommands {
  const { connectionId } = read;
  const [curl, path] =
    read.name === "forge.jobs.get"
      ? [curlOf(read.name, { connectionId, id: read.id }), `/jobs/inspect/${segment(read.id)}`]
      : [curlOf(read.name, { connectionId }), read.name === "forge.cron.list" ? "/cron" : "/queue/overview"];
  const far = farCommand(target, { method: "GET", path });
  return { curl: [curl], "curl to the jobs server": [...proxyNotes(target), ...far] };
}

interface FarRequest {
  method: "GET" | "POST";
  path: string;
  payload?: string | undefined;
}

function farCommand({ url }: ForgeTarget, { method, path, payload }: FarRequest): CopiedLine[] {
  const { origin, pathname } = new URL(url);
  const address = `${origin}${pathname.replace(/\/+$/, "")}${path}`;
  return [farCurlOf({ protocol: "http", method, address, payload })].filter((line) => line !== undefined);
}

/** The secrets of a proxy are never in the page. */
function proxyNotes({ authentication }: ForgeTarget): CopiedLine[] {
  return authentication.method === "none" ? [] : [{ note: "The proxy asks who calls: add its header." }];
}
