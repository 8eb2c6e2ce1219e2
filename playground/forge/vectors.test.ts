import { describe, expect, it } from "vitest";
import { bucketCount, mergePercentiles, nearestRank } from "./buckets.ts";
import { nextFire, parseCron } from "./cron.ts";
import { SimulatedForge } from "./forge.ts";
import { newQueue } from "./model.ts";
import { fail, failureDelay, throttle, throttleDelay } from "./outcomes.ts";
import { retryJob } from "./routes-jobs.ts";
import { ForgeRuntime } from "./runtime.ts";
import { ForgeStore } from "./store.ts";

describe("the vectors of the protocol page (forge-jobs §13)", () => {
  it("nearest rank", () => {
    const values = [900, 12, 40, 250, 41, 90];
    expect([50, 95, 99].map((percent) => nearestRank(values, percent))).toEqual([41, 900, 900]);
    expect(nearestRank([], 50)).toBe(0);
  });

  it("rollup merge", () => {
    const minutes = [
      { count: 4, p50: 120, p95: 150, p99: 150 },
      { count: 1, p50: 900, p95: 900, p99: 900 },
    ];
    expect(mergePercentiles(minutes)).toMatchObject({ p50: 276, p99: 900 });
  });

  it.each([
    [3_600, 60, 60],
    [3_601, 60, 61],
    [0.4, 5, 1],
    [604_800, 60, 2_000],
    [86_400, 30, 2_000],
  ])("buckets of %d s in steps of %d s are %d", (span, bucketSeconds, count) => {
    expect(bucketCount({ from: 0, to: span * 1_000, bucketSeconds })).toBe(count);
  });

  it("failure and throttle delays", () => {
    const queue = newQueue("q", { backoffEnabled: true, backoffBase: 15, backoffMax: 600 });
    expect([1, 2, 3, 4, 5, 6, 7].map((attempts) => failureDelay(queue, attempts))).toEqual([
      30, 60, 120, 240, 480, 600, 600,
    ]);
    expect([0, 1, 2, 3, 4, 5, 6].map((throttles) => throttleDelay({ ...queue, throttles }))).toEqual([
      15, 30, 60, 120, 240, 480, 600,
    ]);
    expect(failureDelay({ ...queue, backoffBase: 300, backoffMax: 60 }, 1)).toBe(60);
    expect([failureDelay(newQueue("q"), 3), throttleDelay(newQueue("q"))]).toEqual([0, 60]);
  });

  it.each([
    [11, 4, [3, 3, 3, 2]],
    [2, 3, [1, 1, 0]],
  ])("%d slots over %d workers", (workers, pods, shares) => {
    const store = new ForgeStore(1);
    store.addQueue("q", { maxWorkers: workers });
    const runtime = new ForgeRuntime(store, {});
    const made = Array.from({ length: pods }, (_, index) => runtime.addPod(`p${index}`, ["q"]));
    runtime.rebalance();
    runtime.stop();
    expect(made.map(({ assigned }) => assigned.get("q"))).toEqual(shares);
  });
});

describe("a simulated installation", () => {
  it("runs, fails, backs off and reaps, with time let pass by hand", () => {
    const store = new ForgeStore(3);
    store.addQueue("q", { maxWorkers: 1, backoffEnabled: true, backoffBase: 10, backoffMax: 600 });
    const runtime = new ForgeRuntime(store, {
      good: { milliseconds: [0, 0] },
      bad: { milliseconds: [0, 0], failing: 1 },
    });
    const pod = runtime.addPod("a", ["q"]);
    runtime.rebalance();
    runtime.supervise();
    const good = store.enqueue({ queue: "q", kind: "good", payload: "{}" });
    const bad = store.enqueue({ queue: "q", kind: "bad", payload: "{}", maxAttempts: 2 });
    for (let round = 0; round < 6; round += 1) runtime.work();
    expect([good.status, bad.status, bad.attempts]).toEqual(["done", "failed", 1]);
    expect(bad.scheduledAt - store.now()).toBeGreaterThan(19_000);
    expect(retryJob(store, bad)).toBe(true);
    for (let round = 0; round < 3; round += 1) runtime.work();
    expect(bad).toMatchObject({ status: "dead", attempts: 2, errors: [{ attempt: 1 }, { attempt: 2 }] });
    const held = store.enqueue({ queue: "q", kind: "good", payload: "{}" });
    runtime.work();
    runtime.killPod("a");
    store.clockOffset = 61_000;
    runtime.reap();
    expect([held.status, held.lastError]).toEqual(["failed", "reaped after stale heartbeat"]);
    expect([store.pods.has(pod.hostId), store.slots.size]).toEqual([false, 0]);
    runtime.stop();
  });

  it("cools a whole queue down when a job is throttled, once", () => {
    const store = new ForgeStore(1);
    const queue = store.addQueue("q");
    const jobs = [1, 2].map(() => store.enqueue({ queue: "q", kind: "k", payload: "{}" }));
    for (const job of jobs) throttle(store, job);
    expect([queue.throttles, queue.throttledUntil]).toEqual([1, jobs[0]?.scheduledAt]);
    const [first] = jobs;
    for (let count = 0; count < 40 && first; count += 1) fail(store, { ...first, maxAttempts: 99 }, "again");
    expect(first?.status).toBe("pending");
  });

  it("stays small, and keeps what is not over", () => {
    const store = new ForgeStore(1);
    const jobs = Array.from({ length: 10 }, () => store.enqueue({ queue: "q", kind: "k", payload: "{}" }));
    for (const job of jobs.slice(1)) store.setStatus(job, "done");
    for (const job of jobs) store.record("enqueued", job);
    store.keepNewest(4);
    expect([...store.jobs.keys()]).toEqual([jobs[0], ...jobs.slice(7)].map((job) => job?.id));
    expect(store.livingEvents()).toHaveLength(4);
  });

  it("has the cron dialect of its crate", () => {
    const at = Date.parse("2026-07-01T08:07:30Z");
    expect(new Date(nextFire("0 0 9 * * MON", at) ?? 0).toISOString()).toBe("2026-07-06T09:00:00.000Z");
    for (const wrong of ["* * * * *", "0 0 0 * * 0", "60 * * * * *", "0 */0 * * * *", "0 0 0 1 x *"])
      expect(() => parseCron(wrong)).toThrow();
  });

  it("comes to life by itself, and ends", async () => {
    const forge = await SimulatedForge.start({ seed: 5 });
    expect(forge.store.slots.size).toBeGreaterThan(8);
    await forge.stop();
  });
});
