import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ActivityBounds } from "../../shared/activity/retention.ts";
import type { Activity, ActivityState } from "../../shared/contract/activity.ts";
import { checkExport } from "./activity-check.ts";
import { existingKey } from "./activity-key.ts";
import { lockFolder } from "./data-folder.ts";
import { openDatabase } from "./database.ts";
import { consoleMigrations } from "./migrations/index.ts";
import { openStorage } from "./storage.ts";
import type { Storage } from "./stores.ts";

const dayMs = 86_400_000;
const today = Date.parse("2026-11-23T12:00:00.000Z");
const daysAgo = (days: number) => new Date(today - days * dayMs).toISOString();

let directory: string;
let storage: Storage;
const file = () => join(directory, "switchyard.db");
const key = () => existingKey(join(directory, "activity.key")) as Buffer;
const open = () => {
  storage = openStorage(lockFolder(directory, "headless"), () => today);
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  directory = mkdtempSync(join(tmpdir(), "switchyard-retention-"));
  open();
});
afterEach(() => {
  storage.close();
  begun.clear();
  vi.useRealTimers();
  rmSync(directory, { recursive: true, force: true });
});

const order: readonly ActivityState[] = ["recorded", "sent", "acknowledged", "confirmed", "verified"];

const begun = new Map<string, string>();

/** An activity as its steps leave it one after the other, all at one time. */
function record(id: string, states: readonly ActivityState[], at: string): void {
  for (const state of states) storage.activities.append(activity(id, state, at));
}

function activity(id: string, state: ActivityState, at: string): Activity {
  const startedAt = begun.get(id) ?? at;
  begun.set(id, startedAt);
  const past = order.slice(0, order.indexOf(state) + 1);
  return {
    id,
    operation: "lattice.components.scale",
    title: `Scale ${id}`,
    state,
    message: `It is ${state}.`,
    connectionId: "here",
    actor: "ada",
    transport: "ipc",
    input: { count: 12, annotations: { why: "x".repeat(2_000) } },
    evidence: past.slice(1).map((each) => ({ at, kind: "note", summary: each })),
    steps: past.map((each) => ({ state: each, at })),
    startedAt,
    updatedAt: at,
  };
}

async function keep(bounds: Partial<ActivityBounds>): Promise<void> {
  storage.preferences.save({ keepActivities: { days: 365, atMost: 200_000, ...bounds } });
  storage.pruneActivities();
  await vi.advanceTimersByTimeAsync(60_000);
}

const ids = () => storage.activities.list({ limit: 10_000 }).map(({ id }) => id);
const exported = () => [...storage.activities.exportLines(daysAgo(0))].join("");

describe("old activities", () => {
  it("go after a year, the ones that went on since stay whole, and the chain goes on from a checkpoint", async () => {
    record("old", order, daysAgo(800));
    record("long", order.slice(0, 3), daysAgo(500));
    record("older", order, daysAgo(366));
    record("long", order.slice(3), daysAgo(30));
    record("new", order, daysAgo(364));
    const { sequence, hash } = storage.activities.end();
    const long = storage.activities.get("long");
    await keep({});
    expect(ids()).toEqual(["new", "long"]);
    expect(storage.activities.get("old")).toBeUndefined();
    expect(storage.activities.get("long")).toEqual(long);
    expect(storage.activities.records("long").map(({ activity }) => activity.state)).toEqual([
      "confirmed",
      "verified",
    ]);
    expect(storage.activities.extent()).toEqual({ count: 2, since: daysAgo(500) });
    expect(storage.activities.end()).toEqual({ sequence, hash });
    record("after", ["recorded"], daysAgo(0));
    const verdict = checkExport(exported(), key());
    expect(verdict).toMatchObject({ ok: true, count: 8, checkpoint: { sequence: 13 } });

    storage.close();
    open();
    expect(storage.notices).toEqual([]);
    expect(ids()).toEqual(["after", "new", "long"]);
    record("long", ["verified"], daysAgo(0));
    expect(checkExport(exported(), key())).toMatchObject({ ok: true, count: 9 });
  });

  it("go when there are too many, a few at a time, the newest never", async () => {
    const steps = 3_000;
    for (let number = 0; number < steps; number += 1) record(`a${number}`, ["recorded"], daysAgo(1));
    await keep({ atMost: 1_000 });
    expect(ids()).toHaveLength(1_000);
    expect(ids().at(-1)).toBe("a2000");
    expect(checkExport(exported(), key())).toMatchObject({ ok: true, count: 1_000 });
    await keep({ days: 7 });
    expect(ids()).toHaveLength(1_000);
  });

  it("go by themselves when their time comes, also the only ones, but for the newest record", async () => {
    record("old", order, daysAgo(400));
    record("last", order, daysAgo(380));
    storage.close();
    open();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(ids()).toEqual(["last"]);
    expect(storage.activities.get("last")).toMatchObject({ state: "verified", title: "Scale last" });
    expect(storage.activities.records("last")).toHaveLength(1);
    expect(checkExport(exported(), key())).toMatchObject({ ok: true, count: 1 });
  });

  it("stay where the log is not what was sealed", async () => {
    record("old", order, daysAgo(800));
    record("new", order, daysAgo(1));
    storage.close();
    const database = openDatabase(file(), { migrations: consoleMigrations, durable: true });
    database.execute("UPDATE activity_seal SET mac = 'forged'");
    database.close();
    open();
    await keep({});
    expect(ids()).toEqual(["new", "old"]);
  });
});

