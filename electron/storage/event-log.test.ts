import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Failure } from "../../shared/contract/failure.ts";
import { eventRowSchema } from "../../shared/events/schema.ts";
import { type Database, openDatabase } from "./database.ts";
import { EventLog, type EventLogOptions, type NewEvent } from "./event-log.ts";
import { eventMigrations } from "./migrations/index.ts";
import { WriteHealth } from "./write-health.ts";

let directory: string;
let database: Database;
let log: EventLog;
let notices: string[];

function open(options: EventLogOptions = {}): void {
  database = openDatabase(join(directory, "events.db"), {
    migrations: eventMigrations,
    durable: false,
  });
  log = new EventLog(database, { health: new WriteHealth((notice) => notices.push(notice)), ...options });
}
function reopen(options: EventLogOptions = {}): void {
  log.close();
  open(options);
}
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-events-"));
  notices = [];
  open();
});
afterEach(() => {
  log.close();
  rmSync(directory, { recursive: true, force: true });
});

const noon = Date.parse("2026-11-23T12:00:00.000Z");

function event(number: number, more: Partial<NewEvent> = {}): NewEvent {
  return {
    connectionId: "local",
    lattice: "default",
    receivedAt: new Date(noon + number).toISOString(),
    type: "component_scaled",
    known: true,
    severity: "info",
    source: "NHOST",
    sourceName: "quiet-river-1022",
    entityKind: "component",
    entityId: `cart-${number}`,
    summary: `cart-${number} runs 5 times`,
    subject: "wasmbus.evt.default.component_scaled",
    raw: `{"number":${number}}`,
    ...more,
  };
}

function many(count: number, more: Partial<NewEvent> = {}): NewEvent[] {
  return Array.from({ length: count }, (_, index) => event(index + 1, more));
}

describe("EventLog", () => {
  test("numbers events at once, finds them newest first, and gives their raw text", () => {
    const rows = log.append(many(3));
    expect(rows.map((row) => row.sequence)).toEqual([1, 2, 3]);
    expect(log.search({ limit: 2 })).toEqual({ rows: [rows[2], rows[1]], more: true, oldestKept: 1 });
    expect(log.search({ limit: 3 })).toMatchObject({ more: false });
    expect(log.get(2)).toEqual({
      row: rows[1],
      subject: "wasmbus.evt.default.component_scaled",
      raw: '{"number":2}',
    });
    expect(log.get(4)).toBeUndefined();
    for (const row of rows) eventRowSchema.parse(row);
  });

  test("goes on counting after a restart, and finds what was before", () => {
    log.append(many(2));
    reopen();
    const [third] = log.append([event(3, { source: undefined, sourceName: undefined, time: "noonish" })]);
    expect(third?.sequence).toBe(3);
    reopen();
    const { rows } = log.search({ limit: 9 });
    expect(rows.map((row) => row.sequence)).toEqual([3, 2, 1]);
    expect(rows[0]).toEqual(third);
  });

  test("writes by itself, without being asked or closed", async () => {
    log.append(many(2));
    await expect
      .poll(() => log.counts(), { timeout: 5_000 })
      .toMatchObject({ written: 2, waiting: 0, kept: 2 });
  });

  test("keeps the raw text of every one of many events apart", () => {
    log.append(many(1_234).map((each, index) => ({ ...each, raw: "ä😀".repeat(index % 7) + index })));
    for (const sequence of [1, 250, 251, 1_000, 1_233, 1_234]) {
      expect(log.get(sequence)?.raw).toBe("ä😀".repeat((sequence - 1) % 7) + (sequence - 1));
    }
  });

  test("pages through a range with after and before", () => {
    log.append(many(10));
    const sequences = (query: { after?: number; before?: number }) =>
      log.search({ ...query, limit: 9 }).rows.map((row) => row.sequence);
    expect(sequences({ before: 4 })).toEqual([3, 2, 1]);
    expect(sequences({ after: 8 })).toEqual([10, 9]);
    expect(sequences({ after: 3, before: 6 })).toEqual([5, 4]);
    expect(sequences({ before: 1 })).toEqual([]);
  });

  test("finds the same in steps, letting other work run", async () => {
    log.append(many(20));
    const query = { filter: "id:~cart-1", limit: 5 };
    expect(await log.searchInSteps(query)).toEqual(log.search(query));
  });

  test("refuses a filter with a problem, and names it", () => {
    expect(() => log.search({ filter: "zone:eu", limit: 5 })).toThrow(Failure);
    expect(() => log.search({ filter: "zone:eu", limit: 5 })).toThrow(/"zone".*Known: type, host/);
  });

  test("exports matching events oldest first, one JSON a line, with their raw text", () => {
    log.append(many(5_000).map((each, index) => (index % 2 ? each : { ...each, type: "host_heartbeat" })));
    const lines = [...log.export({ filter: "type:component_scaled", limit: 2_100 })];
    expect(lines).toHaveLength(2_100);
    expect(lines[2_099]?.endsWith("\n")).toBe(true);
    expect(JSON.parse(lines[2_099] as string)).toMatchObject({
      sequence: 4_200,
      type: "component_scaled",
      subject: "wasmbus.evt.default.component_scaled",
      raw: '{"number":4200}',
    });
  });

  test("clips an enormous raw text, and marks it", () => {
    log.append([event(1, { raw: "x".repeat(300_000) })]);
    const raw = log.get(1)?.raw ?? "";
    expect(raw.length).toBeLessThan(263_000);
    expect(raw).toMatch(/x… \[clipped: 262144 of 300000 characters kept\]$/);
  });

  test("keeps texts that SQLite would cut", () => {
    const [row] = log.append([event(1, { summary: "before\0after", raw: "a\0b" })]);
    log.flush();
    expect(log.search({ filter: "after", limit: 1 }).rows).toEqual([row]);
    expect(log.get(1)?.raw).toBe("a\ufffdb");
  });
});

