import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Playground, startPlayground } from "../../playground/playground.ts";
import type { Activity, CallOptions, Guard, Reply } from "../../shared/contract/index.ts";
import type { ComponentRow, HostRow, ScalePreview } from "../../shared/lattice/schema.ts";
import { memorySecrets } from "../connections/secrets.ts";
import { lockFolder } from "../storage/data-folder.ts";
import { type Console, startConsole } from "./app.ts";

const connectionId = "here";
let directory: string;
let playground: Playground;
let running: Console;

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const open = () =>
  startConsole({
    mode: "headless",
    version: "test",
    folder: lockFolder(directory, "headless"),
    secrets: memorySecrets(),
    tokenFile: join(directory, "token"),
    playground: "never",
    log: quiet,
  });

async function call<T>(name: string, input: object = {}, options: CallOptions = {}): Promise<Reply<T>> {
  const scoped = name.startsWith("activity.") ? input : { connectionId, ...input };
  return (await running.dispatcher.call(name, scoped, options, {
    transport: "ipc",
    actor: "test",
    scope: "change",
  })) as Reply<T>;
}

async function output<T>(name: string, input: object = {}): Promise<T> {
  const reply = await call<T>(name, input);
  if (!reply.ok) throw new Error(JSON.stringify(reply.failure));
  return reply.output;
}

async function failure(name: string, input: object = {}) {
  const reply = await call(name, input);
  if (reply.ok) throw new Error("expected a failure");
  return reply.failure;
}

async function follow(guard: Guard = "open"): Promise<void> {
  const target = {
    addresses: [playground.natsUrl],
    requestTimeoutMs: 500,
    auctionTimeoutMs: 500,
    heartbeatSeconds: 1,
    authentication: { method: "token" },
  };
  const profile = {
    name: "Here",
    color: "#123456",
    environment: "TEST",
    guard,
    openAtStart: true,
    system: "lattice",
    target,
  };
  await output("connections.save", { profile, secrets: { token: playground.natsToken } });
  await output("connections.open");
  await vi.waitFor(async () => {
    const hosts = await output<HostRow[]>("lattice.hosts.list");
    expect(hosts.filter((host) => host.inventoryAt)).toHaveLength(playground.lattices[0]?.hosts.length ?? 0);
  });
}

const components = () => output<ComponentRow[]>("lattice.components.list");
const activity = async (id: string) =>
  (await output<{ activity: Activity }>("activity.get", { activityId: id })).activity;
const reaches = (id: string, state: Activity["state"], timeout = 5_000) =>
  vi.waitFor(async () => expect((await activity(id)).state).toBe(state), { timeout });

/** An unbounded one cannot be scaled further up. */
const isBounded = ({ maxInstances }: ComponentRow) => maxInstances < 1_000;

/** A component on a host of the newest version, and the simulated host itself. */
async function somewhere() {
  const host = playground.hosts.find(({ version }) => version === "1.9.2");
  if (!host) throw new Error("no host of 1.9.2");
  const row = (await components()).find((each) => each.hostId === host.id && isBounded(each));
  if (!row) throw new Error("nothing runs there");
  return { host, row, place: { hostId: row.hostId, componentId: row.id } };
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-app-"));
  playground = await startPlayground({ calm: true, staging: false, heartbeatMilliseconds: 60_000 });
  running = await open();
});

