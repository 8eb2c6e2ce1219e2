import { countJobs, noJobs } from "./count-jobs.ts";
import { readBody, readQuery } from "./extractor.ts";
import type { Queue, Slot } from "./model.ts";
import { sweep } from "./retention.ts";
import { get, post, type Route, type RouteRequest } from "./route.ts";
import type { ForgeStore } from "./store.ts";
import { json, queueSettings, slotRow, timestamp } from "./wire.ts";

const staleMs = 60_000;

function overview({ store }: RouteRequest) {
  const all = countJobs(store);
  const rows = store.sortedQueues().map((queue) => {
    const { oldest, ...counts } = all.get(queue.name) ?? noJobs();
    return {
      name: queue.name,
      paused: queue.paused,
      max_workers: queue.maxWorkers,
      counts,
      processes: slotsOf(store, queue.name).map(slotRow),
      ...queueSettings(queue),
      oldest_pending_age_seconds: Math.floor(oldest / 1000),
    };
  });
  return json(rows);
}

function slotsOf(store: ForgeStore, queue: string | undefined): Slot[] {
  return [...store.slots.values()]
    .filter((slot) => queue === undefined || slot.queue === queue)
    .sort((left, right) => (left.queue + left.processId < right.queue + right.processId ? -1 : 1));
}

/** Live worker processes and what nobody serves (forge-jobs §6.6). */
function workers({ store }: RouteRequest) {
  const now = store.now();
  const pods = [...store.pods.values()].filter((pod) => now - pod.heartbeatAt <= staleMs);
  pods.sort((left, right) => (left.hostId < right.hostId ? -1 : 1));
  const served = new Set<string>();
  const rows = pods.map((pod) => {
    const slots = [...store.slots.values()].filter((slot) => slot.hostId === pod.hostId);
    const live = slots.filter((slot) => now - slot.heartbeatAt <= staleMs);
    const assigned = [...pod.assigned].filter(([, count]) => count > 0).sort();
    for (const [name] of assigned) served.add(name);
    return {
      host_id: pod.hostId,
      worker_name: pod.name,
      queues: pod.queues,
      slots: assigned.map(([queue_name, count]) => ({ queue_name, slots: count })),
      workers_live: live.length,
      in_flight: live.filter((slot) => slot.currentJob !== null).length,
      heartbeat_at: timestamp(pod.heartbeatAt),
      heartbeat_age_seconds: Math.max(0, Math.floor((now - pod.heartbeatAt) / 1000)),
    };
  });
  const unassigned = store.sortedQueues().filter(({ name }) => !served.has(name));
  return json({ workers: rows, unassigned_queues: unassigned.map(({ name }) => name) });
}

function clamp(value: unknown, low: number, high: number): number {
  return Math.min(Math.max(Number(value), low), high);
}

/** A change of one queue's settings; an unknown name changes nothing and is 200 as well (trap 6). */
function change(
  fields: Parameters<typeof readBody>[1],
  work: (queue: Queue, body: Record<string, unknown>) => void,
): Route["answer"] {
  return (request) => {
    const body = readBody(request, fields);
    const queue = request.store.queues.get(request.parameters[0] ?? "");
    if (queue) work(queue, body);
    return { kind: "unit" };
  };
}

/** Routes of queues, workers and storage (forge-jobs §6.1–§6.6, §6.11). */
export const queueRoutes: readonly Route[] = [
  get("/health", "0.1.0", () => ({ kind: "text", text: "ok" })),
  get("/storage/info", "0.1.0", () =>
    json({
      backend: "sqlite",
      fields: [
        ["sqlite_version", "3.46.0"],
        ["journal_mode", "wal"],
        ["busy_timeout_secs", "30"],
        ["write_pool_max", "1"],
        ["read_pool_max", "8"],
      ],
    }),
  ),
  get("/queue/overview", "0.1.0", overview),
  get("/queue/processes", "0.2.0", ({ store, query }) => {
    const { queue_name } = readQuery(query, { queue_name: { type: "string", optional: true } });
    return json(slotsOf(store, queue_name).map(slotRow));
  }),
  get("/queue/workers", "0.3.0", workers),
  post("/queue/cleanup", "0.2.0", ({ store }) => json(sweep(store))),
  post(
    "/queue/{name}/max-workers",
    "0.2.0",
    change({ n: { type: "i32" } }, (queue, { n }) => {
      queue.maxWorkers = clamp(n, 0, 64);
    }),
  ),
  post(
    "/queue/{name}/paused",
    "0.2.0",
    change({ paused: { type: "boolean" } }, (queue, { paused }) => {
      queue.paused = paused === true;
    }),
  ),
  post(
    "/queue/{name}/retention",
    "0.2.0",
    change({ done_days: { type: "i32" }, dead_days: { type: "i32" } }, (queue, body) => {
      queue.retainDoneDays = Math.max(0, Number(body.done_days));
      queue.retainDeadDays = Math.max(0, Number(body.dead_days));
    }),
  ),
  post(
    "/queue/{name}/backoff",
    "0.1.0",
    change(
      { enabled: { type: "boolean" }, base_seconds: { type: "i32" }, max_seconds: { type: "i32" } },
      (queue, body) => {
        queue.backoffEnabled = body.enabled === true;
        queue.backoffBase = clamp(body.base_seconds, 1, 86_400);
        queue.backoffMax = clamp(body.max_seconds, 1, 86_400);
      },
    ),
  ),
];
