import { afterEach, describe, expect, it } from "vitest";
import type { Job } from "../../../playground/forge/model.ts";
import { seedJobs } from "../../../playground/forge/seed.ts";
import { ForgeUnderTest } from "../../testing/forge.ts";

let here: ForgeUnderTest;
const start = async (options: Parameters<typeof ForgeUnderTest.start>[0] = {}) => {
  here = await ForgeUnderTest.start(options);
};
const failed = (count: number): Job[] => {
  seedJobs(here.forge.store, { queue: "archive", count, status: "failed" });
  return [...here.forge.store.jobs.values()].filter(({ queue }) => queue === "archive");
};

afterEach(() => here.close());

describe("a search of jobs", () => {
  it("goes page by page to the end, whatever total the server claims", async () => {
    await start({ bare: true });
    failed(25);
    const pages = [];
    for (let offset = 0; offset < 30; offset += 10) {
      pages.push(
        await here.output("forge.jobs.list", { filter: { statuses: ["failed"] }, limit: 10, offset }),
      );
    }
    expect(pages.map(({ rows, more }) => [rows.length, more])).toEqual([
      [10, true],
      [10, true],
      [5, false],
    ]);
    expect(new Set(pages.flatMap(({ rows }) => rows.map(({ id }) => id))).size).toBe(25);
    const oldest = await here.output("forge.jobs.list", { filter: { payloadText: '"order":0' }, limit: 5 });
    expect([oldest.rows.length, oldest.more]).toEqual([1, false]);
    expect(
      (await here.output("forge.jobs.list", { filter: { kinds: ["archive_order"] }, limit: 5 })).more,
    ).toBe(true);
    expect(await here.output("forge.jobs.count", { filter: { payloadText: '"order":1' } })).toMatchObject({
      count: 11,
    });
  });

  it("finds every job of a hundred thousand, and their ids for a command on all", async () => {
    // The simulated server is in this process, and takes its time to write so many rows.
    await start({ bare: true, requestTimeoutMs: 60_000 });
    failed(100_000);
    const last = await here.output("forge.jobs.list", {
      filter: { queues: ["archive"] },
      limit: 50,
      offset: 99_960,
    });
    expect([last.rows.length, last.more]).toEqual([40, false]);
    const match = await here.output("forge.jobs.match", { filter: { statuses: ["failed"] } });
    expect([match.jobs.length, match.complete]).toEqual([100_000, true]);
    const deep = await here.output("forge.jobs.match", { filter: { payloadText: '"order":7777' } });
    expect(deep.jobs).toHaveLength(11);
    const part = await here.output("forge.jobs.match", { filter: { statuses: ["failed"] }, limit: 10 });
    expect([part.jobs.length, part.complete]).toEqual([10, false]);
  }, 60_000);

  it("refuses a status that does not exist, and the same one twice", async () => {
    await start({ bare: true });
    for (const statuses of [["scheduled"], ["failed", "failed"]])
      expect(await here.failure("forge.jobs.list", { filter: { statuses } })).toMatchObject({
        code: "invalid_input",
      });
  });

  it("of one job tells its payload and errors; of a job that is gone, that it is gone", async () => {
    await start({ bare: true });
    const [job] = failed(1);
    const detail = await here.output("forge.jobs.get", { id: job?.id });
    expect(detail).toMatchObject({
      row: { lastError: "archive: bucket not found" },
      errors: [{ attempt: 2 }],
    });
    expect(JSON.parse(detail.payload)).toEqual({ order: 0 });
    expect(await here.failure("forge.jobs.get", { id: "nothing" })).toMatchObject({ code: "not_found" });
  });
});

