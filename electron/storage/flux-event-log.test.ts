import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockFolder } from "./data-folder.ts";
import { type Database, inMemory, openDatabase } from "./database.ts";
import { FluxEventLog, fluxEventBounds } from "./flux-event-log.ts";
import { moveFluxEvents } from "./flux-event-move.ts";
import { consoleMigrations, fluxEventMigrations } from "./migrations/index.ts";
import { openStorage } from "./storage.ts";

function log(): FluxEventLog {
  return new FluxEventLog(openDatabase(inMemory, { migrations: fluxEventMigrations, durable: false }));
}

function event(daemonId: string, summary: string, connectionId = "flux") {
  return {
    connectionId,
    daemonId,
    receivedAt: "2031-02-03T04:06:01.000Z",
    type: "sync",
    severity: "good" as const,
    summary,
    workloads: ["shop:deployment/checkout"],
    revisions: ["9f1c2d3"],
    errors: [],
  };
}

describe("the log of Flux events", () => {
  it("gives them newest first, of one daemon or of all, in pages", () => {
    const kept = log();
    for (const number of [1, 2, 3]) kept.append(event("shop", `shop ${number}`), "{}");
    kept.append(event("infra", "infra 1"), "{}");
    kept.append(event("shop", "elsewhere", "other"), "{}");
    const summaries = (query: object) =>
      kept.list({ connectionId: "flux", limit: 10, ...query }).map(({ summary }) => summary);
    expect(summaries({})).toEqual(["infra 1", "shop 3", "shop 2", "shop 1"]);
    expect(summaries({ daemonId: "shop", limit: 2 })).toEqual(["shop 3", "shop 2"]);
    expect(summaries({ daemonId: "shop", before: 2 })).toEqual(["shop 1"]);
  });

  it("keeps the text that came, for those who may see the connection", () => {
    const kept = log();
    const { sequence } = kept.append(event("shop", "one"), '{"type":"sync"}');
    expect(kept.get("flux", sequence)).toMatchObject({
      event: { summary: "one", sequence },
      raw: '{"type":"sync"}',
    });
    expect(kept.get("other", sequence)).toBeUndefined();
  });

  it("is bounded", () => {
    const database = openDatabase(inMemory, { migrations: fluxEventMigrations, durable: false });
    const kept = new FluxEventLog(database);
    database.execute(
      "INSERT INTO flux_events (sequence, connection_id, daemon_id, body, raw) VALUES (30099, 'flux', 'shop', '{}', '')",
    );
    kept.append(event("shop", "old"), "");
    expect(kept.list({ connectionId: "flux", limit: 10 })).toHaveLength(2);
    database.execute(
      "INSERT INTO flux_events (sequence, connection_id, daemon_id, body, raw) VALUES (60099, 'flux', 'shop', '{}', '')",
    );
    kept.append(event("shop", "new"), "");
    expect(kept.list({ connectionId: "flux", limit: 10 }).map(({ sequence }) => sequence)).toEqual([
      60_100, 60_099,
    ]);
  });

  it("is bounded in bytes: the oldest go, and the newest stays", () => {
    const database = openDatabase(inMemory, { migrations: fluxEventMigrations, durable: false });
    const bytes = () =>
      Number(
        database.prepare("SELECT sum(octet_length(body) + octet_length(raw)) AS bytes FROM flux_events").get()
          ?.bytes,
      );
    const kept = new FluxEventLog(database, { rows: 1_000, bytes: 100_000, raw: 20_000 });
    for (let number = 1; number <= 500; number++) {
      kept.append(event("shop", `${number}`), "é".repeat(number % 7 === 0 ? 40_000 : 3_000));
      expect(bytes()).toBeLessThanOrEqual(100_000);
    }
    const summaries = kept.list({ connectionId: "flux", limit: 100 }).map(({ summary }) => summary);
    expect(summaries[0]).toBe("500");
    expect(summaries.length).toBeGreaterThan(5);
    kept.append({ ...event("shop", "huge"), workloads: Array(20_000).fill("shop:deployment/checkout") }, "");
    expect(kept.list({ connectionId: "flux", limit: 100 }).map(({ summary }) => summary)).toEqual(["huge"]);
  });

  it("keeps a text that is too long in part, and says so", () => {
    const kept = new FluxEventLog(
      openDatabase(inMemory, { migrations: fluxEventMigrations, durable: false }),
      {
        rows: 1_000,
        bytes: 100_000,
        raw: 10,
      },
    );
    const { sequence } = kept.append(event("shop", "long"), "x".repeat(25));
    expect(kept.get("flux", sequence)?.raw).toBe(`${"x".repeat(10)}\n… 15 more characters were not kept.`);
  });

  it("takes what was kept without a bound down to it when it is opened", () => {
    const database = openDatabase(inMemory, { migrations: fluxEventMigrations, durable: false });
    const before = new FluxEventLog(database);
    for (let number = 1; number <= 10; number++)
      before.append(event("shop", `${number}`), "x".repeat(10_000));
    const kept = new FluxEventLog(database, { rows: 1_000, bytes: 35_000, raw: 100_000 });
    const summaries = kept.list({ connectionId: "flux", limit: 100 }).map(({ summary }) => summary);
    expect(summaries).toEqual(["10", "9", "8"]);
  });
});

