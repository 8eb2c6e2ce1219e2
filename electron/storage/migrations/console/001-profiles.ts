import type { Migration } from "../../database.ts";

export const profiles: Migration = {
  name: "profiles",
  sql: `
    CREATE TABLE profiles (
      id TEXT PRIMARY KEY,
      body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
