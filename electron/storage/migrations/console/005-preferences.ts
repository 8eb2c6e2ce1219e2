import type { Migration } from "../../database.ts";

export const preferences: Migration = {
  name: "preferences",
  sql: `
    CREATE TABLE preferences (
      name TEXT PRIMARY KEY,
      body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