describe("whoever takes the beginning out of the log", () => {
  const cut = (more: string) => {
    storage.close();
    const database = openDatabase(file(), { migrations: consoleMigrations, durable: true });
    const { hash } = database.prepare("SELECT hash FROM activity_records WHERE sequence = 5").get() ?? {};
    database.execute(more.replace("HASH", String(hash)));
    database.execute(
      "DELETE FROM activities WHERE last_sequence <= 5; DELETE FROM activity_records WHERE sequence <= 5",
    );
    database.close();
    open();
  };
  const checkpoint =
    "INSERT INTO activity_checkpoint (id, sequence, hash, at, mac) VALUES (1, 5, 'HASH', '2026-01-01T00:00:00.000Z', 'aa')";

  it("is noticed at the next start, with a checkpoint of his own or without one", async () => {
    record("old", order, daysAgo(20));
    record("new", order, daysAgo(1));
    cut(`${checkpoint}; DROP TRIGGER activity_records_are_deleted_only_behind_the_checkpoint`);
    expect(storage.notices.join()).toContain("its checkpoint does not match its key");
    expect(checkExport(exported())).toMatchObject({ ok: true, count: 5 });
    expect(checkExport(exported(), key())).toMatchObject({
      ok: false,
      reason: expect.stringContaining("beginning"),
    });
    storage.close();
    const database = openDatabase(file(), { migrations: consoleMigrations, durable: true });
    database.execute("DELETE FROM activity_checkpoint");
    database.close();
    open();
    expect(storage.notices.join()).toContain("its beginning is missing");
    expect(checkExport(exported())).toMatchObject({ ok: false, sequence: 6 });
  });
});

it("an activity costs little more than what is new in each step", () => {
  record("a", order, daysAgo(0));
  storage.close();
  const database = openDatabase(file(), { migrations: consoleMigrations, durable: true });
  const sizes = database.prepare("SELECT length(body) AS size FROM activity_records ORDER BY sequence").all();
  database.close();
  open();
  expect(Number(sizes[0]?.size)).toBeGreaterThan(2_000);
  for (const { size } of sizes.slice(1)) expect(Number(size)).toBeLessThan(400);
  expect(storage.activities.records("a").map(({ activity }) => activity)).toEqual(
    order.map((state) => activity("a", state, daysAgo(0))),
  );
});

it("a log of an earlier version is found, searched and checked, and goes on in differences", async () => {
  storage.close();
  rmSync(file());
  rmSync(join(directory, "activity.key"));
  const earlier = openDatabase(file(), { migrations: consoleMigrations.slice(0, 7), durable: true });
  const { recordHash, chainStart } = await import("./activity-chain.ts");
  const { canonicalJson } = await import("../../shared/contract/canonical.ts");
  let previous = chainStart;
  for (const [index, state] of order.slice(0, 2).entries()) {
    const body = canonicalJson(activity("a", state, daysAgo(3)));
    const hash = recordHash(previous, body);
    const insert =
      "INSERT INTO activity_records (sequence, activity_id, body, previous_hash, hash) VALUES (?, ?, ?, ?, ?)";
    earlier.prepare(insert).run([index + 1, "a", body, previous, hash]);
    previous = hash;
  }
  earlier.execute(
    "INSERT INTO activities (id, first_sequence, last_sequence, connection_id, state) VALUES ('a', 1, 2, 'here', 'sent')",
  );
  earlier.close();
  open();
  expect(
    storage.activities.list({ limit: 9, text: "it is SENT", operation: "lattice.components.scale" }),
  ).toEqual([activity("a", "sent", daysAgo(3))]);
  record("a", ["acknowledged"], daysAgo(1));
  expect(storage.activities.list({ limit: 9, text: "it is ack" })).toHaveLength(1);
  expect(checkExport(exported(), key())).toMatchObject({ ok: true, count: 3 });
});
