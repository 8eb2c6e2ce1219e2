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
});
