import { describe, expect, test } from "vitest";
import { hostRowSchema } from "../../../shared/lattice/schema.ts";
import {
  component,
  event,
  hostA,
  inventory,
  LatticeTestBed,
  provider,
  scaled,
  start,
} from "../testing/lattice-test-bed.ts";

const host = {
  id: hostA,
  friendlyName: "quiet-river-1022",
  labels: { zone: "eu-1" },
  lattice: "default",
  uptimeSeconds: 3_600,
  version: "1.9.2",
  controlHost: "nats://127.0.0.1:4222",
};

describe("heartbeats", () => {
  test("one from an unknown host is enough to show it with everything on it, and since when it runs (trap 27)", () => {
    const world = new LatticeTestBed();
    const changes = world.beat(0, { components: [component("cart")], providers: [provider("web")] });
    expect(changes.needsRead).toEqual([]);
    expect(hostRowSchema.parse(world.host)).toMatchObject({
      status: "live",
      friendlyName: "quiet-river-1022",
      componentCount: 1,
      instanceCount: 5,
      providerCount: 1,
      startedAt: new Date(start - 3_600_000 + 5).toISOString(),
    });
    expect(world.component("cart")?.hostName).toBe("quiet-river-1022");
  });

  test("the whole inventory takes the place of what was known, in any order", () => {
    const world = new LatticeTestBed();
    world.beat(0, { components: [component("a"), component("b"), component("c")] });
    const a = world.component("a");
    const changes = world.beat(30_000, { components: [component("c", { maxInstances: 9 }), component("a")] });
    expect(changes.components.rows.map(({ id }) => id)).toEqual(["c"]);
    expect(changes.components.removed.map(({ id }) => id)).toEqual(["b"]);
    expect(world.component("a")).toBe(a);
    expect(world.host).toMatchObject({ componentCount: 2, instanceCount: 14 });
  });

  test("explicit null limits are no change (trap 28)", () => {
    const world = new LatticeTestBed();
    world.beat(0, { components: [component("a")] });
    expect(
      world.beat(30_000, { components: [component("a", { limits: undefined })] }).components.rows,
    ).toEqual([]);
    world.beat(60_000, { components: [component("a", { limits: { max_memory_limit: "1" } })] });
    expect(world.component("a")?.limits).toEqual({ max_memory_limit: "1" });
  });

  test("what cannot be read is not taken for gone", () => {
    const world = new LatticeTestBed();
    world.beat(0, { components: [component("a"), component("b")] });
    world.beat(30_000, { components: [component("a")], skipped: 1 });
    expect(world.component("b")).toBeDefined();
    expect(world.host?.problem).toBe("One part of its inventory could not be read.");
    world.beat(60_000, { components: [component("a")] });
    expect(world.component("b")).toBeUndefined();
    expect(world.host?.problem).toBeUndefined();
  });

  test("the period is learned from the gaps, one odd gap does not matter", () => {
    const world = new LatticeTestBed();
    for (const at of [0, 10_000, 20_000, 30_000, 70_000, 80_000]) world.beat(at);
    expect(world.host?.heartbeatSeconds).toBe(10);
  });

  test("an outage is no gap", () => {
    const world = new LatticeTestBed();
    world.beat(0);
    world.learn({ kind: "outage" }, 1_000);
    world.beat(600_000);
    expect(world.host?.heartbeatSeconds).toBe(30);
  });

  test("an old one that is delivered again changes nothing and proves no life", () => {
    const world = new LatticeTestBed();
    world.beat(0, { components: [component("old")] });
    world.beat(30_000, { components: [component("new")] });
    const old = inventory({ components: [component("old")], uptimeSeconds: 3_600 });
    const changes = world.learn(
      { kind: "event", event: event({ type: "host_heartbeat", inventory: old }, { at: 0 }) },
      40_000,
    );
    expect(changes.components.rows).toEqual([]);
    expect(world.component("new")).toBeDefined();
    expect(world.host?.lastSeenAt).toBe(new Date(start + 30_005).toISOString());
  });

  test("a host that sets its clock back an hour is still believed", () => {
    const world = new LatticeTestBed();
    world.beat(0, { components: [component("a")] });
    world.beat(30_000, { components: [component("a")] });
    const beat = inventory({ components: [component("b")], uptimeSeconds: 3_660 });
    world.learn(
      {
        kind: "event",
        event: event({ type: "host_heartbeat", inventory: beat }, { at: 60_000 - 3_600_000 }),
      },
      60_005,
    );
    expect(world.component("b")).toBeDefined();
    world.learn({ kind: "event", event: event(scaled("b", 8), { at: 61_000 - 3_600_000 }) }, 61_005);
    expect(world.component("b")?.maxInstances).toBe(8);
  });

  test("one that misses what the host reported a moment ago is checked", () => {
    const world = new LatticeTestBed();
    world.beat(0, { components: [component("a")] });
    world.hear(scaled("b", 1), 29_950);
    expect(world.beat(30_000, { components: [component("a")] }).needsRead).toEqual([hostA]);
  });

  test("an unreadable one is a sign of life and leads to a read", () => {
    const world = new LatticeTestBed();
    world.beat(0);
    const { type: _type, kind: _kind, ...head } = event({ type: "host_stopped", labels: {} }, { at: 30_000 });
    const malformed = {
      ...head,
      kind: "malformed",
      type: "malformed",
      claimedType: "x",
      reason: "y",
    } as const;
    const changes = world.learn({ kind: "event", event: malformed }, 30_005);
    expect(changes.needsRead).toEqual([hostA]);
    expect(world.host?.lastSeenAt).toBe(new Date(start + 30_005).toISOString());
  });
});

