import { forgeExchanges, type HttpExchange } from "../../../recordings/recordings.ts";
import type { JobStatus } from "../../../shared/forge/schema.ts";
import { commands, type ForgeCommand } from "../../../shared/forge/wire-commands.ts";
import type { ForgeClient } from "../client/client.ts";
import { booleanWire, cleanupWire, countWire, idWire } from "../client/wire.ts";

export type Body = Record<string, unknown>;

/** What a recording kept whole; long answers were cut, and their text is no JSON any more. */
export const whole = forgeExchanges().filter(({ body, request }) => !isCut(body) && !isCut(request));

function isCut(value: unknown): boolean {
  return typeof value === "object" && value !== null && "truncated" in value;
}

export function title({ method, path, request, status }: HttpExchange): string {
  const body = request === null ? "" : ` ${JSON.stringify(request).slice(0, 120)}`;
  return `${status} ${method} ${path}${body}`;
}

/** How the client asks what was asked in an exchange; undefined where it never does. */
function clientCall({
  method,
  path,
  request,
}: HttpExchange): ((client: ForgeClient) => Promise<unknown>) | undefined {
  const url = new URL(path, "http://server");
  const query = Object.fromEntries(url.searchParams);
  const body = (request ?? {}) as Body;
  if (method === "POST" && path === "/jobs/list") return listCall(body);
  if (method === "POST") return commandCall(url.pathname, body);
  if (method !== "GET") return undefined;
  const window = { from: query.from ?? "", to: query.to ?? "", bucketSeconds: Number(query.bucket_secs) };
  const reads: Record<string, (client: ForgeClient) => Promise<unknown>> = {
    "/health": (client) => client.health(),
    "/metrics": (client) => client.metricsText(),
    "/storage/info": (client) => client.storage(),
    "/queue/overview": (client) => client.overview(),
    "/queue/processes": (client) => client.processes(query.queue_name),
    "/queue/workers": (client) => client.workers(),
    "/queue/timeline": (client) => client.timeline(window),
    "/queue/metric-series": (client) => client.metricSeries(query.queue ?? "", window),
    "/queue/resource-series": (client) => client.resourceSeries(window),
    "/queue/db-series": (client) => client.databaseSeries(window),
    "/jobs/failed": (client) => client.failedJobs(Number(query.limit)),
    "/jobs/kinds": (client) => client.jobKinds(query.queue_name),
    "/jobs/scheduled": (client) => client.scheduledJobs(query.queue_name),
    "/cron": (client) => client.schedules(),
  };
  const [, id] = /^\/jobs\/inspect\/([^/%]+)$/.exec(path) ?? [];
  return id === undefined ? reads[url.pathname] : (client) => client.inspect(id);
}

function listCall({ filter, limit, offset }: Body): (client: ForgeClient) => Promise<unknown> {
  const { queues, kinds, statuses, from, to, payload_search: payloadText } = (filter ?? {}) as Body;
  const wanted = { queues, kinds, statuses, from, to, payloadText } as Parameters<
    ForgeClient["listJobs"]
  >[0]["filter"];
  return (client) => client.listJobs({ filter: wanted, limit: Number(limit), offset: Number(offset) });
}

function commandCall(path: string, body: Body): ((client: ForgeClient) => Promise<unknown>) | undefined {
  const [area = "", name = "", verb = ""] = path.slice(1).split("/").map(decodeURIComponent);
  const unit = (command: ForgeCommand) => (client: ForgeClient) => client.sendUnit(command);
  const counted = (command: ForgeCommand) => (client: ForgeClient) => client.send(command, countWire);
  const named = (command: ForgeCommand) => (client: ForgeClient) => client.send(command, idWire);
  const ids = body.ids as string[];
  const status = body.status as JobStatus;
  const queueName = (body.queue_name ?? undefined) as string | undefined;
  switch (`${area}/${verb || name}`) {
    case "queue/paused":
      return unit(commands.setPaused(name, body.paused as boolean));
    case "queue/max-workers":
      return unit(commands.setMaxWorkers(name, body.n as number));
    case "queue/retention":
      return unit(commands.setRetention(name, body.done_days as number, body.dead_days as number));
    case "queue/backoff": {
      const [baseSeconds, maxSeconds] = [body.base_seconds as number, body.max_seconds as number];
      return unit(commands.setBackoff(name, { enabled: body.enabled as boolean, baseSeconds, maxSeconds }));
    }
    case "queue/cleanup":
      return (client) => client.send(commands.cleanup(), cleanupWire);
    case "cron/enabled":
      return unit(commands.setEnabled(name, body.enabled as boolean));
    case "cron/expr":
      return unit(commands.setExpression(name, body.expr as string));
    case "cron/dedupe":
      return unit(commands.setDedupe(name, body.dedupe as boolean));
    case "cron/trigger":
      return named(commands.trigger(name));
    case "jobs/enqueue":
      return queueName === undefined || !("payload" in body)
        ? undefined
        : named(enqueueCommand(body, queueName));
    case "jobs/enqueue-demo":
      return "payload" in body ? named(commands.enqueueDemo(JSON.stringify(body.payload))) : undefined;
    case "jobs/retry":
      return counted(commands.retry(ids));
    case "jobs/requeue":
      return counted(commands.requeue(ids));
    case "jobs/retry-all-failed":
      return counted(commands.retryAllFailed());
    case "jobs/retry-all-by-status":
      return counted(commands.retryAllByStatus(status));
    case "jobs/delete":
      return counted(commands.delete(ids));
    case "jobs/delete-by-status":
      return counted(commands.deleteByStatus(status, queueName));
    case "jobs/delete-done-older-than":
      return counted(commands.deleteDone(body.days as number, queueName));
    default:
      return path.startsWith("/jobs/run-now/")
        ? (client) => client.send(commands.runNow(path.slice("/jobs/run-now/".length)), booleanWire)
        : undefined;
  }
}

function enqueueCommand(body: Body, queueName: string): ForgeCommand {
  return commands.enqueue({
    kind: body.kind as string,
    queueName,
    payload: JSON.stringify(body.payload),
    dedupeKey: body.dedupe_key as string | undefined,
    runAt: body.run_at as string | undefined,
    priority: body.priority as number | undefined,
    maxAttempts: body.max_attempts as number | undefined,
  });
}

/** The exchanges that the client could have had, with the call that has them. What the web framework refused was asked by hand. */
export const asked = whole.flatMap((exchange) => {
  const byHand = exchange.status !== 200 && exchange.headers["content-type"] !== "application/json";
  const call = byHand ? undefined : clientCall(exchange);
  return call ? [{ name: title(exchange), exchange, call }] : [];
});
