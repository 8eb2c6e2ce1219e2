import { afterEach, describe, expect, it, vi } from "vitest";
import type { QueueRow } from "../../../shared/forge/schema.ts";
import { ForgeUnderTest } from "../../testing/forge.ts";

let here: ForgeUnderTest;
const start = async (options: Parameters<typeof ForgeUnderTest.start>[0] = {}) => {
  here = await ForgeUnderTest.start(options);
};
const stored = (name: string) => here.forge.store.queues.get(name);

afterEach(() => here.close());

describe("a queue's settings", () => {
  it("are changed, verified by reading, and recorded with the exact request", async () => {
    await start();
    const backoff = { name: "mailers", enabled: true, baseSeconds: 20, maxSeconds: 900 };
    const activity = await here.settles("forge.queues.set-backoff", backoff, "verified");
    expect(activity.title).toBe("Set backoff of mailers to 20 s base, 900 s at most");
    expect(activity.request).toEqual({
      protocol: "http",
      method: "POST",
      address: `${here.forge.url}/queue/mailers/backoff`,
      payload: '{"enabled":true,"base_seconds":20,"max_seconds":900}',
    });
    expect(stored("mailers")).toMatchObject({ backoffBase: 20, backoffMax: 900 });
    await here.settles("forge.queues.set-paused", { name: "mailers", paused: true }, "verified");
    await here.settles("forge.queues.set-max-workers", { name: "mailers", workers: 9 }, "verified");
    await here.settles(
      "forge.queues.set-retention",
      { name: "mailers", doneDays: 0, deadDays: 90 },
      "verified",
    );
    expect((await here.output("forge.queues.list")).find(({ name }) => name === "mailers")).toMatchObject({
      paused: true,
      maxWorkers: 9,
      retainDoneDays: 0,
      retainDeadDays: 90,
    });
  });

  it("of a queue that does not exist are refused before anything is sent", async () => {
    await start();
    const before = here.forge.server.requests.length;
    const { failure, activity } = await here.leftBehind("forge.queues.set-paused", {
      name: "mailer",
      paused: true,
    });
    expect(failure).toMatchObject({ code: "not_found", hint: expect.stringContaining("mailers") });
    expect(activity.state).toBe("failed");
    const sent = here.forge.server.requests.slice(before).filter(({ method }) => method === "POST");
    expect(sent).toEqual([]);
  });

  it.each([
    ["forge.queues.set-max-workers", { workers: 65 }, "workers"],
    ["forge.queues.set-backoff", { enabled: true, baseSeconds: 0, maxSeconds: 5 }, "baseSeconds"],
    ["forge.queues.set-retention", { doneDays: 100_000_000, deadDays: 1 }, "doneDays"],
    ["forge.queues.set-paused", { paused: "yes" }, "paused"],
  ] as const)(
    "%s with %j is refused, because the server would bend it silently or break",
    async (name, input, path) => {
      await start();
      expect(await here.failure(name, { name: "mailers", ...input })).toMatchObject({
        code: "invalid_input",
        details: { fields: [{ path }] },
      });
      expect(await here.output("activity.list")).toEqual([]);
    },
  );

  it("that somebody changes at the same time are not called verified", async () => {
    await start();
    const queue = stored("mailers");
    Object.defineProperty(queue, "paused", { get: () => false, set: () => undefined });
    const activity = await here.settles(
      "forge.queues.set-paused",
      { name: "mailers", paused: true },
      "failed",
    );
    expect(activity.message).toContain("paused false");
  });

  it("are tried again while the storage is busy, and refused when it stays so", async () => {
    await start();
    here.forge.server.faults.add({ kind: "conflict", path: "/queue/mailers", count: 2 });
    await here.settles("forge.queues.set-paused", { name: "mailers", paused: true }, "verified");
    here.forge.server.faults.add({ kind: "conflict", path: "/queue/mailers" });
    const { activity } = await here.leftBehind("forge.queues.set-paused", { name: "mailers", paused: false });
    expect(activity).toMatchObject({ state: "refused", message: expect.stringContaining("busy") });
  });

  it("whose answer is lost are unknown until they are reconciled", async () => {
    await start();
    here.forge.server.faults.add({ kind: "dropAfter", path: "/queue/mailers", count: 1 });
    const { failure, activity } = await here.leftBehind("forge.queues.set-paused", {
      name: "mailers",
      paused: true,
    });
    expect([failure.code, activity.state]).toEqual(["unreachable", "unknown"]);
    expect(await here.output("activity.reconcile", { activityId: activity.id })).toMatchObject({
      state: "verified",
    });
  });

  it("that a sign-in page answers instead of the server are not called taken", async () => {
    await start();
    here.forge.server.faults.add({ kind: "loginPage", path: "/queue/mailers", count: 1 });
    const { failure, activity } = await here.leftBehind("forge.queues.set-paused", {
      name: "mailers",
      paused: true,
    });
    expect(failure).toMatchObject({ code: "upstream_invalid", message: expect.stringContaining("web page") });
    expect(activity.steps.map(({ state }) => state)).not.toContain("acknowledged");
    expect(await here.output("activity.reconcile", { activityId: activity.id })).toMatchObject({
      state: "failed",
    });
  });

  it("of a version that lacks the route are refused with the version that has it", async () => {
    await start({ version: "0.1.0" });
    const refused = await here.failure("forge.queues.set-paused", { name: "mailers", paused: true });
    expect(refused).toMatchObject({ code: "not_found", hint: expect.stringContaining("0.2.0") });
    await here.settles(
      "forge.queues.set-backoff",
      { name: "mailers", enabled: false, baseSeconds: 1, maxSeconds: 1 },
      "verified",
    );
    expect(await here.output("forge.server.get")).toMatchObject({ level: "0.1", health: "ok" });
    expect(await here.output("forge.server.level")).toEqual({ level: "0.1" });
    expect((await here.output("forge.queues.list"))[0]).not.toHaveProperty("unassigned");
  });

  it("are refused on a read-only connection, and need the name typed on a protected one", async () => {
    await start({ guard: "read-only" });
    expect(await here.failure("forge.queues.set-paused", { name: "mailers", paused: true })).toMatchObject({
      code: "forbidden",
    });
    await here.close();
    await start({ guard: "protected" });
    const asked = await here.failure("forge.queues.set-paused", { name: "mailers", paused: true });
    expect(asked).toMatchObject({ code: "confirmation_required", details: { phraseNeeded: true } });
    const confirmation = { token: String(asked.details?.token), phrase: "Jobs" };
    const reply = await here.call(
      "forge.queues.set-paused",
      { name: "mailers", paused: true },
      { confirmation },
    );
    expect(reply.ok).toBe(true);
  });
});