function pruneAll(): number {
  let removed = 0;
  for (let chunk = log.prune(); chunk > 0; chunk = log.prune()) removed += chunk;
  return removed;
}

describe("pruning", () => {
  test("keeps the newest rows, with their raw texts, and no more than the bound", () => {
    reopen({ bounds: { rows: 1_000 } });
    log.append(many(1_900));
    log.flush();
    expect(log.prune(100)).toBe(100);
    pruneAll();
    expect(log.counts().kept).toBe(1_000);
    expect(log.search({ limit: 1, before: 902 })).toMatchObject({
      rows: [{ sequence: 901 }],
      oldestKept: 901,
    });
    expect(log.get(901)?.raw).toBe('{"number":901}');
    expect(log.get(900)).toBeUndefined();
    const runs = database.prepare("SELECT count(*) AS count FROM event_texts").get();
    expect(runs?.count).toBeLessThan(25);
  });

  test("lets go of what is too old, but never of the newest, so that counting goes on", () => {
    const now = noon + 3_600_000;
    reopen({ bounds: { ageMs: 3_600_000 - 500 }, now: () => now });
    log.append(many(1_000));
    log.flush();
    expect(pruneAll()).toBe(499);
    reopen({ bounds: { ageMs: 1 }, now: () => now });
    pruneAll();
    expect(log.search({ limit: 9 }).rows.map((row) => row.sequence)).toEqual([1_000]);
    reopen();
    expect(log.append([event(1)])[0]?.sequence).toBe(1_001);
  });

  test("gives way when the file is too large", () => {
    reopen({ bounds: { bytes: 400_000 } });
    log.append(many(2_000, { raw: "x".repeat(1_000) }));
    log.flush();
    pruneAll();
    const kept = log.counts().kept;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(2_000);
  });

  test("happens by itself while events come in", async () => {
    reopen({ bounds: { rows: 500 } });
    for (let round = 0; round < 10; round += 1) log.append(many(5_000));
    await expect.poll(() => log.counts().kept, { timeout: 20_000 }).toBe(500);
    expect(log.search({ limit: 1 }).rows[0]?.sequence).toBe(50_000);
  });

  test("keeps the origins of what it keeps, over more events than one origin serves", () => {
    reopen({ bounds: { rows: 1_000 } });
    for (let round = 0; round < 45; round += 1) log.append(many(5_000));
    log.flush();
    pruneAll();
    expect(log.search({ filter: "host:quiet-river-1022", limit: 5_000 }).rows).toHaveLength(1_000);
    expect(database.prepare("SELECT count(*) AS count FROM event_origins").get()).toEqual({ count: 1 });
  });
});

