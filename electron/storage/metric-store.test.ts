import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStorage, type Storage } from "./storage.ts";

const start = 1_700_000_000;
let directory: string;
let seconds: number;
let storage: Storage;

const open = () => openStorage(directory, () => seconds * 1_000);
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
