import { nextFire, parseCron } from "./cron.ts";
import { readBody } from "./extractor.ts";
import type { Schedule } from "./model.ts";
import { get, isAtLeast, post, type Route, type RouteRequest } from "./route.ts";
import type { ForgeStore } from "./store.ts";
import { type Answer, json, scheduleRow, tagged } from "./wire.ts";

function list({ store, version }: RouteRequest): Answer {
  const rows = [...store.schedules.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  const withDedupe = isAtLeast(version, "0.2.1");
  const texts = rows.map((row) => {
    const text = JSON.stringify(scheduleRow(row, withDedupe));
    return text.replace('"payload":null', () => `"payload":${row.payload}`);
  });
  return { kind: "json", text: `[${texts.join(",")}]` };
}

/** A change of one schedule; an unknown name is 200 as well (trap 6). */
function change(store: ForgeStore, name: string, work: (schedule: Schedule) => void): Answer {
  const schedule = store.schedules.get(name);
  if (schedule) {
    work(schedule);
    schedule.updatedAt = store.now();
  }
  return { kind: "unit" };
}

/** The queue that a kind belongs to by its first letters (forge-jobs §6.15). */
export function queueOfKind(kind: string): string {
  if (kind.startsWith("gh_")) return "gh";
  return kind.startsWith("slack_") ? "slack" : "default";
}

function trigger({ store, parameters }: RouteRequest): Answer {
  const name = parameters[0] ?? "";
  const schedule = store.schedules.get(name);
  if (!schedule) return tagged(404, { kind: "not_found", msg: `cron schedule \`${name}\` not found` });
  const job = store.enqueue({
    queue: schedule.queue ?? queueOfKind(schedule.kind),
    kind: schedule.kind,
    payload: schedule.payload,
    maxAttempts: schedule.maxAttempts,
  });
  schedule.lastFiredAt = store.now();
  schedule.nextFireAt = nextFire(schedule.expression, store.now());
  schedule.lastError = null;
  schedule.updatedAt = store.now();
  return json(job.id);
}

/** Routes of schedules (forge-jobs §6.15). */
export const cronRoutes: readonly Route[] = [
  get("/cron", "0.2.0", list),
  post("/cron/{name}/enabled", "0.2.0", (request) => {
    const { enabled } = readBody(request, { enabled: { type: "boolean" } });
    return change(request.store, request.parameters[0] ?? "", (schedule) => {
      schedule.enabled = enabled === true;
      schedule.nextFireAt = null;
      if (schedule.enabled) schedule.lastError = null;
    });
  }),
  post("/cron/{name}/expr", "0.2.0", (request) => {
    const { expr } = readBody(request, { expr: { type: "string" } });
    try {
      parseCron(String(expr));
    } catch (error) {
      const text = error instanceof Error ? error.message : "";
      return tagged(400, { kind: "validation", field: "cron_expr", msg: `invalid cron expression: ${text}` });
    }
    return change(request.store, request.parameters[0] ?? "", (schedule) => {
      schedule.expression = String(expr);
      schedule.nextFireAt = null;
      schedule.lastError = null;
    });
  }),
  post("/cron/{name}/dedupe", "0.2.1", (request) => {
    const { dedupe } = readBody(request, { dedupe: { type: "boolean" } });
    return change(request.store, request.parameters[0] ?? "", (schedule) => {
      schedule.dedupeKey = dedupe === true ? schedule.name : null;
    });
  }),
  post("/cron/{name}/trigger", "0.2.0", trigger),
];
