import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Failure } from "../../shared/contract/failure.ts";
import { type Migration, openDatabase } from "./database.ts";

const first: Migration = {
  name: "shelves",
  sql: "CREATE TABLE shelves (id INTEGER PRIMARY KEY, name TEXT);",
};
const second: Migration = { name: "colours", sql: "ALTER TABLE shelves ADD COLUMN colour TEXT;" };
const broken: Migration = {
  name: "broken",
  sql: "CREATE TABLE extra (id INTEGER); SELECT id FROM nowhere;",
};

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-database-"));
  file = join(directory, "some.db");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (migrations: readonly Migration[], durable = true) =>
  openDatabase(file, { migrations, durable });

describe("openDatabase", () => {
  test("applies the migrations that a file has not seen, and keeps its rows", () => {
    const before = open([first]);
    before.prepare("INSERT INTO shelves (name) VALUES (?)").run(["top"]);
    before.close();

    const after = open([first, second]);
    expect(after.prepare("SELECT name, colour FROM shelves").all()).toEqual([{ name: "top", colour: null }]);
    expect(after.prepare("PRAGMA user_version").get()).toMatchObject({ user_version: 2 });
    after.close();
  });

  test("takes a failing migration back as a whole", () => {
    open([first]).close();
    expect(() => open([first, broken])).toThrow(/nowhere/);

    const again = open([first]);
    expect(again.prepare("SELECT name FROM sqlite_schema WHERE name = 'extra'").all()).toEqual([]);
    again.close();
  });

  test("refuses the file of a newer version and leaves it as it is", () => {
    open([first, second]).close();
    const bytes = readFileSync(file);

    const attempt = () => open([first]);
    expect(attempt).toThrow(Failure);
    expect(attempt).toThrow(/newer Switchyard \(schema 2; this one knows 1\)/);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  test("flushes each commit to the disk only where that was asked for", () => {
    const durable = open([first]);
    expect(durable.prepare("PRAGMA synchronous").get()).toMatchObject({ synchronous: 2 });
    expect(durable.prepare("PRAGMA journal_mode").get()).toMatchObject({ journal_mode: "wal" });
    durable.close();
    const quick = open([first], false);
    expect(quick.prepare("PRAGMA synchronous").get()).toMatchObject({ synchronous: 1 });
    quick.close();
  });
});

describe("a transaction", () => {
  test("keeps all of its work or nothing, and hands the error on", () => {
    const database = open([first]);
    const insert = database.prepare("INSERT INTO shelves (name) VALUES (?)");
    expect(() =>
      database.transaction(() => {
        insert.run(["lost"]);
        throw new Error("changed my mind");
      }),
    ).toThrow("changed my mind");
    database.transaction(() => insert.run(["kept"]));
    expect(database.prepare("SELECT name FROM shelves").all()).toEqual([{ name: "kept" }]);
    database.close();
  });

  test("that is rolled back empties the caches of its database", () => {
    const database = open([first]);
    const cache = database.cache<string, number>();
    database.transaction(() => cache.set("kept", 1));
    expect(cache.get("kept")).toBe(1);
    const work = () => {
      cache.set("lost", 2);
      throw new Error("changed my mind");
    };
    expect(() => database.transaction(work)).toThrow("changed my mind");
    expect(cache.size).toBe(0);
    database.close();
  });
});
