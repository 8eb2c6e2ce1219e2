import type { Page } from "@playwright/test";
import type { OperationName } from "../../shared/catalogue.ts";
import type { Guard } from "../../shared/contract/index.ts";
import { connect, goToPlace } from "./connect.ts";
import type { ConsoleSettings, RunningConsole } from "./console.ts";
import type { PlaygroundProcess } from "./playground.ts";

type ForgeOperation = Extract<OperationName, `forge.${string}`>;

/** Inputs of operations on a jobs server that tell more than any that fit. */
export function forgeInputs(connectionId: string): Partial<Record<ForgeOperation, Record<string, unknown>>> {
  const scope = { connectionId };
  const queue = { connectionId, name: "mailers" };
  const schedule = { connectionId, name: "stock-sync" };
  const jobs = { connectionId, ids: ["01JX91M3Y8E4T0V6S2QAGF7PZK"] };
  const job = { connectionId, id: "01JX91M3Y8E4T0V6S2QAGF7PZK" };
  const span = { connectionId, from: "2026-07-01T00:00:00Z", to: "2026-07-01T01:00:00Z" };
  const window = { ...span, bucketSeconds: 300 };
  const filter = { statuses: ["failed"], queues: ["mailers"] };
  return {
    "forge.server.get": scope,
    "forge.server.level": scope,
    "forge.queues.list": scope,
    "forge.processes.list": scope,
    "forge.workers.list": scope,
    "forge.storage.get": scope,
    "forge.queues.set-backoff": { ...queue, enabled: true, baseSeconds: 15, maxSeconds: 600 },
    "forge.queues.set-paused": { ...queue, paused: false },
    "forge.queues.set-max-workers": { ...queue, workers: 4 },
    "forge.queues.set-retention": { ...queue, doneDays: 7, deadDays: 30 },
    "forge.cleanup.preview": scope,
    "forge.cleanup": scope,
    "forge.jobs.list": { connectionId, filter, limit: 10, offset: 0 },
    "forge.jobs.match": { connectionId, filter },
    "forge.jobs.count": { connectionId, filter },
    "forge.jobs.count-old": { connectionId, olderThanDays: 30 },
    "forge.jobs.failed": { connectionId, limit: 5 },
    "forge.jobs.scheduled": { connectionId, queueName: "reports" },
    "forge.jobs.kinds": { connectionId, queueName: "a b" },
    "forge.jobs.get": job,
    "forge.jobs.enqueue": { connectionId, queueName: "mailers", kind: "send_receipt", payload: '{"n":1}' },
    "forge.jobs.enqueue-demo": { connectionId, payload: "{}" },
    "forge.jobs.run-now": job,
    "forge.jobs.retry": jobs,
    "forge.jobs.requeue": jobs,
    "forge.jobs.retry-all-failed": scope,
    "forge.jobs.retry-all-by-status": { connectionId, status: "dead" },
    "forge.jobs.delete": jobs,
    "forge.jobs.delete-by-status": { connectionId, status: "dead", queueName: "mailers" },
    "forge.jobs.delete-done": { connectionId, olderThanDays: 30 },
    "forge.cron.list": scope,
    "forge.cron.set-enabled": { ...schedule, enabled: true },
    "forge.cron.set-expression": { ...schedule, expression: "0 0 * * * *" },
    "forge.cron.set-dedupe": { ...schedule, dedupe: true },
    "forge.cron.trigger": schedule,
    "forge.metrics.get": scope,
    "forge.history.get": { ...span, points: 10, queue: "mailers" },
    "forge.timeline.get": window,
    "forge.series.queue": { ...window, queue: "mailers" },
    "forge.series.resources": window,
    "forge.series.database": window,
  };
}

/** A furnished jobs server in which nothing happens by itself. */
export const forgeOnly = ["--hosts", "0", "--systems", "forge"];

/** The connection of these stories. */
export const jobsConnection = "jobs";

interface Openable {
  open(settings?: Partial<ConsoleSettings>): Promise<RunningConsole>;
}

/** A console that follows the playground's jobs server, with the page on the named screen. */
export async function followForge(
  stage: Openable,
  playground: PlaygroundProcess,
  options: { guard?: Guard; screen?: string; settings?: Partial<ConsoleSettings> } = {},
): Promise<RunningConsole> {
  const started = await stage.open(options.settings);
  await connect(started, {
    connectionId: jobsConnection,
    profile: {
      name: "Shop jobs",
      color: "#e8590c",
      environment: "TEST",
      guard: options.guard ?? "open",
      openAtStart: true,
      system: "forge",
      target: {
        url: String(playground.systems.forge?.url),
        authentication: { method: "bearer" },
        requestTimeoutMs: 5_000,
      },
    },
    secrets: { token: String(playground.systems.forge?.token) },
  });
  await goToForge(started.page, options.screen ?? "queues");
  return started;
}

/** Shows a screen of the jobs server. */
export async function goToForge(page: Page, screen: string): Promise<void> {
  await goToPlace(page, `/forge/${jobsConnection}/${screen}`);
}

/** Carries out an order on the simulated jobs server. */
export async function orderForge(
  playground: PlaygroundProcess,
  order: Record<string, unknown>,
): Promise<void> {
  await playground.order({ do: "system", system: "forge", order });
}