describe("the live queues", () => {
  it("are a snapshot and then changes, read while somebody looks", async () => {
    await start();
    const rows = new Map<string, QueueRow>();
    const leave = here.running.hub.subscribe("forge.queues:jobs", (message) => {
      const upsert =
        message.kind === "snapshot" ? message.rows : message.kind === "delta" ? message.upsert : [];
      for (const row of upsert as QueueRow[]) rows.set(row.name, row);
    });
    await vi.waitFor(() => expect(rows.size).toBe(7));
    expect(rows.get("exports")).toMatchObject({ unassigned: true, counts: { pending: 6 } });
    here.forge.store.enqueue({ queue: "exports", kind: "k", payload: "{}" });
    await vi.waitFor(() => expect(rows.get("exports")?.counts.pending).toBe(7), { timeout: 5_000 });
    leave();
  });

  it("are read also where the server's workers are not, without saying who serves them", async () => {
    await start();
    here.forge.server.faults.add({ kind: "forbidden", path: "/queue/workers" });
    const queues = await here.output("forge.queues.list");
    expect(queues).toHaveLength(7);
    expect(queues[0]).not.toHaveProperty("unassigned");
  });

  it("show a cool-down only while it lasts", async () => {
    await start();
    const queue = stored("mailers");
    if (queue) queue.throttledUntil = here.forge.store.now() - 1_000;
    expect(
      (await here.output("forge.queues.list")).find(({ name }) => name === "mailers"),
    ).not.toHaveProperty("throttledUntil");
    if (queue) queue.throttledUntil = here.forge.store.now() + 60_000;
    expect((await here.output("forge.queues.list")).find(({ name }) => name === "mailers")).toHaveProperty(
      "throttledUntil",
    );
  });
});

