import { afterEach, beforeEach, expect, test } from "vitest";
import { type Database, inMemory, openDatabase } from "./database.ts";
import { consoleMigrations } from "./migrations/index.ts";
import { preferenceStore } from "./preference-store.ts";

let database: Database;
beforeEach(() => {
  database = openDatabase(inMemory, { migrations: consoleMigrations, durable: false });
});
afterEach(() => database.close());

test("gives what was saved, and before that what is usual", () => {
  const store = preferenceStore(database);
  expect(store.load()).toEqual({ notifyWhenSettled: true });
  store.save({ notifyWhenSettled: false });
  expect(preferenceStore(database).load()).toEqual({ notifyWhenSettled: false });
});

test.each(["", "{", '"yes"', "null"])(
  "what cannot be read (%s) is as if it had never been chosen",
  (body) => {
    const store = preferenceStore(database);
    database.prepare("INSERT INTO preferences (name, body) VALUES ('notifyWhenSettled', ?)").run([body]);
    database.prepare("INSERT INTO preferences (name, body) VALUES ('of a later version', '1')").run([]);
    expect(store.load()).toEqual({ notifyWhenSettled: true });
  },
);
