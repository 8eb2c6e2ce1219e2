import type { Migration } from "../../database.ts";

export const activitySeal: Migration = {
  name: "activity seal",
  sql: `
    CREATE TABLE activity_seal (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      sequence INTEGER NOT NULL,
      hash TEXT NOT NULL,
      mac TEXT NOT NULL
    ) STRICT;
  `,
};