afterEach(async () => {
  await running.close();
  await playground.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe("a scale", () => {
  it("is verified, keeps annotations, and the list shows it", async () => {
    await follow();
    const { row, place } = await somewhere();
    const { id } = await output<Activity>("lattice.components.scale", {
      ...place,
      maxInstances: row.maxInstances + 3,
    });
    await reaches(id, "verified");
    const now = (await components()).find((each) => each.hostId === row.hostId && each.id === row.id);
    expect(now).toMatchObject({ maxInstances: row.maxInstances + 3, annotations: row.annotations });
    expect((await activity(id)).request).toMatchObject({
      payload: { count: row.maxInstances + 3, host_id: row.hostId },
    });
  });

  it("remembers the config names that it sent, and the next preview knows them", async () => {
    await follow();
    const { host, place } = await somewhere();
    await host.execute("config.put", { LEVEL: "debug" }, "app-test");
    const before = await output<ScalePreview>("lattice.components.preview-scale", {
      ...place,
      maxInstances: 3,
    });
    expect(before.fields.find(({ field }) => field === "config")?.knownFrom).toBe("unknowable");
    const { id } = await output<Activity>("lattice.components.scale", {
      ...place,
      maxInstances: 3,
      config: ["app-test"],
    });
    await reaches(id, "verified");
    const after = await output<ScalePreview>("lattice.components.preview-scale", {
      ...place,
      maxInstances: 4,
    });
    expect(after.fields.find(({ field }) => field === "config")).toMatchObject({
      knownFrom: "history",
      now: "app-test",
    });
  });

  it("that the host cannot carry out fails with the host's reason", async () => {
    await follow();
    const { place } = await somewhere();
    const params = {
      ...place,
      componentId: "not-there-yet",
      imageReference: "registry.example.test/missing:1",
      maxInstances: 1,
    };
    const { id } = await output<Activity>("lattice.components.scale", params);
    await reaches(id, "failed");
    expect((await activity(id)).message).toMatch(/failed to fetch component/);
  });

  it("whose event is lost becomes unknown, and reconcile settles it", async () => {
    await follow();
    const { host, row, place } = await somewhere();
    host.faults.add({ kind: "dropEvents", on: "component_scaled" });
    const { id } = await output<Activity>("lattice.components.scale", {
      ...place,
      maxInstances: row.maxInstances + 1,
    });
    await reaches(id, "unknown", 15_000);
    expect((await activity(id)).message).toMatch(/may still finish/);
    expect(await output<Activity>("activity.reconcile", { activityId: id })).toMatchObject({
      state: "verified",
    });
  });

  it("that gets no reply is unknown, and its event settles it", async () => {
    await follow();
    const { host, row, place } = await somewhere();
    host.faults.add({ kind: "silent", on: "component.scale", execute: true });
    const refused = await failure("lattice.components.scale", {
      ...place,
      maxInstances: row.maxInstances + 1,
    });
    expect(refused).toMatchObject({ code: "timeout", details: { activityId: expect.any(String) } });
    await reaches(String(refused.details?.activityId), "verified");
  });

  it("that gets garbage for a reply says so, and other hosts are not disturbed", async () => {
    await follow();
    const { host, row, place } = await somewhere();
    host.faults.add({ kind: "garbageReply", on: "component.scale" });
    const refused = await failure("lattice.components.scale", {
      ...place,
      maxInstances: row.maxInstances + 1,
    });
    expect(["upstream_invalid", "timeout"]).toContain(refused.code);
    const other = (await components()).find(
      (each) => each.hostId !== row.hostId && isBounded(each),
    ) as ComponentRow;
    const params = { hostId: other.hostId, componentId: other.id, maxInstances: other.maxInstances + 1 };
    await reaches((await output<Activity>("lattice.components.scale", params)).id, "verified");
  });

  it("on a host that is not there fails at once and is not unknown", async () => {
    await follow();
    const params = {
      hostId: `N${"A".repeat(55)}`,
      componentId: "cart",
      imageReference: "x:1",
      maxInstances: 1,
    };
    const refused = await failure("lattice.components.scale", params);
    expect(refused.code).toBe("not_found");
    expect(await activity(String(refused.details?.activityId))).toMatchObject({
      state: "failed",
      target: { kind: "component", id: "cart", hostId: params.hostId },
    });
  });

  it("on a host that died is told by the host's name", async () => {
    await follow();
    const { host, place } = await somewhere();
    await host.kill();
    const refused = await failure("lattice.components.scale", { ...place, maxInstances: 1 });
    expect(refused).toMatchObject({ code: "not_found", message: expect.stringContaining(host.friendlyName) });
  });

  it.each([
    [{ maxInstances: -1 }, "maxInstances"],
    [{ maxInstances: 1.5 }, "maxInstances"],
    [{ maxInstances: 4_294_967_296 }, "maxInstances"],
    [{ componentId: " " }, "componentId"],
    [{ componentId: "" }, "componentId"],
    [{ componentId: "a\nb" }, "componentId"],
    [{ hostId: "N*" }, "hostId"],
    [{ lattice: "a.b" }, "lattice"],
  ])("with %j is refused before anything is recorded", async (wrong, field) => {
    const good = { hostId: `N${"A".repeat(55)}`, componentId: "cart", maxInstances: 1 };
    const refused = await failure("lattice.components.scale", { ...good, ...wrong });
    expect(refused).toMatchObject({
      code: "invalid_input",
      message: expect.stringMatching(new RegExp(`^${field}: `)),
    });
    expect(await output("activity.list")).toEqual([]);
  });

  it("is refused on a read-only connection", async () => {
    await follow("read-only");
    const { row, place } = await somewhere();
    expect((await failure("lattice.components.scale", { ...place, maxInstances: 1 })).code).toBe("forbidden");
    expect(await output("activity.list")).toEqual([]);
    expect((await components()).find((each) => each.hostId === row.hostId && each.id === row.id)).toEqual(
      row,
    );
  });
});

it("what was under way when the console died is unknown afterwards and can be reconciled", async () => {
  await follow();
  const { host, row, place } = await somewhere();
  host.faults.add({ kind: "dropEvents", on: "component_scaled" });
  const { id } = await output<Activity>("lattice.components.scale", {
    ...place,
    maxInstances: row.maxInstances + 1,
  });
  expect((await activity(id)).state).toBe("acknowledged");
  await running.close();
  running = await open();
  expect(await activity(id)).toMatchObject({
    state: "unknown",
    message: expect.stringMatching(/may have happened/),
  });
  await follow();
  expect(await output<Activity>("activity.reconcile", { activityId: id })).toMatchObject({
    state: "verified",
  });
});

it("a connection that does not exist is named, and one that is not open says how to go on", async () => {
  expect(await failure("lattice.hosts.list")).toMatchObject({
    code: expect.stringMatching(/not_found|unreachable/),
  });
  await follow();
  await output("connections.close");
  const refused = await failure("lattice.components.scale", {
    hostId: `N${"A".repeat(55)}`,
    componentId: "cart",
    maxInstances: 1,
  });
  expect(refused).toMatchObject({ code: "unreachable", hint: expect.stringMatching(/[Oo]pen/) });
});

it("removes a connection with what was kept of it, so that one of the same id does not show it", async () => {
  await follow();
  const events = async () => (await output<{ rows: unknown[] }>("events.search")).rows;
  await vi.waitFor(async () => expect((await events()).length).toBeGreaterThan(0));
  expect(await output("connections.remove")).toEqual({ removed: true });
  expect(await events()).toEqual([]);
  const target = { addresses: ["nats://127.0.0.1:1"] };
  const look = { name: "Again", color: "#123456", environment: "TEST", guard: "open" };
  await output("connections.save", { profile: { ...look, openAtStart: false, system: "lattice", target } });
  expect(await events()).toEqual([]);
});
