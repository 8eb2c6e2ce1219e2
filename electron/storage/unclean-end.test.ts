import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkInWorker } from "./damage-watch.ts";
import { openDatabase } from "./database.ts";
import { metricMigrations } from "./migrations/index.ts";
import { OpenMark } from "./unclean-end.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-unclean-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const file = (name: string): string => join(directory, name);
const running = new AbortController().signal;

describe("the mark of open databases", () => {
  it("goes with a clean end, and stays after another one until the files were checked", () => {
    new OpenMark(directory).clear();
    expect(existsSync(file("switchyard.open"))).toBe(false);
    expect(new OpenMark(directory).wasUnclean).toBe(false);
    const unchecked = new OpenMark(directory);
    expect(unchecked.wasUnclean).toBe(true);
    unchecked.clear();
    const checked = new OpenMark(directory);
    expect(checked.wasUnclean).toBe(true);
    checked.checked();
    checked.clear();
    expect(new OpenMark(directory).wasUnclean).toBe(false);
  });

  it("tells the next start which files are damaged, whatever else it holds", () => {
    const mark = new OpenMark(directory);
    mark.recordDamage("metrics.db");
    mark.clear();
    expect(new OpenMark(directory).knownDamaged).toEqual(["metrics.db"]);
    writeFileSync(file("switchyard.open"), "{");
    expect(new OpenMark(directory)).toMatchObject({ wasUnclean: true, knownDamaged: [] });
  });
});

describe("the check beside the console", () => {
  it("reads a database that is in use, and changes nothing in it", async () => {
    const database = openDatabase(file("odd name #1?.db"), { migrations: metricMigrations, durable: false });
    database.execute("INSERT INTO metric_samples VALUES (1, 1, 1)");
    const bytes = readFileSync(database.file);
    await expect(checkInWorker(database.file, running)).resolves.toEqual({ finding: "ok" });
    expect(readFileSync(database.file).equals(bytes)).toBe(true);
    database.execute("INSERT INTO metric_samples VALUES (1, 2, 1)");
    database.close();
  });

  it("tells another trouble from damage, and stops when it is ended", async () => {
    await expect(checkInWorker(file("absent.db"), running)).resolves.toMatchObject({
      code: "",
      finding: expect.stringContaining("Unable to open"),
    });
    writeFileSync(file("text.db"), "name,colour\n".repeat(1_000));
    await expect(checkInWorker(file("text.db"), running)).resolves.toMatchObject({ code: "SQLITE_NOTADB" });
    const ended = new AbortController();
    const check = checkInWorker(file("text.db"), ended.signal);
    ended.abort();
    await expect(check).resolves.toBeUndefined();
  });
});
