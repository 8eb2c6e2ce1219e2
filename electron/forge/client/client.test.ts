import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { ForgeFault } from "../../../playground/forge/faults.ts";
import { SimulatedForge, type SimulatedForgeOptions } from "../../../playground/forge/forge.ts";
import type { Failure } from "../../../shared/contract/index.ts";
import { commands } from "../../../shared/forge/wire-commands.ts";
import type { HttpClient } from "../../upstream/http-client.ts";
import { probeLevel } from "../system.ts";
import { ForgeClient } from "./client.ts";
import { forgeHttp } from "./http.ts";
import { booleanWire, cleanupWire, countWire, idWire } from "./wire.ts";

let forge: SimulatedForge;
let transport: HttpClient;

afterEach(async () => {
  transport?.close();
  await forge?.stop();
});

async function connect(options: SimulatedForgeOptions = {}, timeoutMs = 5_000): Promise<ForgeClient> {
  forge = await SimulatedForge.start({ calm: true, ...options });
  transport = forgeHttp(
    { url: forge.url, authentication: { method: "none" }, requestTimeoutMs: timeoutMs },
    {},
  );
  return new ForgeClient(transport);
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  return work.then(
    () => {
      throw new Error("expected a failure");
    },
    (failure: Failure) => failure,
  );
}

const spanOfHour = () => ({
  from: new Date(Date.now() - 3_600_000).toISOString(),
  to: new Date().toISOString(),
  bucketSeconds: 60,
});

describe("every read route", () => {
  it("of a furnished server is understood", async () => {
    const client = await connect();
    expect(await client.health()).toBe("ok");
    expect(await client.storage()).toMatchObject({
      backend: "sqlite",
      fields: expect.arrayContaining([{ name: "journal_mode", value: "wal" }]),
    });
    const queues = await client.overview();
    expect(queues.map(({ name }) => name)).toEqual([
      "default",
      "exports",
      "mailers",
      "media",
      "payments",
      "reports",
      "warehouse",
    ]);
    expect(queues[2]).toMatchObject({
      maxWorkers: 4,
      backoff: { enabled: true, baseSeconds: 15, maxSeconds: 600 },
      throttledUntil: undefined,
    });
    expect(queues[1]?.lagSeconds).toBeGreaterThanOrEqual(39 * 60);
    expect(await client.processes("mailers")).toHaveLength(4);
    expect((await client.processes()).length).toBeGreaterThan(4);
    expect(await client.workers()).toMatchObject({
      workers: [
        { workerName: "shop-a", slots: expect.arrayContaining([{ queueName: "mailers", slots: 2 }]) },
        { workerName: "shop-b" },
      ],
      unassignedQueues: ["exports"],
    });
    expect(await client.metricsText()).toContain('queue_pending_jobs{queue="exports"} 6');
    const timeline = await client.timeline(spanOfHour());
    expect(timeline).toHaveLength(60);
    expect(timeline.reduce((sum, bucket) => sum + bucket.completed, 0)).toBeGreaterThan(1_000);
    expect(await client.metricSeries("mailers", spanOfHour())).toHaveLength(60);
    const measures = expect.arrayContaining([expect.objectContaining({ name: "Processor", unit: "%" })]);
    expect(await client.resourceSeries(spanOfHour())).toMatchObject([
      { name: "shop-a", everyWorker: true, measures },
      { name: "shop-b", measures },
    ]);
    expect(await client.databaseSeries(spanOfHour())).toHaveLength(2);
    expect((await client.failedJobs(5)).length).toBeLessThanOrEqual(5);
    expect((await client.scheduledJobs("reports")).map(({ dedupeKey }) => dedupeKey)).toEqual([
      "year:1",
      "year:2",
      "year:3",
      "year:4",
    ]);
    expect(await client.jobKinds("exports")).toEqual(["export_ledger"]);
    expect((await client.schedules()).map(({ name, dedupeKnown }) => [name, dedupeKnown])).toContainEqual([
      "heartbeat",
      true,
    ]);
  });

  it("of an empty server is an empty list", async () => {
    const client = await connect({ bare: true });
    expect(await client.overview()).toEqual([]);
    expect(await client.workers()).toEqual({ workers: [], unassignedQueues: [] });
    expect(await client.schedules()).toEqual([]);
    expect(await client.listJobs({ filter: {}, limit: 10, offset: 0 })).toEqual({ rows: [], total: 0 });
  });
});

