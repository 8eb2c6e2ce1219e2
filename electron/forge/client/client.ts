import type { z } from "zod";
import type { WireRequest } from "../../../shared/contract/index.ts";
import { parseBoundedJson } from "../../../shared/contract/index.ts";
import type { JobFilter } from "../../../shared/forge/job-schema.ts";
import { type ForgeCommand, segment } from "../../../shared/forge/wire-commands.ts";
import type { HttpClient } from "../../upstream/http-client.ts";
import type { HttpReply } from "../../upstream/http-messages.ts";
import { memberTexts } from "../../upstream/lossless-json.ts";
import { goodText, unreadable } from "./reply.ts";
import * as wire from "./wire.ts";
import * as series from "./wire-series.ts";

/** A span in buckets, times as RFC 3339 with `Z`. */
export interface SeriesWindow {
  from: string;
  to: string;
  bucketSeconds: number;
}

interface JobSearch {
  filter: JobFilter;
  limit: number;
  offset: number;
}

const longTimeoutMs = 300_000;

/** The read routes of a forge-jobs server, typed; and one way to send commands. Throws a Failure for every other answer. */
export class ForgeClient {
  constructor(readonly http: HttpClient) {}

  async health(): Promise<string> {
    return (await this.text({ path: "/health" })).trim();
  }

  metricsText(): Promise<string> {
    return this.text({ path: "/metrics" });
  }

  storage() {
    return this.json("/storage/info", wire.storageWire);
  }

  overview() {
    return this.json("/queue/overview", wire.overviewWire);
  }

  processes(queueName?: string) {
    return this.json(withQuery("/queue/processes", { queue_name: queueName }), wire.processesWire);
  }

  workers() {
    return this.json("/queue/workers", wire.workersWire);
  }

  timeline(window: SeriesWindow) {
    return this.json(withQuery("/queue/timeline", windowQuery(window)), series.timelineWire);
  }

  metricSeries(queue: string, window: SeriesWindow) {
    return this.json(
      withQuery("/queue/metric-series", { queue, ...windowQuery(window) }),
      series.metricSeriesWire,
    );
  }

  resourceSeries(window: SeriesWindow) {
    return this.json(withQuery("/queue/resource-series", windowQuery(window)), series.resourceSeriesWire);
  }

  databaseSeries(window: SeriesWindow) {
    return this.json(withQuery("/queue/db-series", windowQuery(window)), series.databaseSeriesWire);
  }

  /** A search of jobs; `total` counts only what the server fetched, `limit + offset` a status at most (forge-jobs §6.12). */
  listJobs(search: JobSearch) {
    return this.search(search, wire.jobPageWire);
  }

  /** The same search, of which only what names a job is read: a hundred thousand rows are told in one answer. */
  async matchJobs(search: JobSearch) {
    return (await this.search(search, wire.jobNamesWire)).rows;
  }

  failedJobs(limit: number) {
    return this.json(withQuery("/jobs/failed", { limit: String(limit) }), wire.jobsWire);
  }

  scheduledJobs(queueName?: string) {
    return this.json(withQuery("/jobs/scheduled", { queue_name: queueName }), wire.jobsWire);
  }

  jobKinds(queueName?: string) {
    return this.json(withQuery("/jobs/kinds", { queue_name: queueName }), wire.idWire.array());
  }

  /** A job with its payload as text, every digit kept. Throws `not_found`. */
  async inspect(id: string) {
    const path = `/jobs/inspect/${segment(id)}`;
    const reply = await this.http.read({ method: "GET", path });
    const { row, error_history: errors } = parse(path, reply, wire.inspectWire);
    return { row, payload: memberTexts(reply.text, "payload")[0] ?? "null", errors };
  }

  async schedules() {
    const reply = await this.http.read({ method: "GET", path: "/cron" });
    const rows = parse("/cron", reply, wire.schedulesWire);
    const payloads = memberTexts(reply.text, "payload");
    return rows.map((row, index) => ({ ...row, payload: payloads[index] ?? "null" }));
  }

  /** Sends a command whose answer is empty (forge-jobs trap 2); a web page comes from something in between. */
  async sendUnit(command: ForgeCommand): Promise<void> {
    const reply = await this.act(command);
    if (reply.contentType === "text/html")
      throw unreadable(reply, { path: command.path, problem: "it is no answer of a jobs server." });
  }

  /** Sends a command whose answer is a JSON value. */
  async send<Schema extends z.ZodType>(command: ForgeCommand, schema: Schema): Promise<z.output<Schema>> {
    return parse(command.path, await this.act(command), schema);
  }

  /** A command as the record of an activity shows it. */
  describe(command: ForgeCommand): WireRequest {
    return {
      protocol: "http",
      method: "POST",
      address: `${this.http.address}${command.path}`,
      ...(command.body !== undefined && { payload: command.body }),
    };
  }

  private async search<Schema extends z.ZodType>(
    { filter, limit, offset }: JobSearch,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const path = "/jobs/list";
    const body = JSON.stringify({ filter: wireFilter(filter), limit, offset });
    const reply = await this.http.read({ method: "POST", path, body, timeoutMs: longTimeoutMs });
    return parse(path, reply, schema);
  }

  private async act({ path, body, long }: ForgeCommand): Promise<HttpReply> {
    const timeoutMs = long ? longTimeoutMs : undefined;
    const reply = await this.http.send({ method: "POST", path, body, timeoutMs });
    goodText(reply, path);
    return reply;
  }

  private async text({ path }: { path: string }): Promise<string> {
    const reply = await this.http.read({ method: "GET", path });
    const text = goodText(reply, path);
    if (reply.contentType !== "text/plain")
      throw unreadable(reply, { path, problem: "it is no plain text." });
    return text;
  }

  private async json<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    return parse(path.split("?")[0] ?? path, await this.http.read({ method: "GET", path }), schema);
  }
}

function parse<Schema extends z.ZodType>(path: string, reply: HttpReply, schema: Schema): z.output<Schema> {
  const text = goodText(reply, path);
  let value: unknown;
  try {
    value = parseBoundedJson(text);
  } catch {
    throw unreadable(reply, { path, problem: "it is no JSON." });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unreadable(reply, { path, problem: `${issue?.path.join(".")}: ${issue?.message}.` });
}

function withQuery(path: string, values: Record<string, string | undefined>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

function windowQuery({ from, to, bucketSeconds }: SeriesWindow): Record<string, string> {
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    bucket_secs: String(bucketSeconds),
  };
}

/** Lists may be absent but not null (forge-jobs §3). */
function wireFilter(filter: JobFilter): object {
  return {
    queues: filter.queues,
    kinds: filter.kinds,
    statuses: filter.statuses,
    from: filter.from,
    to: filter.to,
    payload_search: filter.payloadText,
  };
}