describe("a retry", () => {
  it("is verified job by job", async () => {
    await start({ bare: true });
    const ids = failed(3).map(({ id }) => id);
    const activity = await here.settles("forge.jobs.retry", { ids }, "verified");
    expect(activity).toMatchObject({ title: "Retry 3 jobs", reply: 3 });
    expect(ids.map((id) => here.forge.store.jobs.get(id)?.status)).toEqual(["pending", "pending", "pending"]);
  });

  it("of jobs that the server skips tells which", async () => {
    await start({ bare: true });
    const jobs = failed(2);
    const [first, second] = jobs as [Job, Job];
    first.dedupeKey = "key";
    here.forge.store.enqueue({ queue: "archive", kind: "k", payload: "{}", dedupeKey: "key" });
    const activity = await here.settles("forge.jobs.retry", { ids: [first.id, second.id] }, "failed");
    expect(activity.message).toMatch(/1 pending again.*1 unchanged/);
    expect(activity.evidence.at(-1)?.data).toMatchObject([
      { id: first.id, outcome: "unmoved" },
      { id: second.id, outcome: "moved" },
    ]);
  });

  it("of a failed, a dead and a done job tells that the done one was left as it was", async () => {
    await start({ bare: true });
    const jobs = failed(3) as [Job, Job, Job];
    here.forge.store.setStatus(jobs[1], "dead");
    here.forge.store.setStatus(jobs[2], "done");
    const ids = jobs.map(({ id }) => id);
    const activity = await here.settles("forge.jobs.retry", { ids }, "failed");
    expect(activity).toMatchObject({
      reply: 2,
      message: expect.stringMatching(/2 pending again.*1 left as they were.*\(done\)/),
    });
    // What they were before is not known after a restart, and a lost answer does not tell either.
    here.forge.store.setStatus(jobs[0], "failed");
    here.forge.server.faults.add({ kind: "dropAfter", path: "/jobs/retry", count: 1 });
    const lost = await here.leftBehind("forge.jobs.retry", { ids });
    await here.restart();
    await here.output("connections.open");
    const later = await here.output("activity.reconcile", { activityId: lost.activity.id });
    expect(later).toMatchObject({
      state: "unknown",
      message: expect.stringContaining("3 of unknown outcome"),
    });
  });

  it("of jobs that are not failed is not sent: it would run them twice or do nothing", async () => {
    await start({ bare: true });
    const job = here.forge.store.enqueue({ queue: "q", kind: "k", payload: "{}" });
    expect(await here.failure("forge.jobs.retry", { ids: [job.id] })).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("pending"),
    });
    for (const status of ["pending", "in_progress", "done"])
      expect(await here.failure("forge.jobs.retry-all-by-status", { status })).toMatchObject({
        code: "invalid_input",
      });
  });

  it("that the storage stops in the middle is unknown, because some jobs may have moved", async () => {
    await start({ bare: true });
    const ids = failed(2).map(({ id }) => id);
    here.forge.server.faults.add({ kind: "conflict", path: "/jobs/retry", count: 1 });
    const { activity } = await here.leftBehind("forge.jobs.retry", { ids });
    expect(activity.state).toBe("unknown");
    expect((await here.output("activity.reconcile", { activityId: activity.id })).state).toBe("failed");
  });

  it("of all failed jobs is verified when none is failed any more", async () => {
    await start({ bare: true });
    failed(700);
    // A full batch of 500 and a rest.
    const activity = await here.settles("forge.jobs.retry-all-failed", {}, "verified");
    expect(activity.reply).toBe(700);
    expect(activity.message).toBe("The server made 700 jobs pending. No job is failed any more.");
  });
});

