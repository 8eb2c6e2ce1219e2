import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockFolder } from "./data-folder.ts";
import { openDatabase } from "./database.ts";
import { MetricStore } from "./metric-store.ts";
import { metricMigrations } from "./migrations/index.ts";
import { openStorage } from "./storage.ts";
import type { Storage } from "./stores.ts";

const start = 1_700_000_000;
let directory: string;
let seconds: number;
let storage: Storage;

const open = () => openStorage(lockFolder(directory, "headless"), () => seconds * 1_000);
const read = (stepSeconds = 60, more = {}) =>
  storage.metrics.read({ connectionId: "a", from: start, to: start + 86_400, stepSeconds, ...more });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-metrics-"));
  seconds = start;
  storage = open();
});
afterEach(() => {
  storage.close();
  rmSync(directory, { recursive: true, force: true });
});

describe("recorded figures", () => {
  it("come back as the mean of each step, also after a restart, and only those of the connection", () => {
    for (const value of [1, 3, 8]) {
      storage.metrics.append("a", [
        { family: "depth", subject: "mailers", value },
        { family: "lag", subject: "mailers", value: value * 10 },
      ]);
      storage.metrics.append("b", [{ family: "depth", subject: "mailers", value: 99 }]);
      seconds += 30;
    }
    storage.close();
    storage = open();
    expect(read(60, { family: "depth" })).toEqual([
      { family: "depth", subject: "mailers", step: 0, value: 2 },
      { family: "depth", subject: "mailers", step: 1, value: 8 },
    ]);
    expect(read(3_600, { subject: "mailers" })).toMatchObject([
      { family: "depth" },
      { family: "lag", value: 40 },
    ]);
    expect(read(60, { subject: "other" })).toEqual([]);
  });

  it("are forgotten after three days", () => {
    storage.metrics.append("a", [{ family: "depth", subject: "q", value: 1 }]);
    storage.close();
    seconds += 4 * 86_400;
    storage = open();
    storage.metrics.append("a", [{ family: "depth", subject: "q", value: 2 }]);
    expect(read(60)).toEqual([]);
  });
});

describe("a disk that is full", () => {
  const depth = (subject: string, value = 1) => ({ family: "depth", subject, value });

  it("keeps nothing of a failed batch, and gives no queue the figures of another one afterwards", () => {
    const file = join(directory, "full.db");
    const database = openDatabase(file, { migrations: metricMigrations, durable: false });
    const metrics = new MetricStore(database, () => seconds * 1_000);
    metrics.append("a", [depth("before")]);
    const pages = Number(database.prepare("PRAGMA page_count").get()?.page_count);
    database.prepare(`PRAGMA max_page_count = ${pages}`).all();
    const many = Array.from({ length: 5_000 }, (_, number) => depth(`queue ${number}`));
    expect(() => metrics.append("a", many)).toThrow(/full/);

    database.prepare("PRAGMA max_page_count = 1073741823").all();
    metrics.append("a", [depth("late", 7)]);
    metrics.append("a", [depth("queue 0", 99), depth("queue 1", 100)]);
    const span = { connectionId: "a", from: start, to: start + 60, stepSeconds: 60 };
    expect(metrics.read(span).map(({ subject, value }) => [subject, value])).toEqual([
      ["before", 1],
      ["late", 7],
      ["queue 0", 99],
      ["queue 1", 100],
    ]);
    database.close();
  });
});