describe("Flux events of the time before they had a database of their own", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "switchyard-flux-events-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** The main database as it was, with this many events. */
  function mainWith(count: number): Database {
    const migrations = consoleMigrations.slice(0, 6);
    const main = openDatabase(join(directory, "switchyard.db"), { migrations, durable: true });
    const insert = main.prepare(
      "INSERT INTO flux_events (connection_id, daemon_id, body, raw) VALUES ('flux', 'shop', ?, ?)",
    );
    main.transaction(() => {
      for (let number = 1; number <= count; number += 1)
        insert.run([JSON.stringify(event("shop", `${number}`)), "x".repeat(1_000)]);
    });
    return main;
  }
  const summaries = (log: FluxEventLog) =>
    log.list({ connectionId: "flux", limit: 1_000 }).map(({ summary }) => summary);
  const open = () => openStorage(lockFolder(directory, "headless"));

  it("are taken over with their sequences, and are out of the main database", () => {
    mainWith(250).close();
    const storage = open();
    expect(storage.notices).toEqual([]);
    expect(summaries(storage.fluxEvents)).toHaveLength(250);
    expect(storage.fluxEvents.get("flux", 7)?.event.summary).toBe("7");
    expect(storage.fluxEvents.append(event("shop", "new"), "").sequence).toBe(251);
    storage.close();

    const options = { migrations: consoleMigrations, durable: true };
    const main = openDatabase(join(directory, "switchyard.db"), options);
    expect(main.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'flux_events'").all()).toEqual([]);
    main.close();
    const again = open();
    expect(summaries(again.fluxEvents)).toHaveLength(251);
    again.close();
  });

  it("are all there, once, where the console died between taking them over and taking them out", () => {
    const main = mainWith(250);
    const file = join(directory, "flux-events.db");
    const own = openDatabase(file, { migrations: fluxEventMigrations, durable: false });
    moveFluxEvents(main, own);
    own.close();
    main.close();
    const storage = open();
    expect(summaries(storage.fluxEvents)).toHaveLength(250);
    storage.close();
  });

  it("are the newest within the bounds", () => {
    const main = mainWith(250);
    const take = (bounds: object) => {
      const own = openDatabase(inMemory, { migrations: fluxEventMigrations, durable: false });
      moveFluxEvents(main, own, { ...fluxEventBounds, ...bounds });
      return summaries(new FluxEventLog(own));
    };
    expect(take({ rows: 120 })).toEqual(Array.from({ length: 120 }, (_, index) => `${250 - index}`));
    const few = take({ bytes: 10_000 });
    expect(few.slice(0, 2)).toEqual(["250", "249"]);
    expect(few.length).toBeLessThan(10);
    main.close();
  });
});
