import { afterEach, beforeEach, expect, test } from "vitest";
import { type Database, inMemory, openDatabase } from "./database.ts";
import { consoleMigrations } from "./migrations/index.ts";
import { preferenceStore } from "./preference-store.ts";

let database: Database;
beforeEach(() => {
  database = openDatabase(inMemory, { migrations: consoleMigrations, durable: false });
});
afterEach(() => database.close());

const defaults = { notifyWhenSettled: true, keepActivities: { days: 365, atMost: 200_000 } };

test("gives what was saved, and before that the defaults", () => {
  const store = preferenceStore(database);
  expect(store.load()).toEqual(defaults);
  store.save({ notifyWhenSettled: false });
  expect(preferenceStore(database).load()).toEqual({ ...defaults, notifyWhenSettled: false });
});

test("keeps what a change does not name", () => {
  const store = preferenceStore(database);
  const keepActivities = { days: 3_650, atMost: 500_000 };
  store.save({ keepActivities });
  store.save({ notifyWhenSettled: false });
  expect(store.load()).toEqual({ notifyWhenSettled: false, keepActivities });
});

test.each(["", "{", '"yes"', "null"])(
  "what cannot be read (%s) is as if it had never been chosen",
  (body) => {
    const store = preferenceStore(database);
    database.prepare("INSERT INTO preferences (name, body) VALUES ('notifyWhenSettled', ?)").run([body]);
    database.prepare("INSERT INTO preferences (name, body) VALUES ('of a later version', '1')").run([]);
    expect(store.load()).toEqual(defaults);
  },
);