describe("status", () => {
  test("no host is called lost because the console was away", () => {
    const world = new LatticeTestBed();
    world.beat(0);
    world.learn({ kind: "outage" }, 1_000);
    world.learn({ kind: "resumed" }, 600_000);
    world.learn({ kind: "tick" }, 600_250);
    expect(world.host).toMatchObject({ status: "live", lastSeenAt: new Date(start + 5).toISOString() });
    world.learn({ kind: "tick" }, 600_000 + 60_250);
    expect(world.host).toMatchObject({ status: "stale" });
  });

  test("stale after two periods, lost after four, live again with any event; nothing is removed", () => {
    const world = new LatticeTestBed();
    world.beat(0, { components: [component("a")] });
    world.learn({ kind: "tick" }, 60_000);
    expect(world.host?.status).toBe("live");
    world.learn({ kind: "tick" }, 60_100);
    expect(world.host).toMatchObject({
      status: "stale",
      statusSince: new Date(start + 60_100).toISOString(),
    });
    world.learn({ kind: "tick" }, 120_100);
    expect(world.host?.status).toBe("lost");
    expect(world.component("a")).toBeDefined();
    expect(world.inventory.state.hosts.byStatus).toEqual({ live: 0, stale: 0, lost: 1, stopped: 0 });
    world.hear({ type: "health_check_status", providerId: "x" }, 130_000);
    expect(world.host?.status).toBe("live");
    world.learn({ kind: "tick" }, 130_100);
    expect(world.host?.status).toBe("live");
  });

  test("a host that is not heard of but answers is live", () => {
    const world = new LatticeTestBed();
    world.beat(0);
    world.learn({ kind: "tick" }, 200_000);
    world.reply(200_000, 200_010);
    expect(world.host?.status).toBe("live");
  });

  test("a stopped host loses its workloads and stays in the list (trap 21)", () => {
    const world = new LatticeTestBed();
    world.beat(0, { components: [component("a")], providers: [provider("p")] });
    world.hear({ type: "host_stopped", labels: {} }, 10_000);
    expect(world.host).toMatchObject({
      status: "stopped",
      componentCount: 0,
      instanceCount: 0,
      providerCount: 0,
    });
    expect(world.inventory.state).toMatchObject({ components: { size: 0 }, providers: { size: 0 } });
    world.learn({ kind: "tick" }, 1_000_000);
    expect(world.host?.status).toBe("stopped");
  });

  test("what was asked before it stopped, or is delivered again, does not revive it", () => {
    const world = new LatticeTestBed();
    world.beat(0, { components: [component("a")] });
    world.hear({ type: "host_stopped", labels: {} }, 10_000);
    world.reply(9_000, 10_100, { components: [component("a")] });
    world.learn({ kind: "event", event: event(scaled("a", 3), { at: 5_000 }) }, 10_200);
    expect(world.host).toMatchObject({ status: "stopped", componentCount: 0 });
    world.beat(20_000, { components: [component("a")], uptimeSeconds: 3 });
    expect(world.host).toMatchObject({ status: "live", componentCount: 1 });
  });

  test("a start under a known id begins with nothing and is read", () => {
    const world = new LatticeTestBed();
    world.beat(0, { components: [component("a")] });
    const changes = world.hear(
      { type: "host_started", friendlyName: "new-name", version: "1.9.2", labels: {}, uptimeSeconds: 0 },
      10_000,
    );
    expect(changes.needsRead).toEqual([hostA]);
    expect(world.component("a")).toBeUndefined();
    expect(world.host).toMatchObject({
      friendlyName: "new-name",
      startedAt: new Date(start + 10_005).toISOString(),
    });
  });

  test("labels are replaced as a whole", () => {
    const world = new LatticeTestBed();
    world.beat(0, { labels: { zone: "eu-1", a: "b" } });
    world.hear({ type: "labels_changed", labels: { zone: "eu-2" } }, 1_000);
    expect(world.host?.labels).toEqual({ zone: "eu-2" });
  });

  test("a host that does not answer keeps what is known, with the reason, until its next heartbeat", () => {
    const world = new LatticeTestBed();
    world.beat(0, { components: [component("a")] });
    world.learn({ kind: "silent", hostId: hostA, message: "no answer" }, 1_000);
    expect(world.host).toMatchObject({ problem: "no answer", componentCount: 1, status: "live" });
    world.beat(30_000, { components: [component("a")] });
    expect(world.host?.problem).toBeUndefined();
  });

  test("a ping shows the host before its inventory is known; its later name reaches every row", () => {
    const world = new LatticeTestBed();
    world.hear(scaled("a", 1), 0);
    expect(world.component("a")?.hostName).toBe("NAAAAAAA…");
    const changes = world.learn({ kind: "host", host, askedAt: start }, 10);
    expect(changes.needsRead).toEqual([hostA]);
    expect(world.host).toMatchObject({
      friendlyName: "quiet-river-1022",
      controlHost: "nats://127.0.0.1:4222",
    });
    world.reply(20, 30, { components: [component("a", { imageReference: "shop/a:1.0", maxInstances: 1 })] });
    expect(world.component("a")?.hostName).toBe("quiet-river-1022");
  });

  test("of very many stopped hosts the oldest go", () => {
    const world = new LatticeTestBed();
    for (let index = 0; index < 210; index += 1) {
      const source = `N${String(index).padStart(55, "A")}`;
      world.beat(index * 10, { hostId: source }, source);
      world.hear({ type: "host_stopped", labels: {} }, index * 10 + 5, source);
    }
    const changes = world.learn({ kind: "tick" }, 10_000);
    expect(changes.hosts.removed).toHaveLength(10);
    expect(world.inventory.state.hosts.byStatus.stopped).toBe(200);
    expect(world.inventory.state.hosts.entries.has(`N${"0".padStart(55, "A")}`)).toBe(false);
  });
});