describe("figures", () => {
  it("of the metrics text are families with what is known of them, and are recorded", async () => {
    await start();
    const { families, problems } = await here.output("forge.metrics.get");
    expect(problems).toEqual([]);
    expect(families).toHaveLength(10);
    expect(families[3]).toMatchObject({
      name: "queue_done_jobs",
      type: "gauge",
      explained: expect.stringContaining("rate"),
    });
    const now = Date.now();
    const span = {
      from: new Date(now - 600_000).toISOString(),
      to: new Date(now + 60_000).toISOString(),
      points: 20,
    };
    await vi.waitFor(async () => {
      const history = await here.output("forge.history.get", {
        ...span,
        family: "queue_pending_jobs",
        queue: "exports",
      });
      expect(history.series).toHaveLength(1);
      expect(history.series[0]?.values.filter((value) => value !== null)).toEqual([6]);
      expect(history.times).toHaveLength(history.series[0]?.values.length ?? 0);
    });
  });

  it("over time come whole, and a span that the server would cut is refused", async () => {
    await start();
    // In the middle of a minute, so that the hour touches 61 of the minutes that the server sums up.
    const now = Math.floor(Date.now() / 60_000) * 60_000 - 30_000;
    const span = { from: new Date(now - 3_600_000).toISOString(), to: new Date(now).toISOString() };
    expect(await here.output("forge.timeline.get", { ...span, bucketSeconds: 60 })).toHaveLength(60);
    expect(
      await here.output("forge.series.queue", { ...span, bucketSeconds: 10, queue: "mailers" }),
    ).toHaveLength(61);
    expect(await here.output("forge.series.resources", { ...span, bucketSeconds: 300 })).toHaveLength(2);
    expect(await here.output("forge.series.database", { ...span, bucketSeconds: 300 })).toHaveLength(2);
    expect(await here.failure("forge.timeline.get", { ...span, bucketSeconds: 1 })).toMatchObject({
      code: "invalid_input",
      hint: "Use 2 or more.",
    });
  });
});

describe("a clean-up", () => {
  it("removes what its preview has counted", async () => {
    await start();
    const { store } = here.forge;
    const old = store.now() - 40 * 86_400_000;
    for (let index = 0; index < 3; index += 1) {
      const job = store.enqueue({ queue: "exports", kind: "k", payload: "{}" }, old);
      store.setStatus(job, "done");
      job.completedAt = index === 0 ? store.now() : old;
    }
    const preview = await here.output("forge.cleanup.preview");
    expect(preview.queues.find(({ name }) => name === "exports")).toMatchObject({
      done: { rows: 2, exact: true },
      dead: { rows: 0 },
    });
    const activity = await here.settles("forge.cleanup", {}, "verified");
    expect(activity.reply).toEqual({ done_deleted: 2, dead_deleted: 0 });
  });
});

describe("the proof of a clean-up", () => {
  const doneJobs = (queue: string, count: number, completedAt: number): void => {
    for (let index = 0; index < count; index += 1) {
      const job = here.forge.store.enqueue({ queue, kind: "k", payload: "{}" });
      here.forge.store.setStatus(job, "done");
      job.enqueuedAt = Date.now() - 30 * 86_400_000;
      job.completedAt = completedAt;
    }
  };

  it("is none where so many may be old that they are not read one by one", async () => {
    await start();
    doneJobs("exports", 2_001, Date.now());
    const preview = await here.output("forge.cleanup.preview");
    expect(preview.queues.find(({ name }) => name === "exports")?.done).toMatchObject({
      rows: 2_001,
      exact: false,
    });
    const { id } = await here.output("forge.cleanup");
    const activity = await here.evidenced(id);
    expect(activity.state).not.toBe("verified");
    expect(activity.message).toContain("At most 2001 old jobs are still there");
  });

  it("does not fail over jobs that a server whose clock is behind did not find old enough", async () => {
    await start();
    here.forge.store.clockOffset = -20_000;
    doneJobs("exports", 1, Date.now() - 7 * 86_400_000 - 5_000);
    const activity = await here.settles("forge.cleanup", {}, "verified");
    expect(activity.reply).toEqual({ done_deleted: 0, dead_deleted: 0 });
  });
});

describe("the connection", () => {
  it("is tested step by step, and is lost and found again with its server", async () => {
    await start();
    const settings = { system: "forge", target: { url: here.forge.url } };
    expect(await here.output("connections.test", { settings })).toMatchObject({
      ok: true,
      server: { name: "forge-jobs", version: "0.3.0 or later" },
      steps: [{ name: "resolve" }, { name: "connect" }, { name: "request" }, { name: "system" }],
    });
    await here.forge.server.kill();
    expect(await here.output("connections.test", { settings })).toMatchObject({
      ok: false,
      failure: { details: { cause: "refused" } },
    });
    const { activity } = await here.leftBehind("forge.queues.set-paused", { name: "mailers", paused: true });
    expect(activity).toMatchObject({ state: "failed", message: expect.stringContaining("Not sent") });
    await here.forge.server.start();
    await here.settles("forge.queues.set-paused", { name: "mailers", paused: true }, "verified");
  });
});
