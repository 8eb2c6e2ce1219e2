import { checkObject, readBody, readQuery, readTime } from "./extractor.ts";
import { listJobs } from "./job-list.ts";
import type { Job, Status } from "./model.ts";
import { statuses } from "./model.ts";
import { payloadText } from "./payload-text.ts";
import { get, post, type Route, type RouteRequest } from "./route.ts";
import type { ForgeStore } from "./store.ts";
import { type Answer, errorTime, jobRow, json, tagged } from "./wire.ts";

const dayMs = 86_400_000;

/** A route panics: the server drops the connection without an answer (trap 17). */
export class Panic extends Error {}

/** A route that never comes to an end (trap 4). */
export class Endless extends Error {}

function list(request: RouteRequest): Answer {
  const body = readBody(request, {
    limit: { type: "u32" },
    offset: { type: "u32" },
    filter: { type: "any", optional: true, notNull: true, expected: "struct JobsFilterDto" },
  });
  const filter = checkObject(
    body.filter ?? {},
    {
      queues: { type: "strings", optional: true, notNull: true },
      kinds: { type: "strings", optional: true, notNull: true },
      statuses: { type: "strings", optional: true, notNull: true },
      from: { type: "time", optional: true },
      to: { type: "time", optional: true },
      payload_search: { type: "string", optional: true },
    },
    { text: request.body.toString("utf8"), path: ["filter"] },
  );
  const page = listJobs(request.store, {
    queues: (filter.queues as string[] | undefined) ?? [],
    kinds: (filter.kinds as string[] | undefined) ?? [],
    statuses: (filter.statuses as string[] | undefined) ?? [],
    from: readTime(String(filter.from ?? "")),
    to: readTime(String(filter.to ?? "")),
    search: String(filter.payload_search ?? "")
      .trim()
      .toLowerCase(),
    limit: Number(body.limit),
    offset: Number(body.offset),
  });
  return json({ rows: page.rows.map(jobRow), total: page.total, limit: body.limit, offset: body.offset });
}

function newestFirst(left: Job, right: Job): number {
  return right.enqueuedAt - left.enqueuedAt;
}

function inspect({ store, parameters }: RouteRequest): Answer {
  const job = store.jobs.get(parameters[0] ?? "");
  if (!job) return tagged(404, { kind: "not_found", msg: "job not found" });
  const history = job.errors.map(({ at, attempt, message }) => ({ at: errorTime(at), attempt, message }));
  const text = `{"row":${JSON.stringify(jobRow(job))},"payload":${job.payload},"error_history":${JSON.stringify(history)}}`;
  return { kind: "json", text };
}

function enqueue(request: RouteRequest): Answer {
  const { store } = request;
  const body = readBody(request, {
    kind: { type: "string" },
    payload: { type: "any" },
    queue_name: { type: "string", optional: true },
    dedupe_key: { type: "string", optional: true },
    run_at: { type: "time", optional: true },
    priority: { type: "i32", optional: true },
    max_attempts: { type: "i32", optional: true },
  });
  if (String(body.kind).trim() === "")
    return tagged(400, { kind: "validation", field: "kind", msg: "kind must be non-empty" });
  if (typeof body.queue_name !== "string")
    return tagged(400, { kind: "validation", field: "input", msg: "enqueue: queue_name required" });
  const job = store.enqueue({
    queue: body.queue_name,
    kind: String(body.kind),
    payload: payloadText(request.body),
    dedupeKey: (body.dedupe_key as string | null) ?? null,
    runAt: typeof body.run_at === "string" ? (readTime(body.run_at) ?? null) : null,
    priority: (body.priority as number | null) ?? null,
    maxAttempts: (body.max_attempts as number | null) ?? null,
  });
  return json(job.id);
}

/** Makes a failed or dead job pending; attempts, errors and start stay (forge-jobs §6.14). */
export function retryJob(
  store: ForgeStore,
  job: Job | undefined,
  from: readonly Status[] = ["failed", "dead"],
): boolean {
  if (!job || !from.includes(job.status)) return false;
  const holder = job.dedupeKey === null ? undefined : store.activeJob(job.dedupeKey);
  if (holder && holder !== job) return false;
  store.setStatus(job, "pending");
  job.scheduledAt = store.now();
  job.completedAt = null;
  job.processId = null;
  job.heartbeatAt = null;
  return true;
}

function eachId(request: RouteRequest, work: (job: Job | undefined) => boolean): Answer {
  const body = readBody(request, { ids: { type: "strings" } });
  return json((body.ids as string[]).filter((id) => work(request.store.jobs.get(id))).length);
}

const retry: Route["answer"] = (request) => eachId(request, (job) => retryJob(request.store, job));

function remove(request: RouteRequest): Answer {
  return eachId(request, (job) => {
    if (!job) return false;
    if (job.status === "in_progress") job.cancelRequested = true;
    else request.store.remove(job);
    return true;
  });
}