describe("other commands on jobs", () => {
  it("delete what rests, and only ask what runs to stop", async () => {
    await start({ bare: true });
    const [rests, runs] = failed(2) as [Job, Job];
    here.forge.store.setStatus(runs, "in_progress");
    const { id } = await here.output("forge.jobs.delete", { ids: [rests.id, runs.id] });
    const activity = await here.reaches(id, "confirmed");
    expect(here.forge.store.jobs.has(rests.id)).toBe(false);
    expect(runs.cancelRequested).toBe(true);
    expect(activity.reply).toBe(2);
    await here.settles(
      "forge.jobs.delete",
      { ids: [here.forge.store.enqueue({ queue: "q", kind: "k", payload: "1" }).id] },
      "verified",
    );
  });

  it("run a pending job now, and say so where there is none to run", async () => {
    await start({ bare: true });
    const job = here.forge.store.enqueue({
      queue: "q",
      kind: "k",
      payload: "{}",
      runAt: Date.now() + 3_600_000,
    });
    await here.settles("forge.jobs.run-now", { id: job.id }, "verified");
    here.forge.store.setStatus(job, "done");
    const { activity } = await here.leftBehind("forge.jobs.run-now", { id: job.id });
    expect(activity).toMatchObject({
      state: "refused",
      message: expect.stringContaining("only a pending job"),
    });
    // An answer that is lost proves nothing of a job that was over before.
    here.forge.server.faults.add({ kind: "dropAfter", path: "/jobs/run-now", count: 1 });
    const lost = await here.leftBehind("forge.jobs.run-now", { id: job.id });
    const read = await here.output("activity.reconcile", { activityId: lost.activity.id });
    expect(read).toMatchObject({ state: "unknown", message: expect.stringContaining("done") });
  });

  it("enqueue on a queue that exists, on another one only when told to, and tell of a job that was there", async () => {
    await start();
    const params = {
      queueName: "exports",
      kind: "export_ledger",
      payload: '{"year":12345678901234567890}',
      dedupeKey: "ledger",
    };
    const first = await here.settles("forge.jobs.enqueue", params, "verified");
    expect(here.forge.store.jobs.get(String(first.reply))?.payload).toBe('{"year":12345678901234567890}');
    expect(await here.failure("forge.jobs.enqueue", { ...params, queueName: "export" })).toMatchObject({
      code: "not_found",
    });
    await here.settles(
      "forge.jobs.enqueue",
      { ...params, queueName: "export", dedupeKey: undefined, allowUnknownQueue: true },
      "verified",
    );
    const stored = here.forge.store.jobs.get(String(first.reply));
    if (stored) stored.enqueuedAt -= 120_000;
    const again = await here.settles("forge.jobs.enqueue", params, "verified");
    expect(again.message).toContain("already there");
    expect(await here.failure("forge.jobs.enqueue", { ...params, payload: "{" })).toMatchObject({
      code: "invalid_input",
    });
    await here.settles("forge.jobs.enqueue-demo", {}, "verified");
  });

  it("tell of a job with a dedupe key what is known: that it was there, or that nothing tells whether it is new", async () => {
    await start();
    const params = { queueName: "exports", kind: "export_ledger", dedupeKey: "ledger" };
    const first = await here.settles("forge.jobs.enqueue", params, "verified");
    expect(first.message).toContain("The server does not report");
    // What was asked for is not there: the key belongs to another job.
    const elsewhere = await here.settles("forge.jobs.enqueue", { ...params, queueName: "mailers" }, "failed");
    expect(elsewhere.message).toMatch(/on exports: it has this dedupe key.*nothing was added/);
    const plain = { queueName: "exports", kind: "export_ledger" };
    // Without a key a job is new, however the clocks stand.
    here.forge.store.clockOffset = -3_600_000;
    const behind = await here.settles("forge.jobs.enqueue", plain, "verified");
    expect(behind.message).not.toContain("already there");
  });

  it.each([
    ["forge.jobs.enqueue", { queueName: "exports", kind: "export_ledger" }],
    ["forge.cron.trigger", { name: "stock-sync" }],
  ] as const)(
    "%s whose job could not be read is verified later, by the recorded answer",
    async (name, input) => {
      await start();
      here.forge.server.faults.add({ kind: "storage", path: "/jobs/inspect" });
      const { id } = await here.output(name, input);
      const open = await here.evidenced(id);
      expect(open.state).not.toBe("verified");
      here.forge.server.faults.clear();
      const settled = await here.output("activity.reconcile", { activityId: id });
      expect(settled).toMatchObject({
        state: "verified",
        message: expect.stringContaining(String(open.reply)),
      });
    },
  );

  it("delete by status and by age", async () => {
    await start({ bare: true });
    failed(5);
    seedJobs(here.forge.store, { queue: "old", count: 4, status: "done" });
    for (const job of here.forge.store.jobs.values()) {
      if (job.queue === "old") job.completedAt = job.enqueuedAt = Date.now() - 10 * 86_400_000;
    }
    await here.settles("forge.jobs.delete-by-status", { status: "failed", queueName: "archive" }, "verified");
    await here.settles("forge.jobs.delete-done", { olderThanDays: 3 }, "verified");
    expect(here.forge.store.jobs.size).toBe(0);
    expect(await here.failure("forge.jobs.delete-by-status", { status: "in_progress" })).toMatchObject({
      code: "invalid_input",
    });
  });

  it("delete old done jobs of configured queues, and are verified by when those were completed", async () => {
    await start();
    const monthAgo = Date.now() - 30 * 86_400_000;
    for (const [queue, completedAt] of [
      ["exports", monthAgo],
      ["exports", Date.now()],
      ["not-configured", monthAgo],
    ] as const) {
      const job = here.forge.store.enqueue({ queue, kind: "k", payload: "{}" });
      here.forge.store.setStatus(job, "done");
      Object.assign(job, { enqueuedAt: monthAgo, completedAt });
    }
    const counted = await here.output("forge.jobs.count-old", { olderThanDays: 10 });
    expect(counted).toMatchObject({ rows: 1, exact: true });
    const activity = await here.settles("forge.jobs.delete-done", { olderThanDays: 10 }, "verified");
    expect(activity.reply).toBe(1);
    expect(
      await here.output("forge.jobs.count-old", { olderThanDays: 10, queueName: "not-configured" }),
    ).toMatchObject({ rows: 1 });
  });
});

describe("a schedule", () => {
  it("is turned off, rewritten, kept from overlapping and triggered, each verified", async () => {
    await start();
    await here.settles("forge.cron.set-enabled", { name: "stock-sync", enabled: false }, "verified");
    await here.settles(
      "forge.cron.set-expression",
      { name: "stock-sync", expression: "0 0 6 * * MON-FRI" },
      "verified",
    );
    await here.settles("forge.cron.set-dedupe", { name: "stock-sync", dedupe: true }, "verified");
    const triggered = await here.settles("forge.cron.trigger", { name: "stock-sync" }, "verified");
    expect(triggered.message).toContain("warehouse");
    expect((await here.output("forge.cron.list")).find(({ name }) => name === "stock-sync")).toMatchObject({
      enabled: false,
      expression: "0 0 6 * * MON-FRI",
      dedupeKey: "stock-sync",
    });
  });

  it("that does not exist, or an expression that cannot be read, is refused before anything is sent", async () => {
    await start();
    expect(await here.failure("forge.cron.set-enabled", { name: "stock", enabled: true })).toMatchObject({
      code: "not_found",
    });
    expect(
      await here.failure("forge.cron.set-expression", { name: "stock-sync", expression: "* * * * *" }),
    ).toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining("Unix cron"),
    });
    expect(
      here.forge.server.requests.filter(({ path, method }) => method === "POST" && path.startsWith("/cron")),
    ).toEqual([]);
  });

  it("of 0.2.0 cannot be kept from overlapping", async () => {
    await start({ version: "0.2.0" });
    expect(await here.failure("forge.cron.set-dedupe", { name: "stock-sync", dedupe: true })).toMatchObject({
      hint: expect.stringContaining("0.2.1"),
    });
  });
});