describe("every command route", () => {
  it("of a queue changes it, and is silent about a name that does not exist", async () => {
    const client = await connect();
    await client.sendUnit(
      commands.setBackoff("mailers", { enabled: true, baseSeconds: 20, maxSeconds: 900 }),
    );
    await client.sendUnit(commands.setPaused("mailers", true));
    await client.sendUnit(commands.setMaxWorkers("mailers", 500));
    await client.sendUnit(commands.setRetention("mailers", 3, 9));
    await client.sendUnit(commands.setPaused("nobody/here", true));
    expect((await client.overview()).find(({ name }) => name === "mailers")).toMatchObject({
      backoff: { enabled: true, baseSeconds: 20, maxSeconds: 900 },
      paused: true,
      maxWorkers: 64,
      retainDoneDays: 3,
      retainDeadDays: 9,
    });
    expect(await client.overview()).toHaveLength(7);
  });

  it("of jobs works, with every digit of a payload kept", async () => {
    const client = await connect({ bare: true });
    const params = {
      queueName: "q/ä",
      kind: "k",
      payload: '{"big":90071992547409931234,"a":[1.5]}',
      maxAttempts: 2,
    };
    const id = await client.send(commands.enqueue(params), idWire);
    const detail = await client.inspect(id);
    expect(detail.row).toMatchObject({ queueName: "q/ä", status: "pending", maxAttempts: 2 });
    expect(detail.payload).toContain("90071992547409931234");
    expect(await client.send(commands.runNow(id), booleanWire)).toBe(true);
    expect(await client.send(commands.runNow("nothing"), booleanWire)).toBe(false);
    expect(await client.send(commands.retry([id]), countWire)).toBe(0);
    expect(await client.send(commands.requeue([id]), countWire)).toBe(0);
    expect(await client.send(commands.retryAllFailed(), countWire)).toBe(0);
    expect(await client.send(commands.retryAllByStatus("dead"), countWire)).toBe(0);
    expect(await client.send(commands.deleteByStatus("dead", undefined), countWire)).toBe(0);
    expect(await client.send(commands.deleteDone(0, "q/ä"), countWire)).toBe(0);
    expect(await client.send(commands.enqueueDemo('{"sleep_ms":1}'), idWire)).toHaveLength(26);
    expect(await client.send(commands.delete([id, "nothing"]), countWire)).toBe(1);
    expect(await failureOf(client.inspect(id))).toMatchObject({
      code: "not_found",
      message: expect.stringContaining("job not found"),
    });
    expect(await client.send(commands.cleanup(), cleanupWire)).toEqual({ done_deleted: 0, dead_deleted: 0 });
  });

  it("of schedules works, and a bad expression names its field", async () => {
    const client = await connect();
    await client.sendUnit(commands.setEnabled("stock-sync", false));
    await client.sendUnit(commands.setExpression("stock-sync", "0 0 5 * * *"));
    await client.sendUnit(commands.setDedupe("stock-sync", true));
    expect((await client.schedules()).find(({ name }) => name === "stock-sync")).toMatchObject({
      enabled: false,
      expression: "0 0 5 * * *",
      dedupeKey: "stock-sync",
    });
    expect(await client.send(commands.trigger("stock-sync"), idWire)).toHaveLength(26);
    expect(await failureOf(client.send(commands.trigger("nothing"), idWire))).toMatchObject({
      code: "not_found",
    });
    expect(await failureOf(client.sendUnit(commands.setExpression("nothing", "* * * * *")))).toMatchObject({
      code: "upstream_refused",
      details: { kind: "validation", field: "cron_expr" },
    });
  });
});

