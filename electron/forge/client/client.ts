import type { z } from "zod";
import type { WireRequest } from "../../../shared/contract/index.ts";
import { parseBoundedJson } from "../../../shared/contract/index.ts";
import type { JobFilter } from "../../../shared/forge/job-schema.ts";
import { type ForgeCommand, segment } from "../../../shared/forge/wire-commands.ts";
import { memberTexts } from "../../upstream/lossless-json.ts";
import type { HttpRequest, HttpResponse, HttpTransport } from "./http-transport.ts";
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
  constructor(readonly transport: HttpTransport) {}

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
    const response = await this.transport.read({ method: "GET", path });
    const { row, error_history: errors } = this.parse(path, response, wire.inspectWire);
    return { row, payload: memberTexts(response.text, "payload")[0] ?? "null", errors };
  }

  async schedules() {
    const response = await this.transport.read({ method: "GET", path: "/cron" });
    const rows = this.parse("/cron", response, wire.schedulesWire);
    const payloads = memberTexts(response.text, "payload");
    return rows.map((row, index) => ({ ...row, payload: payloads[index] ?? "null" }));
  }

  /** Sends a command whose answer is empty (forge-jobs trap 2); a web page comes from something in between. */
  async sendUnit(command: ForgeCommand): Promise<void> {
    const { path } = command;
    const response = await this.act(command);
    const { hidden } = this.transport;
    if (response.contentType === "text/html")
      throw unreadable(response, { path, problem: "it is no answer of a jobs server.", hidden });
  }

  /** Sends a command whose answer is a JSON value. */
  async send<Schema extends z.ZodType>(command: ForgeCommand, schema: Schema): Promise<z.output<Schema>> {
    const response = await this.act(command);
    return this.parse(command.path, response, schema);
  }

  /** A command as the record of an activity shows it. */
  describe(command: ForgeCommand): WireRequest {
    return {
      protocol: "http",
      method: "POST",
      address: `${this.transport.address}${command.path}`,
      ...(command.body !== undefined && { payload: command.body }),
    };
  }

  private async search<Schema extends z.ZodType>(
    { filter, limit, offset }: JobSearch,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const path = "/jobs/list";
    const body = JSON.stringify({ filter: wireFilter(filter), limit, offset });
    const response = await this.transport.read({ method: "POST", path, body, timeoutMs: longTimeoutMs });
    return this.parse(path, response, schema);
  }

  private async act({ path, body, long }: ForgeCommand): Promise<HttpResponse> {
    const request: HttpRequest = { method: "POST", path, body, ...(long && { timeoutMs: longTimeoutMs }) };
    const response = await this.transport.act(request);
    goodText(response, { path, hidden: this.transport.hidden });
    return response;
  }

  private async text({ path }: { path: string }): Promise<string> {
    const response = await this.transport.read({ method: "GET", path });
    const { hidden } = this.transport;
    const text = goodText(response, { path, hidden });
    if (response.contentType !== "text/plain")
      throw unreadable(response, { path, problem: "it is no plain text.", hidden });
    return text;
  }

  private async json<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    return this.parse(path.split("?")[0] ?? path, await this.transport.read({ method: "GET", path }), schema);
  }

  private parse<Schema extends z.ZodType>(
    path: string,
    response: HttpResponse,
    schema: Schema,
  ): z.output<Schema> {
    const { hidden } = this.transport;
    const text = goodText(response, { path, hidden });
    let value: unknown;
    try {
      value = parseBoundedJson(text);
    } catch {
      throw unreadable(response, { path, problem: "it is no JSON.", hidden });
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw unreadable(response, { path, problem: `${issue?.path.join(".")}: ${issue?.message}.`, hidden });
  }
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
