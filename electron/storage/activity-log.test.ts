import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type Activity,
  type ActivityRecord,
  type ActivityState,
  activityRecordSchema,
} from "../../shared/contract/activity.ts";
import { Failure } from "../../shared/contract/failure.ts";
import { verifyChain } from "./activity-chain.ts";
import { ActivityLog } from "./activity-log.ts";
import { type Database, openDatabase } from "./database.ts";
import { consoleMigrations } from "./migrations/index.ts";

let directory: string;
let database: Database;
let log: ActivityLog;

function open(): void {
  database = openDatabase(join(directory, "switchyard.db"), { migrations: consoleMigrations, durable: true });
  log = new ActivityLog(database);
}
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-activity-"));
  open();
});
afterEach(() => {
  database.close();
  rmSync(directory, { recursive: true, force: true });
});

const at = "2026-11-23T08:00:00.000Z";

function activity(id: string, state: ActivityState, more: Partial<Activity> = {}): Activity {
  return {
    id,
    operation: "lattice.components.scale",
    title: "Scale cart to 12 on quiet-river-1022",
    state,
    message: "The host accepted it.",
    connectionId: "local",
    actor: "ada",
    transport: "ipc",
    input: { count: 12, unsaid: undefined, name: "käse" },
    evidence: [],
    steps: [{ state, at }],
    startedAt: at,
    updatedAt: at,
    ...more,
  };
}

describe("ActivityLog", () => {
  test("keeps each step, and shows the newest one", () => {
    log.append(activity("a1", "recorded"));
    log.append(activity("a2", "recorded"));
    log.append(activity("a1", "sent"));
    const last = log.append(activity("a1", "acknowledged", { reply: { accepted: true } }));

    expect(activityRecordSchema.parse(last).sequence).toBe(4);
    expect(log.get("a1")).toMatchObject({ state: "acknowledged", reply: { accepted: true } });
    expect(log.records("a1").map((record) => record.activity.state)).toEqual([
      "recorded",
      "sent",
      "acknowledged",
    ]);
    expect(log.get("nobody")).toBeUndefined();
  });

  test("lists what fits, newest beginning first, page by page", () => {
    for (let number = 1; number <= 5; number += 1) {
      const connectionId = number % 2 === 0 ? "even" : "odd";
      log.append(activity(`a${number}`, "recorded", { connectionId, batch: number > 3 ? "b" : undefined }));
    }
    log.append(activity("a1", "sent", { connectionId: "odd" }));
    const ids = (query: Parameters<ActivityLog["list"]>[0]) => log.list(query).map(({ id }) => id);

    expect(ids({ limit: 3 })).toEqual(["a5", "a4", "a3"]);
    expect(ids({ limit: 3, before: "a3" })).toEqual(["a2", "a1"]);
    expect(ids({ limit: 9, connectionId: "odd" })).toEqual(["a5", "a3", "a1"]);
    expect(ids({ limit: 9, state: "sent" })).toEqual(["a1"]);
    expect(ids({ limit: 9, batch: "b", connectionId: "even" })).toEqual(["a4"]);
    expect(ids({ limit: 9, before: "nobody" })).toEqual([]);
  });

  test("after a crash, what was under way is still there, and the chain goes on", () => {
    log.append(activity("done", "recorded"));
    log.append(activity("done", "verified"));
    log.append(activity("cut", "recorded"));
    log.append(activity("cut", "sent"));
    log.append(activity("lost", "unknown"));
    // A second opener reads what is on the disk while the first one never closed.
    const first = database;
    open();
    expect(log.unsettled().map(({ id, state }) => [id, state])).toEqual([
      ["cut", "sent"],
      ["lost", "unknown"],
    ]);
    log.append(activity("cut", "confirmed"));
    expect(verifyChain(log.chain())).toMatchObject({ ok: true, count: 6 });
    first.close();
  });

  test("refuses to change or to remove a record", () => {
    log.append(activity("a1", "recorded"));
    expect(() => database.execute("UPDATE activity_records SET body = '{}'")).toThrow(/append-only/);
    expect(() => database.execute("DELETE FROM activity_records")).toThrow(/append-only/);
    expect(() =>
      database.execute(
        `INSERT OR REPLACE INTO activity_records (sequence, activity_id, body, previous_hash, hash)
         SELECT sequence, 'x', '{}', '', '' FROM activity_records`,
      ),
    ).toThrow(/append-only/);
    expect(log.get("a1")?.state).toBe("recorded");
  });

  test("says so when the disk is full, and keeps nothing of the step", () => {
    log.append(activity("a1", "recorded"));
    const pages = Number(database.prepare("PRAGMA page_count").get()?.page_count);
    database.prepare(`PRAGMA max_page_count = ${pages + 2}`).all();
    const big = activity("a2", "recorded", { reason: "because ".repeat(5_000) });

    expect(() => log.append(big)).toThrow(Failure);
    expect(() => log.append(big)).toThrow(/^Not recorded, therefore not sent: .*full/);
    expect(log.get("a2")).toBeUndefined();

    database.prepare("PRAGMA max_page_count = 1000000").all();
    log.append(big);
    expect(verifyChain(log.chain())).toMatchObject({ ok: true, count: 2 });
  });
});

describe("verifyChain", () => {
  function records(count: number): ActivityRecord[] {
    for (let number = 1; number <= count; number += 1) log.append(activity(`a${number}`, "recorded"));
    return [...log.chain()];
  }

  test("reads a log of many pages", () => {
    const verdict = verifyChain(records(1_203));
    expect(verdict).toEqual({ ok: true, count: 1_203, head: log.append(activity("z", "sent")).previousHash });
  });

  test("finds the record that was changed, taken out, put twice or moved", () => {
    const chain = records(8);
    const index = fc.integer({ min: 0, max: 6 });
    fc.assert(
      fc.property(index, (place) => {
        const record = chain[place] as ActivityRecord;
        const changed = chain.with(place, { ...record, activity: { ...record.activity, actor: "eve" } });
        expect(verifyChain(changed)).toMatchObject({ ok: false, sequence: place + 1 });
        expect(verifyChain(chain.toSpliced(place, 1))).toMatchObject({ ok: false, sequence: place + 2 });
        expect(verifyChain(chain.toSpliced(place, 0, record))).toMatchObject({ ok: place + 1 === 0 });
        const swapped = chain.with(place, chain[place + 1] as ActivityRecord).with(place + 1, record);
        expect(verifyChain(swapped)).toMatchObject({ ok: false, sequence: place + 2 });
      }),
    );
  });

  test("finds a record whose hash was made to fit its changed content", () => {
    const chain = records(3);
    const forged = new ActivityLogForger(chain).rewrite(1, { actor: "eve" });
    expect(verifyChain(forged)).toMatchObject({ ok: false, sequence: 3 });
  });
});

/** Rewrites one record and its own hash, as somebody with the file and the source would. */
class ActivityLogForger {
  readonly #chain: ActivityRecord[];
  constructor(chain: ActivityRecord[]) {
    this.#chain = chain;
  }
  rewrite(place: number, change: Partial<Activity>): ActivityRecord[] {
    const record = this.#chain[place] as ActivityRecord;
    const other = openDatabase(":memory:", { migrations: consoleMigrations, durable: false });
    const forge = new ActivityLog(other);
    for (const each of this.#chain.slice(0, place)) forge.append(each.activity);
    const forged = forge.append({ ...record.activity, ...change });
    other.close();
    return this.#chain.with(place, forged);
  }
}
