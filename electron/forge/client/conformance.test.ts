import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Failure } from "../../../shared/contract/index.ts";
import { readCron } from "../../../shared/forge/cron-expression.ts";
import { commands } from "../../../shared/forge/wire-commands.ts";
import { parsePrometheus } from "../../upstream/prometheus.ts";
import { countJobs } from "../commands/count-jobs.ts";
import { probeLevel } from "../system.ts";
import type { SeededJob } from "../testing/jobs-servers.ts";
import { type Side, sides } from "../testing/sides.ts";
import { ForgeClient } from "./client.ts";
import { forgeHttp } from "./http.ts";
import { booleanWire, countWire, idWire } from "./wire.ts";

describe.each(sides)("%s", (_name, start) => {
  let side: Side;
  let client: ForgeClient;

  beforeAll(async () => {
    side = await start();
    client = new ForgeClient(
      forgeHttp({ url: side.url, authentication: { method: "none" }, requestTimeoutMs: 10_000 }, {}),
    );
    for (const name of ["mailers", "archive", "old"]) side.addQueue(name);
    for (let index = 0; index < 12; index += 1) side.addJob(seeded(index));
    side.addSchedule("nightly", "0 30 2 * * *");
  });
  afterAll(async () => {
    client?.http.close();
    await side?.stop();
  });

  it("has the routes of 0.3, and its settings are read back as they were bent", async () => {
    expect(await probeLevel(client.http)).toBe("0.3");
    expect(await client.health()).toBe("ok");
    expect((await client.storage()).fields.map(({ name }) => name)).toEqual([
      "sqlite_version",
      "journal_mode",
      "busy_timeout_secs",
      "write_pool_max",
      "read_pool_max",
    ]);
    await client.sendUnit(
      commands.setBackoff("mailers", { enabled: true, baseSeconds: 0, maxSeconds: 999_999 }),
    );
    await client.sendUnit(commands.setMaxWorkers("mailers", 500));
    await client.sendUnit(commands.setRetention("mailers", -5, 12));
    await client.sendUnit(commands.setPaused("mailers", true));
    await client.sendUnit(commands.setPaused("nobody/here", true));
    const queues = await client.overview();
    expect(queues.map(({ name }) => name)).toEqual(["archive", "mailers", "old"]);
    expect(queues[1]).toMatchObject({
      backoff: { enabled: true, baseSeconds: 1, maxSeconds: 86_400 },
      maxWorkers: 64,
      retainDoneDays: 0,
      retainDeadDays: 12,
      paused: true,
    });
  });

  it("lists jobs with a total that is none, and counts all of them when it is asked for no row", async () => {
    const filter = { queues: ["archive"], statuses: ["failed" as const] };
    const page = await client.listJobs({ filter, limit: 4, offset: 2 });
    expect([page.rows.length, page.total]).toEqual([4, 6]);
    expect(await countJobs(client, filter)).toBe(12);
    expect(await countJobs(client, { ...filter, to: new Date(start0 + 5_000).toISOString() })).toBe(6);
    expect(await countJobs(client, {})).toBeGreaterThanOrEqual(12);
    expect(await client.failedJobs(5)).toHaveLength(5);
    expect(await client.jobKinds("archive")).toEqual(["seeded"]);
  });

  it("keeps a payload's digits up to 64 bits, sorts its keys, and answers a taken dedupe key with the job that has it", async () => {
    const params = {
      queueName: "mailers",
      kind: "k",
      payload: '{"b":18446744073709551615,"a":1}',
      dedupeKey: "key/1",
    };
    const id = await client.send(commands.enqueue(params), idWire);
    expect(await client.send(commands.enqueue(params), idWire)).toBe(id);
    expect((await client.inspect(id)).payload).toBe('{\n  "a": 1,\n  "b": 18446744073709551615\n}');
    const { row } = await client.inspect(id);
    expect(row).toMatchObject({ status: "pending", attempts: 0, maxAttempts: 5, dedupeKey: "key/1" });
    expect(await client.send(commands.runNow(id), booleanWire)).toBe(true);
    expect(await client.send(commands.runNow("01JX91M3Y8E4T0V6S2QAGF7PZK"), booleanWire)).toBe(false);
    const later = { ...params, dedupeKey: "key/2", runAt: new Date(Date.now() + 3_600_000).toISOString() };
    await client.send(commands.enqueue(later), idWire);
    expect((await client.scheduledJobs("mailers")).map(({ dedupeKey }) => dedupeKey)).toEqual(["key/2"]);
  });

  it("retries failed and dead jobs without new attempts, and skips the others", async () => {
    side.addJob({ id: idOf("R1"), queue: "old", status: "dead", attempts: 5, enqueuedAt: start0 });
    side.addJob({
      id: idOf("R2"),
      queue: "old",
      status: "done",
      attempts: 1,
      enqueuedAt: start0,
      completedAt: start0,
    });
    expect(await client.send(commands.retry([idOf("R1"), idOf("R2"), idOf("R3")]), countWire)).toBe(1);
    expect((await client.inspect(idOf("R1"))).row).toMatchObject({ status: "pending", attempts: 5 });
  });

  it("removes what rests, and only asks what runs to stop", async () => {
    side.addJob({ id: idOf("D1"), queue: "old", status: "failed", attempts: 1, enqueuedAt: start0 });
    side.addJob({ id: idOf("D2"), queue: "old", status: "in_progress", attempts: 1, enqueuedAt: start0 });
    expect(await client.send(commands.delete([idOf("D1"), idOf("D2"), idOf("D3")]), countWire)).toBe(2);
    await expect(client.inspect(idOf("D1"))).rejects.toMatchObject({
      code: "not_found",
      details: { kind: "not_found" },
    });
    expect((await client.inspect(idOf("D2"))).row.status).toBe("in_progress");
  });

  it.each([
    ["/queue/mailers/paused", undefined, 415, /Expected request with/],
    ["/queue/mailers/paused", "{", 400, /parse the request body/],
    ["/queue/mailers/paused", '{"paused":1}', 422, /deserialize the JSON body/],
    ["/queue/mailers/max-workers", '{"n":1.0}', 422, /deserialize the JSON body/],
    ["/queue/mailers/max-workers", '{"n":3000000000}', 422, /deserialize the JSON body/],
    ["/jobs/list", '{"limit":1,"offset":0,"filter":null}', 422, /deserialize the JSON body/],
    ["/jobs/retry-all-by-status", '{"status":"odd"}', 400, /unknown status/],
    ["/jobs/enqueue", '{"kind":" ","payload":null,"queue_name":"q"}', 400, /non-empty/],
    ["/jobs/enqueue", '{"kind":"k","payload":null}', 400, /queue_name required/],
  ])("refuses a bad body of %s: %j", async (path, body, status, words) => {
    const failure = await client
      .sendUnit({ path, ...(body !== undefined && { body }) })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({
      code: "upstream_refused",
      details: { status },
      upstream: expect.stringMatching(words),
    });
  });

  it.each([
    "* * * * *",
    "0 30 2 * * *",
    "0 0 0 * * 0",
    "0 0 0 * * 1",
    "0 0 0 * * 7",
    "0 0 0 * * 8",
    "0 0 9 * * Mon-Fri",
    "0 0 0 ? * MON",
    "0 0 ? * * *",
    "0 0/15 3 1-3/2 jan,feb ?",
    "0 */0 * * * *",
    "0 */59 * * * *",
    "0 */60 * * * *",
    "0 5-2 * * * *",
    "0 0 0 1 1 * 2030",
    "0 0 0 1 1 * 2101",
    "60 * * * * *",
    "0 0 0 29 2 *",
    "0 0 0 1 january *",
    "@hourly",
    "@daily",
    "@reboot",
    "0 1,,2 * * * *",
    "",
  ])("takes the expression %j exactly when the console reads it", async (expression) => {
    const taken = await client.sendUnit(commands.setExpression("nightly", expression)).then(
      () => true,
      (error: Failure) => {
        expect(error).toMatchObject({ details: { kind: "validation", field: "cron_expr" } });
        return false;
      },
    );
    expect(readCron(expression).ok).toBe(taken);
  });

  it("changes and triggers a schedule", async () => {
    await client.sendUnit(commands.setExpression("nightly", "0 30 2 * * *"));
    await client.sendUnit(commands.setEnabled("nightly", false));
    await client.sendUnit(commands.setDedupe("nightly", true));
    expect(await client.schedules()).toMatchObject([
      { name: "nightly", enabled: false, dedupeKey: "nightly", dedupeKnown: true },
    ]);
    const id = await client.send(commands.trigger("nightly"), idWire);
    expect((await client.inspect(id)).row).toMatchObject({ queueName: "mailers", status: "pending" });
    await expect(client.send(commands.trigger("nobody"), idWire)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("has ten families of gauges, and series of the wanted length", async () => {
    const { families, problems } = parsePrometheus(await client.metricsText());
    expect(problems).toEqual([]);
    expect(families.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "queue_pending_jobs gauge",
      "queue_scheduled_jobs gauge",
      "queue_in_flight_jobs gauge",
      "queue_done_jobs gauge",
      "queue_failed_jobs gauge",
      "queue_dead_jobs gauge",
      "queue_oldest_pending_age_seconds gauge",
      "queue_max_workers gauge",
      "queue_paused gauge",
      "queue_throttled gauge",
    ]);
    const hour = { from: new Date(start0).toISOString(), to: new Date(start0 + 3_600_000).toISOString() };
    expect(await client.timeline({ ...hour, bucketSeconds: 60 })).toHaveLength(60);
    expect(await client.metricSeries("mailers", { ...hour, bucketSeconds: 300 })).toHaveLength(12);
    expect(await client.resourceSeries({ ...hour, bucketSeconds: 300 })).toEqual([]);
    expect(await client.databaseSeries({ ...hour, bucketSeconds: 300 })).toEqual([]);
  });
});

const start0 = Date.parse("2026-07-01T08:00:00.000Z");

function idOf(name: string): string {
  return `01JX91M3Y8E4T0V6S2QAGF7${name}`.padEnd(26, "0");
}

function seeded(index: number): SeededJob {
  const name = index.toString(32).toUpperCase().padStart(2, "0");
  return {
    id: idOf(name),
    queue: "archive",
    status: "failed",
    attempts: 2,
    enqueuedAt: start0 + index * 1_000,
  };
}