describe("the version", () => {
  it.each([
    ["0.1.0", "0.1"],
    ["0.2.0", "0.2.0"],
    ["0.2.1", "0.2.1"],
    ["0.3.0", "0.3"],
    ["0.3.7", "0.3"],
  ] as const)("%s is told from the routes", async (version, level) => {
    await connect({ version });
    expect(await probeLevel(transport)).toBe(level);
  });

  it("is not told of something that is no jobs server", async () => {
    await connect();
    forge.server.faults.add({ kind: "loginPage" });
    expect(await failureOf(probeLevel(transport))).toMatchObject({ code: "upstream_invalid" });
  });

  it("0.2.0 has no dedupe key in its schedules, and 0.1.0 no schedules", async () => {
    const client = await connect({ version: "0.2.0" });
    expect((await client.schedules())[0]).toMatchObject({ dedupeKnown: false });
    await forge.stop();
    const older = await connect({ version: "0.1.0" });
    expect(await failureOf(older.schedules())).toMatchObject({
      code: "not_found",
      details: { missingRoute: true },
    });
  });
});

describe("an answer that is no success", () => {
  const cases: [ForgeFault["kind"], object][] = [
    ["conflict", { code: "conflict", details: { status: 409, retryable: true } }],
    ["storage", { code: "upstream_invalid", details: { status: 500, kind: "storage" } }],
    ["rateLimited", { code: "rate_limited", details: { retryAfterSeconds: 7 } }],
    ["proxyPage", { code: "unreachable", details: { status: 502 } }],
    ["unauthenticated", { code: "unauthenticated" }],
    ["forbidden", { code: "upstream_refused", details: { status: 403 } }],
    ["loginPage", { code: "upstream_invalid", message: expect.stringContaining("web page") }],
    ["redirect", { code: "upstream_invalid", message: expect.stringContaining("login.example.test") }],
    ["truncated", { code: "upstream_invalid", message: expect.stringContaining("no JSON") }],
    ["dropBefore", { code: "unreachable", details: { cause: "closed" } }],
  ];
  it.each(cases)("%s is told as what it is", async (kind, expected) => {
    const client = await connect();
    forge.server.faults.add({ kind });
    expect(await failureOf(client.overview())).toMatchObject(expected);
  });

  it.each([
    ["{", 400, /parse the request body/],
    ['{"n":1.0}', 422, /deserialize the JSON body/],
    ['{"n":"4"}', 422, /deserialize the JSON body/],
    ['{"n":99999999999}', 422, /deserialize/],
    ["{}", 422, /deserialize/],
    ['{"n":1} x', 400, /parse/],
  ])("of the framework to %s is refused with its own words", async (body, status, words) => {
    const client = await connect();
    const sent = client.sendUnit({ path: "/queue/mailers/max-workers", body });
    expect(await failureOf(sent)).toMatchObject({
      code: "upstream_refused",
      details: { status },
      message: expect.stringMatching(words),
    });
  });

  it("to a missing body and to a missing query field is the framework's", async () => {
    const client = await connect();
    expect(await failureOf(client.sendUnit({ path: "/queue/mailers/paused" }))).toMatchObject({
      details: { status: 415 },
    });
    const response = await transport.read({ method: "GET", path: "/jobs/failed" });
    expect(response).toMatchObject({
      status: 400,
      contentType: "text/plain",
      text: expect.stringMatching(/query string/),
    });
  });
});

