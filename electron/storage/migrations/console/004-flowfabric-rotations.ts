import type { Migration } from "../../database.ts";

export const flowfabricRotations: Migration = {
  name: "flowfabric-rotations",
  sql: `
    CREATE TABLE flowfabric_rotations (
      id TEXT PRIMARY KEY,
      connection_id TEXT NOT NULL,
      body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