test("events of many kinds in turn come back as they were, and what they share is kept once", () => {
  const severities = ["good", "bad", "info", "warning"] as const;
  const mixed = many(600).map((one, at) => ({
    ...one,
    type: `type-${at % 12}`,
    subject: `wasmbus.evt.default.type-${at % 12}`,
    severity: severities[at % 4] as (typeof severities)[number],
    source: `NHOST${at % 3}`,
    sourceName: at < 300 ? "quiet-river-1022" : "renamed",
  }));
  const rows = log.append(mixed.slice(0, 250));
  log.flush();
  rows.push(...log.append(mixed.slice(250)));
  reopen();
  expect(log.search({ limit: 1_000 }).rows.reverse()).toEqual(rows);
  const kinds = new Set(mixed.map((one) => `${one.subject} ${one.severity} ${one.source} ${one.sourceName}`));
  expect(database.prepare("SELECT count(*) AS count FROM event_origins").get()).toEqual({
    count: kinds.size,
  });
});

describe("when the disk is full", () => {
  function fill(): void {
    log.flush();
    const pages = Number(database.prepare("PRAGMA page_count").get()?.page_count);
    database.prepare(`PRAGMA max_page_count = ${pages + 2}`).all();
  }
  function makeRoom(): void {
    database.prepare("PRAGMA max_page_count = 1000000").all();
  }

  test("still finds what waits in memory, says so once, and writes it when there is room", () => {
    log.append(many(5));
    fill();
    const rows = log.append(many(500, { entityId: "late" }));
    expect(log.search({ filter: "id:late", limit: 1 })).toMatchObject({ rows: [rows[499]], more: true });
    expect(log.search({ limit: 600 }).rows).toHaveLength(505);
    expect(log.get(300)?.row).toEqual(rows[294]);
    expect([...log.export({ filter: "id:late" })]).toHaveLength(500);
    log.flush();
    expect(log.counts()).toMatchObject({
      written: 5,
      waiting: 500,
      dropped: 0,
      problem: expect.stringMatching(/full/),
    });
    expect(notices).toEqual([expect.stringMatching(/cannot be written.*full/)]);

    makeRoom();
    log.flush();
    expect(log.counts()).toEqual({ kept: 505, written: 505, waiting: 0, dropped: 0 });
    expect(notices[1]).toMatch(/written.*again; 0 had to be dropped/);
  });

  test("drops the oldest of too many, counts them, and keeps the order", () => {
    fill();
    for (let round = 0; round < 20; round += 1) log.append(many(5_000));
    const { waiting, dropped } = log.counts();
    expect(waiting + dropped).toBe(100_000);
    expect(dropped).toBeGreaterThan(0);
    makeRoom();
    log.flush();
    expect(log.counts()).toMatchObject({ waiting: 0, written: waiting, dropped });
    expect(log.search({ limit: 1 }).rows[0]?.sequence).toBe(100_000);
    expect(log.search({ limit: 1, before: dropped + 2 }).rows[0]?.sequence).toBe(dropped + 1);
  });

  test("tries again by itself", async () => {
    fill();
    log.append(many(500));
    log.flush();
    expect(log.counts().waiting).toBe(500);
    makeRoom();
    await expect.poll(() => log.counts().waiting, { timeout: 10_000 }).toBe(0);
  });

  test("says what is lost when it must close", () => {
    fill();
    log.append(many(500));
    log.close();
    expect(notices.at(-1)).toMatch(/500 events could not be written/);
    open();
  });
});
