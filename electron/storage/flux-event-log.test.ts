import { describe, expect, it } from "vitest";
import { inMemory, openDatabase } from "./database.ts";
import { FluxEventLog } from "./flux-event-log.ts";
import { consoleMigrations } from "./migrations/index.ts";

function log(): FluxEventLog {
  return new FluxEventLog(openDatabase(inMemory, { migrations: consoleMigrations, durable: false }));
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
    const database = openDatabase(inMemory, { migrations: consoleMigrations, durable: false });
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
    const database = openDatabase(inMemory, { migrations: consoleMigrations, durable: false });
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
    const kept = new FluxEventLog(openDatabase(inMemory, { migrations: consoleMigrations, durable: false }), {
      rows: 1_000,
      bytes: 100_000,
      raw: 10,
    });
    const { sequence } = kept.append(event("shop", "long"), "x".repeat(25));
    expect(kept.get("flux", sequence)?.raw).toBe(`${"x".repeat(10)}\n… 15 more characters were not kept.`);
  });

  it("takes what was kept without a bound down to it when it is opened", () => {
    const database = openDatabase(inMemory, { migrations: consoleMigrations, durable: false });
    const before = new FluxEventLog(database);
    for (let number = 1; number <= 10; number++)
      before.append(event("shop", `${number}`), "x".repeat(10_000));
    const kept = new FluxEventLog(database, { rows: 1_000, bytes: 35_000, raw: 100_000 });
    const summaries = kept.list({ connectionId: "flux", limit: 100 }).map(({ summary }) => summary);
    expect(summaries).toEqual(["10", "9", "8"]);
  });
});