/** All of a status in batches of 500; on SQLite a batch that is not full is the last (traps 4 and 5). */
function retryAll(store: ForgeStore, status: Status): Answer {
  let changed = 0;
  for (;;) {
    const batch = [...store.jobs.values()].filter((job) => job.status === status).slice(0, 500);
    const moved = batch.filter((job) => retryJob(store, job, [status])).length;
    changed += moved;
    if (moved < 500) return json(changed);
    if (status === "pending") throw new Endless();
  }
}

function readStatus(status: unknown): Status | undefined {
  return statuses.find((each) => each === String(status).trim());
}

function unknownStatus(status: unknown): Answer {
  return tagged(400, { kind: "validation", field: "status", msg: `unknown status \`${String(status)}\`` });
}

function deleteWhere(store: ForgeStore, fits: (job: Job) => boolean): Answer {
  const doomed = [...store.jobs.values()].filter(fits);
  for (const job of doomed) store.remove(job);
  return json(doomed.length);
}

function deleteOld(request: RouteRequest): Answer {
  const { store } = request;
  const body = readBody(request, { days: { type: "u32" }, queue_name: { type: "string", optional: true } });
  const days = Number(body.days);
  if (days > 95_000_000) throw new Panic();
  const before = store.now() - days * dayMs;
  const inQueue = (job: Job): boolean =>
    typeof body.queue_name === "string" ? job.queue === body.queue_name : store.queues.has(job.queue);
  return deleteWhere(
    store,
    (job) => job.status === "done" && job.completedAt !== null && job.completedAt < before && inQueue(job),
  );
}

/** Routes of jobs (forge-jobs §6.12–§6.14). */
export const jobRoutes: readonly Route[] = [
  post("/jobs/list", "0.2.0", list),
  get("/jobs/failed", "0.2.0", ({ store, query }) => {
    const { limit } = readQuery(query, { limit: { type: "u32" } });
    const failed = [...store.jobs.values()].filter((job) => job.status === "failed").sort(newestFirst);
    return json(failed.slice(0, Number(limit)).map(jobRow));
  }),
  get("/jobs/kinds", "0.2.0", ({ store, query }) => {
    const { queue_name } = readQuery(query, { queue_name: { type: "string", optional: true } });
    const jobs = [...store.jobs.values()].filter(
      (job) => queue_name === undefined || job.queue === queue_name,
    );
    return json([...new Set(jobs.map(({ kind }) => kind))].sort());
  }),
  get("/jobs/scheduled", "0.2.0", ({ store, query }) => {
    const { queue_name } = readQuery(query, { queue_name: { type: "string", optional: true } });
    const now = store.now();
    const due = [...store.jobs.values()]
      .filter(
        (job) =>
          job.status === "pending" &&
          job.scheduledAt > now &&
          (queue_name === undefined || job.queue === queue_name),
      )
      .sort((left, right) => left.scheduledAt - right.scheduledAt || (left.id < right.id ? -1 : 1));
    return json(due.slice(0, 500).map(jobRow));
  }),
  get("/jobs/inspect/{id}", "0.2.0", inspect),
  post("/jobs/enqueue", "0.2.0", enqueue),
  post("/jobs/enqueue-demo", "0.2.0", (request) => {
    const body = readBody(request, { payload: { type: "any", optional: true } });
    const payload = body.payload === undefined || body.payload === null ? "{}" : payloadText(request.body);
    return json(request.store.enqueue({ queue: "default", kind: "noop_echo", payload }).id);
  }),
  post("/jobs/run-now/{id}", "0.2.0", ({ store, parameters }) => {
    const job = store.jobs.get(parameters[0] ?? "");
    if (job?.status !== "pending") return json(false);
    job.scheduledAt = store.now();
    return json(true);
  }),
  post("/jobs/retry", "0.2.0", retry),
  post("/jobs/requeue", "0.2.0", retry),
  post("/jobs/retry-all-failed", "0.2.0", ({ store }) => retryAll(store, "failed")),
  post("/jobs/retry-all-by-status", "0.2.0", (request) => {
    const { status } = readBody(request, { status: { type: "string" } });
    const known = readStatus(status);
    return known ? retryAll(request.store, known) : unknownStatus(status);
  }),
  post("/jobs/delete", "0.2.0", remove),
  post("/jobs/delete-by-status", "0.2.0", (request) => {
    const body = readBody(request, {
      status: { type: "string" },
      queue_name: { type: "string", optional: true },
    });
    const known = readStatus(body.status);
    if (!known) return unknownStatus(body.status);
    return deleteWhere(
      request.store,
      (job) => job.status === known && (typeof body.queue_name !== "string" || job.queue === body.queue_name),
    );
  }),
  post("/jobs/delete-done-older-than", "0.2.0", deleteOld),
];