describe("the transport", () => {
  it("knows that nobody received what was sent to a dead server, and does not know it of a server that dies over it", async () => {
    const client = await connect();
    forge.server.faults.add({ kind: "dropAfter", path: "/queue/mailers" });
    const doubtful = await failureOf(client.sendUnit(commands.setPaused("mailers", true)));
    expect(doubtful.details).not.toHaveProperty("delivered");
    expect(forge.store.queues.get("mailers")?.paused).toBe(true);
    await forge.server.kill();
    expect(await failureOf(client.sendUnit(commands.setPaused("mailers", false)))).toMatchObject({
      code: "unreachable",
      details: { cause: "refused", delivered: false },
    });
  });

  it("reads again over a socket that the server has closed meanwhile", async () => {
    const client = await connect();
    await client.health();
    await forge.server.kill();
    await forge.server.start();
    expect(await client.health()).toBe("ok");
  });

  it("ends waiting after its time", async () => {
    const client = await connect({}, 200);
    forge.server.faults.add({ kind: "slow", milliseconds: 5_000 });
    expect(await failureOf(client.overview())).toMatchObject({ code: "timeout" });
  });

  it("sends nothing that the server would not take", async () => {
    const client = await connect({ bare: true });
    const params = { queueName: "q", kind: "k", payload: JSON.stringify("x".repeat(2_100_000)) };
    expect(await failureOf(client.send(commands.enqueue(params), idWire))).toMatchObject({
      code: "invalid_input",
      details: { delivered: false },
    });
    expect(forge.server.requests).toEqual([]);
  });

  it.each([
    [{ method: "bearer" }, { token: "t0ken" }, { header: "authorization", value: "Bearer t0ken" }],
    [
      { method: "basic", user: "ann" },
      { password: "p:w" },
      { header: "authorization", value: `Basic ${Buffer.from("ann:p:w").toString("base64")}` },
    ],
    [{ method: "header", name: "X-Key" }, { header: "h" }, { header: "x-key", value: "h" }],
  ] as const)("signs in with %j below a path", async (authentication, secrets, requires) => {
    forge = await SimulatedForge.start({ bare: true, basePath: "/ops/queue", requires });
    transport = forgeHttp({ url: `${forge.url}/`, authentication, requestTimeoutMs: 2_000 }, secrets);
    expect(await new ForgeClient(transport).overview()).toEqual([]);
    const stranger = forgeHttp(
      { url: forge.url, authentication, requestTimeoutMs: 2_000 },
      { ...secrets, token: "other", password: "other", header: "other" },
    );
    const failure = await failureOf(new ForgeClient(stranger).overview());
    stranger.close();
    expect(failure.code).toBe("unauthenticated");
    expect(JSON.stringify(failure.toData())).not.toMatch(/t0ken|p:w/);
  });
});

describe("a secret", () => {
  const authentication = { method: "basic", user: "ann" } as const;

  it.each([
    [400, "text/plain", (sent: string) => `who is ${sent}?`],
    [409, "application/json", (sent: string) => JSON.stringify({ kind: "conflict", msg: sent })],
    [302, "text/plain", (sent: string) => sent],
  ])("that an answer with status %s repeats is not passed on", async (status, type, words) => {
    const echo = createServer(({ headers }, response) => {
      const sent = String(headers.authorization);
      response.writeHead(status, { "content-type": type, location: `/sign-in?who=${encodeURI(sent)}` });
      response.end(words(`${sent} ${Buffer.from(sent.split(" ")[1] ?? "", "base64")}`));
    });
    await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
    const { port } = echo.address() as AddressInfo;
    const target = { url: `http://127.0.0.1:${port}`, authentication, requestTimeoutMs: 2_000 };
    transport = forgeHttp(target, { password: "hunter2!" });
    const failure = await failureOf(new ForgeClient(transport).overview());
    transport.close();
    echo.close();
    const pair = Buffer.from("ann:hunter2!").toString("base64");
    expect(failure.message).toMatch(/\*\*\*/);
    expect(JSON.stringify(failure.toData())).not.toMatch(new RegExp(`hunter2|${pair}`));
  });

  it("that no header can carry is refused before anything is sent", () => {
    const target = { url: "http://127.0.0.1:1", authentication: { method: "bearer" } as const };
    const refused = () => forgeHttp({ ...target, requestTimeoutMs: 2_000 }, { token: "t0ken\nmore" });
    expect(refused).toThrow(expect.objectContaining({ code: "invalid_input" }));
    expect(refused).not.toThrow(/t0ken/);
  });
});

describe("the list of jobs", () => {
  it("has a total that is none, and repeats rows of a repeated status (traps 1 and 22)", async () => {
    const client = await connect({ bare: true });
    for (let index = 0; index < 30; index += 1)
      forge.store.enqueue({ queue: "q", kind: "k", payload: `{"n":${index}}` });
    const page = await client.listJobs({ filter: { statuses: ["pending"] }, limit: 10, offset: 5 });
    expect([page.rows.length, page.total]).toEqual([10, 15]);
    const all = await client.listJobs({ filter: { payloadText: '"N":2' }, limit: 0, offset: 4_294_967_295 });
    expect(all).toEqual({ rows: [], total: 11 });
    const twice = await transport.read({
      method: "POST",
      path: "/jobs/list",
      body: '{"filter":{"statuses":["pending","pending","odd"]},"limit":99,"offset":0}',
    });
    expect(JSON.parse(twice.text).rows).toHaveLength(60);
  });
});
