import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Activity } from "../../shared/contract/activity.ts";
import { lockFolder } from "./data-folder.ts";
import { openDatabase } from "./database.ts";
import { EventLog, type NewEvent } from "./event-log.ts";
import { eventMigrations, fluxEventMigrations, metricMigrations } from "./migrations/index.ts";
import { openStorage } from "./storage.ts";
import type { Storage } from "./stores.ts";

const at = "2026-11-23T12:00:00.000Z";
const now = (): number => Date.parse(at);
const secret = "only of the removed one";

let directory: string;
let storage: Storage;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  directory = mkdtempSync(join(tmpdir(), "switchyard-erasures-"));
  open();
});
afterEach(() => {
  storage.close();
  vi.useRealTimers();
  rmSync(directory, { recursive: true, force: true });
});

function open(): void {
  storage = openStorage(lockFolder(directory, "headless", now), now);
}

function eventOf(connectionId: string, raw = "{}"): NewEvent {
  const summary = connectionId === "old" ? `host started, ${secret}` : "host started";
  const kind = { lattice: "default", type: "host_started", known: true, severity: "good" } as const;
  const entity = {
    entityKind: "host",
    entityId: "NHOST",
    subject: "wasmbus.evt.default.host_started",
  } as const;
  return { connectionId, receivedAt: at, summary, raw, ...kind, ...entity };
}

function fluxEventOf(connectionId: string) {
  const lists = { workloads: [], revisions: [], errors: [] };
  return {
    connectionId,
    daemonId: "shop",
    receivedAt: at,
    type: "sync",
    severity: "good",
    summary: "",
    ...lists,
  } as const;
}

const activity: Activity = {
  id: "a1",
  operation: "lattice.hosts.stop",
  title: "Stop quiet-river-1022",
  state: "verified",
  message: "Stopped.",
  connectionId: "old",
  actor: "ada",
  transport: "ipc",
  input: {},
  evidence: [],
  steps: [],
  startedAt: at,
  updatedAt: at,
};

function record(connectionId: string): void {
  const samples = Array.from({ length: 20 }, (_, queue) => ({
    family: "depth",
    subject: `queue ${queue}`,
    value: 1,
  }));
  storage.metrics.append(connectionId, samples);
}

/** Of both connections in turn; the last event is one of the old connection. */
function fill(): void {
  for (let round = 0; round < 1_500; round += 1)
    storage.events.append([eventOf("other"), eventOf("other"), eventOf("old", `{"raw":"${secret}"}`)]);
  for (let round = 0; round < 120; round += 1) {
    storage.fluxEvents.append(fluxEventOf("other"), "other");
    storage.fluxEvents.append(fluxEventOf("old"), secret);
  }
  record("other");
  record("old");
  storage.activities.append(activity);
}

const found = (query: object = {}) => storage.events.search({ limit: 10_000, ...query }).rows;
const fluxFound = (connectionId: string) => storage.fluxEvents.list({ connectionId, limit: 1_000 });
const figures = (connectionId: string) =>
  storage.metrics.read({ connectionId, from: 0, to: now() / 1_000 + 60, stepSeconds: 60 });

function expectForgotten(): void {
  expect(found({ connectionId: "old" })).toEqual([]);
  expect(new Set(found().map(({ connectionId }) => connectionId))).toEqual(new Set(["other"]));
  expect(found({ filter: `raw:"${secret}"` })).toEqual([]);
  expect([...storage.events.export({})].join("")).not.toContain(secret);
  expect(storage.events.get(4_500)).toBeUndefined();
  expect(fluxFound("old")).toEqual([]);
  expect(storage.fluxEvents.get("old", 2)).toBeUndefined();
  expect(figures("old")).toEqual([]);
}

function expectOthersKept(): void {
  expect(found({ connectionId: "other" })).toHaveLength(3_000);
  expect(storage.events.get(4_499)).toMatchObject({ row: { connectionId: "other" }, raw: "{}" });
  expect(fluxFound("other")).toHaveLength(120);
  expect(storage.fluxEvents.get("other", 1)).toMatchObject({ raw: "other" });
  expect(figures("other")).toHaveLength(20);
  expect(storage.activities.get("a1")).toEqual(activity);
}

/** What the files themselves hold, once the console has ended. */
function expectErased(): void {
  storage.close();
  const count = (name: string, migrations: Parameters<typeof openDatabase>[1]["migrations"], sql: string) => {
    const database = openDatabase(join(directory, name), { migrations, durable: false });
    const rows = Number(database.prepare(`SELECT count(*) AS count FROM ${sql}`).get()?.count);
    database.close();
    return rows;
  };
  const like = `LIKE '%${secret}%'`;
  expect(count("events.db", eventMigrations, `event_texts WHERE texts ${like}`)).toBe(0);
  expect(count("events.db", eventMigrations, `events WHERE summary ${like}`)).toBe(0);
  // The newest stays, empty.
  expect(count("events.db", eventMigrations, "events")).toBe(3_001);
  expect(count("flux-events.db", fluxEventMigrations, "flux_events")).toBe(120);
  expect(count("metrics.db", metricMigrations, "metric_samples")).toBe(20);
  expect(count("metrics.db", metricMigrations, "metric_series")).toBe(20);
  open();
}

describe("what was kept of a removed connection", () => {
  it("is not found from then on, and is erased bit by bit; what others have and the activities stay", async () => {
    fill();
    storage.forget("old");
    expectForgotten();
    expectOthersKept();
    await vi.advanceTimersByTimeAsync(5_000);
    expectErased();
    expectForgotten();
    expectOthersKept();
  });

  it("stays away where the console ends before all is erased, and is erased by the next one", async () => {
    fill();
    storage.forget("old");
    storage.close();
    open();
    expectForgotten();
    await vi.advanceTimersByTimeAsync(5_000);
    expectErased();
    expectOthersKept();
  });

  it("does not come back with a new connection of the same id, whose own entries are kept", async () => {
    fill();
    storage.forget("old");
    const [row] = storage.events.append([eventOf("old", "new")]);
    const added = storage.fluxEvents.append(fluxEventOf("old"), "new");
    record("old");
    for (let step = 0; step < 2; step += 1) {
      expect(found({ connectionId: "old" })).toEqual([row]);
      expect(storage.events.get(row?.sequence ?? 0)).toMatchObject({ raw: "new" });
      expect(fluxFound("old")).toEqual([added]);
      expect(figures("old")).toHaveLength(20);
      await vi.advanceTimersByTimeAsync(5_000);
    }
    expect(row?.sequence).toBe(4_501);
    expectOthersKept();
  });

  it("keeps its sequences, though the newest events were its own", async () => {
    fill();
    storage.forget("old");
    await vi.advanceTimersByTimeAsync(5_000);
    storage.close();
    open();
    expect(storage.events.append([eventOf("other")])[0]?.sequence).toBe(4_501);
    expect(storage.fluxEvents.append(fluxEventOf("other"), "").sequence).toBe(241);
  });

  it("goes in steps that read only little each", () => {
    const file = join(directory, "steps.db");
    const log = new EventLog(openDatabase(file, { migrations: eventMigrations, durable: false }));
    log.append(Array<NewEvent>(20).fill(eventOf("old", "x".repeat(200_000))));
    log.append(Array<NewEvent>(5_000).fill(eventOf("old")));
    log.flush();
    log.forget("old");
    let steps = 1;
    while (log.eraseSome()) steps += 1;
    expect(steps).toBeGreaterThan(8);
    expect(log.search({ limit: 1 }).rows).toEqual([]);
    log.close();
  });
});
